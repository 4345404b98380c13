package org.ztp.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.ztp.simulation.SimulatedCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp simulate}. */
@Command(name = "simulate", mixinStandardHelpOptions = true,
    description = "Run the consensus code of a whole sub-cluster in one thread from one seed, on a simulated network, disk and "
        + "clock that fail, with replicas that lie, and check the ledger's promises after every step. Exit 5 if one is broken.")
final class SimulateCommand implements Callable<Integer> {
    private static final int SECONDS = 6;
    private static final int BUNDLES_PER_SECOND = 20;

    @Mixin
    private Common common;
    @Option(names = "--seed", paramLabel = "S", required = true, description = "The first seed.")
    private long seed;
    @Option(names = "--seeds", paramLabel = "K", defaultValue = "1",
        description = "How many seeds, one after another (default: ${DEFAULT-VALUE}).")
    private int seeds;
    @Option(names = "--steps", paramLabel = "N", defaultValue = "0",
        description = "End each run after so many steps; 0 lets everything heal and waits for it (default: ${DEFAULT-VALUE}).")
    private long steps;
    @Option(names = "--trace", paramLabel = "FILE",
        description = "Write each step of the first run that breaks a promise, or of the only one, here.")
    private Path trace;

    /**
     * What one seed came to.
     *
     * @param seed the seed
     * @param counts what happened
     * @param violation the promise that was broken; empty for none
     */
    private record Run(long seed, Map<String, Integer> counts, String violation) { }

    @Override
    public Integer call() throws IOException {
        if (seeds < 1 || steps < 0) {
            throw new CommandException(Exit.USAGE, "out of range: --seeds " + seeds + " --steps " + steps,
                "--seeds is 1 or more, --steps 0 or more");
        }
        final List<Run> runs = LongStream.range(seed, seed + seeds).parallel().mapToObj(this::run).toList();
        final Map<String, Long> sums = new TreeMap<>();
        runs.forEach(run -> run.counts().forEach((what, count) -> sums.merge(what, (long) count, Long::sum)));
        final List<Run> broken = runs.stream().filter(run -> !run.violation().isEmpty()).toList();
        if (trace != null && (seeds == 1 || !broken.isEmpty())) {
            traceOf(broken.isEmpty() ? seed : broken.get(0).seed());
        }
        tell(sums, broken);
        if (!broken.isEmpty()) {
            throw new CommandException(Exit.UNVERIFIED, "seed " + broken.get(0).seed() + ": " + broken.get(0).violation(),
                "again, step by step: ztp simulate --seed " + broken.get(0).seed()
                    + (steps == 0 ? "" : " --steps " + steps) + " --trace FILE");
        }
        return Exit.DONE.code();
    }

    private void tell(final Map<String, Long> sums, final List<Run> broken) {
        if (common.isJson()) {
            final Map<String, Object> document = new LinkedHashMap<>();
            document.put("seed", seed);
            document.put("seeds", seeds);
            document.put("violations", broken.size());
            document.put("counts", sums);
            common.line(Json.of(document));
            return;
        }
        if (seeds == 1) {
            common.line(new SimulatedCluster(seed).faults());
        }
        sums.forEach((what, count) -> common.line(what + ": " + count));
        broken.forEach(run -> common.line("seed " + run.seed() + ": " + run.violation()));
        common.line(seeds + (seeds == 1 ? " seed, " : " seeds, ") + broken.size()
            + (broken.size() == 1 ? " violation" : " violations"));
    }

    private Run run(final long one) {
        final SimulatedCluster cluster = new SimulatedCluster(one);
        try {
            return new Run(one, limited(cluster).run(SECONDS, BUNDLES_PER_SECOND), "");
        } catch (final RuntimeException violation) {
            return new Run(one, Map.of(), String.valueOf(violation.getMessage()));
        }
    }

    private SimulatedCluster limited(final SimulatedCluster cluster) {
        return steps == 0 ? cluster : cluster.stoppedAfter(steps);
    }

    private void traceOf(final long one) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(trace))) {
            try {
                limited(new SimulatedCluster(one)).tracedTo(out::println).run(SECONDS, BUNDLES_PER_SECOND);
            } catch (final RuntimeException violation) {
                out.println(violation);
            }
        }
    }
}
