package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;

/** What stands beside one another is measured alike; without MPI the other process is that of {@code ztp start}. */
final class TransportResultTest {
    @TempDir
    private Path directory;

    private BenchPlan plan(final Map<Setting, String> settings) {
        return new BenchPlan(4, 4, new Load(2, 8, 10, 64, 0), Configuration.with(settings), 1, 1, 0, Fault.NONE, 0, directory);
    }

    @Test
    void allOfThemAreAsWarm() throws IOException {
        final Map<Setting, String> memory = Map.of(Setting.DURABILITY, "memory");
        final List<String> progress = new ArrayList<>();
        final TransportResult result = TransportResult.run(plan(memory),
            plan(Map.of(Setting.DURABILITY, "memory", Setting.CHECKS, "each")),
            () -> LaunchedCluster.start(directory, 4, 4, memory, List.of("start")), progress::add);
        assertEquals(3, progress.stream().filter(line -> line.startsWith("warming up until little is compiled")).count(),
            progress.toString());
        final Map<String, Object> figures = result.document();
        for (final String figure : List.of("compilerFraction", "eachCompilerFraction", "mpiCompilerFraction", "mpiToLocal",
            "mpiToEach")) {
            assertTrue((Double) figures.get(figure) > 0, figure + " of " + figures);
        }
        assertTrue(result.text().contains("the compilers'"), result.text());
    }
}
