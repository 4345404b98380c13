package org.ztp.mpi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.ztp.storage.disk.DirectoryTree;

/**
 * Ranks in real processes under a real mpirun on this host. Each rank tells its pid in {@code pid.R}, what it sees in
 * {@code state.R}, and its result in {@code done.R}. Closing ends whatever is left and removes its shared memory.
 */
final class MpiJob implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Path directory;
    private final Path segments;
    private final Process process;
    private final int ranks;

    private MpiJob(final Path directory, final Path segments, final Process process, final int ranks) {
        this.directory = directory;
        this.segments = segments;
        this.process = process;
        this.ranks = ranks;
    }

    /** What {@code setup.sh} found. */
    static Properties found() {
        final Properties found = new Properties();
        try (var in = Files.newBufferedReader(Path.of(System.getProperty("ztp.mpi"), "mpi.properties"))) {
            found.load(in);
        } catch (final IOException missing) {
            throw new UncheckedIOException(missing);
        }
        return found;
    }

    /** Starts ranks that run a main of this package, whose first argument is the directory. */
    static MpiJob start(final Path directory, final int ranks, final Class<?> main, final String... arguments)
            throws IOException {
        final Path segments = Files.createTempDirectory(Path.of("/dev/shm"), "ztp-test-");
        final List<String> rank = java("-Xmx96m");
        rank.addAll(1, List.of("-Xms96m", "-XX:+AlwaysPreTouch")); // so that what grows is not the heap
        rank.addAll(1, List.of("-D" + Tether.TESTS + "=" + ProcessHandle.current().pid()));
        rank.addAll(List.of(main.getName(), directory.toString()));
        rank.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(new MpirunLine(Path.of(found().getProperty("MPIRUN")), ranks,
            Optional.of(segments)).words(rank));
        setEnvironment(builder);
        builder.redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile());
        return new MpiJob(directory, segments, builder.start(), ranks);
    }

    /** The words that start a JVM with what a rank needs. */
    static List<String> java(final String option) {
        final List<String> words = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), option, "-XX:+UseSerialGC",
            "-Xlog:disable", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Djava.library.path=" + found().getProperty("MPI_LIB"), "-Dztp.mpirun=" + found().getProperty("MPIRUN")));
        if (Runtime.version().feature() >= 24) {
            words.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        words.addAll(List.of("-cp", System.getProperty("surefire.test.class.path",
            System.getProperty("java.class.path"))));
        return words;
    }

    /** What {@code env.sh} sets, and what lets root run mpirun. */
    static void setEnvironment(final ProcessBuilder builder) {
        builder.environment().putAll(Map.of("UCX_ERROR_SIGNALS", "", "IPATH_NO_BACKTRACE", "1", "HFI_NO_BACKTRACE", "1",
            "OMPI_MCA_opal_event_include", "epoll", "OMPI_ALLOW_RUN_AS_ROOT", "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"));
    }

    /** Waits until a rank's state, as numbers by name, fulfils something. */
    Map<String, Long> await(final int rank, final String what, final Predicate<Map<String, Long>> condition) {
        Awaitility.await(what + " at rank " + rank).atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
            .failFast(() -> assertRunning(process.isAlive()))
            .until(() -> condition.test(state(rank)));
        return state(rank);
    }

    private void assertRunning(final boolean running) {
        if (!running) {
            throw new AssertionError("mpirun ended: " + output());
        }
    }

    /** What a rank said last. */
    Map<String, Long> state(final int rank) {
        final Map<String, Long> state = new HashMap<>();
        text("state." + rank).ifPresent(text -> text.lines().forEach(line ->
            state.put(line.substring(0, line.indexOf('=')), Long.parseLong(line.substring(line.indexOf('=') + 1)))));
        return state;
    }

    /** A rank's result, when it has one. */
    String done(final int rank) {
        Awaitility.await("rank " + rank + " is done").atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
            .failFast(() -> assertRunning(process.isAlive() || text("done." + rank).isPresent()))
            .until(() -> text("done." + rank).isPresent());
        return text("done." + rank).orElseThrow();
    }

    private Optional<String> text(final String file) {
        try {
            return Optional.of(Files.readString(directory.resolve(file)));
        } catch (final IOException notYet) {
            return Optional.empty();
        }
    }

    String output() {
        return text("output").orElse("");
    }

    /** Sends a signal to a rank. */
    void signal(final String signal, final int rank) throws IOException, InterruptedException {
        final String pid = text("pid." + rank).orElseThrow();
        if (new ProcessBuilder("kill", "-" + signal, pid).start().waitFor() != 0) {
            throw new IOException("kill -" + signal + " " + pid);
        }
    }

    /** Asks all ranks to end. */
    void askToEnd() throws IOException {
        Files.createFile(directory.resolve("end"));
    }

    /** Waits for mpirun to end by itself; its exit code. */
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("mpirun did not end: " + output());
        }
        return process.exitValue();
    }

    /** Files of shared memory that are left. */
    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(segments)) {
            return files.toList();
        }
    }

    /** Ends mpirun, and with it all ranks, and waits for that. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("mpirun did not end on SIGTERM: " + output());
        }
    }

    /** Ranks that still run. */
    List<Long> running() {
        final List<Long> running = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            text("pid." + rank).map(Long::parseLong).filter(MpiJob::isOurs).ifPresent(running::add);
        }
        return running;
    }

    private static boolean isOurs(final long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("org.ztp.");
        } catch (final IOException gone) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        running().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        DirectoryTree.delete(segments);
    }
}
