package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Main;
import org.ztp.config.Setting;

/**
 * Benchmarks in processes of their own that are told to stop in the middle: their files go, and what they started ends.
 */
@Timeout(180)
final class TemporaryDirectoryTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path directory;

    /** Serves a cluster in a process of its own, and waits to be told to stop. */
    static final class Served {
        private Served() {
        }

        public static void main(final String[] arguments) throws IOException {
            LaunchedCluster.start(Path.of(arguments[0]), 4, 4, Map.of(Setting.DURABILITY, "memory"), List.of("start"));
            System.out.println("serves");
            BenchRun.pause(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
        }
    }

    private Process start(final Path output, final String... words) throws IOException {
        final List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        all.addAll(List.of(words));
        return new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private void stop(final Process process, final Path place, final Path output) throws Exception {
        final List<ProcessHandle> started = process.children().toList();
        process.destroy();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(started.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> left = Files.list(place)) {
            assertEquals(List.of(), left.toList(), Files.readString(output));
        }
    }

    @Test
    void aBenchmarkThatIsToldToStopInTheMiddleLeavesNoFile() throws Exception {
        final Path place = Files.createDirectory(directory.resolve("place"));
        final Path output = directory.resolve("output");
        final Process bench = start(output, Main.class.getName(), "bench", "--dir", place.toString(), "--seconds",
            "100", "--warmup", "0", "--clients", "1", "--durability", "memory");
        Awaitility.await("it measures").atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() ->
            Files.readString(output).contains("measuring for"));
        stop(bench, place, output);
    }

    @Test
    void whoIsToldToStopBeforeTheDirectoryIsMadeMakesNone() throws Exception {
        final Path place = Files.createDirectory(directory.resolve("place"));
        final TemporaryDirectory late = new TemporaryDirectory(place.resolve("late"));
        late.removeAtOnce();
        assertThrows(IOException.class, late::create);
        final TemporaryDirectory early = new TemporaryDirectory(place.resolve("early"));
        early.create();
        Files.createDirectories(early.path().resolve("a/b"));
        early.removeAtOnce();
        try (Stream<Path> left = Files.list(place)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void oneThatStartedAServiceEndsItFirst() throws Exception {
        final Path place = Files.createDirectory(directory.resolve("place"));
        final Path output = directory.resolve("output");
        final Process bench = start(output, Served.class.getName(), place.toString());
        Awaitility.await("it serves").atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() ->
            Files.readString(output).contains("serves"));
        assertEquals(1, bench.children().count());
        stop(bench, place, output);
    }
}
