package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class TetherTest {
    @TempDir
    private Path directory;

    /** A service that would run for ever, started by tests that are killed. */
    @Test
    void aProcessEndsWithTheTestsThatHaveStartedIt() throws Exception {
        final Path cluster = directory.resolve("cluster");
        assertEquals(0, LaunchedService.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        final Process tests = new ProcessBuilder("cat").start();
        final List<String> words = MpiJob.java("-Xmx256m");
        words.addAll(1, List.of("-D" + Tether.TESTS + "=" + tests.pid(), "-XX:TieredStopAtLevel=1"));
        words.addAll(List.of(Tether.class.getName(), "start", "--dir", cluster.toString()));
        final Process service = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = service.inputReader()) {
            assertTrue(out.readLine().startsWith("ready "));
            tests.destroyForcibly();
            assertTrue(service.waitFor(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } finally {
            tests.destroyForcibly();
            service.destroyForcibly();
        }
    }
}
