package org.ztp.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark of a kernel runs, the rejected ones too. What they say of speed needs longer runs. */
final class KernelsTest {
    private static final Set<String> KERNELS = Set.of("CodecKernel", "GaloisFieldKernel", "JournalKernel",
        "MerkleKernel", "RingKernel", "SharingKernel", "SignatureKernel", "TeamKernel");

    @Test
    void everyKernelRunsAndHasARejectedAlternative() throws RunnerException {
        final Collection<RunResult> results = new Runner(new OptionsBuilder().include("org\\.ztp\\.kernels\\..*")
            .forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1))
            .shouldFailOnError(true).verbosity(VerboseMode.SILENT).build()).run();
        assertEquals(KERNELS, kernels(results, ""));
        assertEquals(KERNELS, kernels(results, "rejected"));
        results.forEach(result -> assertTrue(result.getPrimaryResult().getScore() > 0, result.toString()));
    }

    private static Set<String> kernels(final Collection<RunResult> results, final String prefix) {
        return results.stream().map(result -> result.getParams().getBenchmark().split("\\."))
            .filter(name -> name[name.length - 1].startsWith(prefix)).map(name -> name[name.length - 2])
            .collect(Collectors.toSet());
    }
}
