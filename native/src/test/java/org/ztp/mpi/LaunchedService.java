package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.ztp.cli.Program;
import org.ztp.wire.Hash;
import picocli.CommandLine;

/**
 * {@code ztp launch} in a process of its own with real ranks, and commands that use it. Closing ends whatever is left.
 */
final class LaunchedService implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(180);

    final Path cluster;
    final Path key;
    private final Path output;
    private final Path faults;
    private final int replicas;
    private List<String> own = List.of();
    private Process launcher;

    /** What a command said. */
    record Said(int exit, String out, String err) { }

    /** A new cluster's directory. */
    LaunchedService(final Path directory, final int replicas, final String... settings) throws IOException {
        this(directory, replicas, replicas, settings);
    }

    /** A new cluster's directory, of sub-clusters of this size. */
    LaunchedService(final Path directory, final int replicas, final int subClusterSize, final String... settings)
            throws IOException {
        this.replicas = replicas;
        cluster = directory.resolve("cluster");
        key = directory.resolve("key");
        output = directory.resolve("output");
        faults = directory.resolve("faults");
        assertEquals(0, ztp("init", "--dir", cluster, "--replicas", replicas, "--sub-cluster-size",
            subClusterSize).exit());
        assertEquals(0, ztp("keygen", key).exit());
        Files.write(cluster.resolve("ztp.conf"), List.of(settings));
    }

    /** Lets it have a process group of its own, as at a terminal, to {@link #interrupt} it; who ends the tests ends it not. */
    LaunchedService apart() {
        own = List.of("env", "--default-signal=INT", "setsid"); // who runs the tests in the background ignores interrupts
        return this;
    }

    /** Starts it and waits until it is ready. */
    LaunchedService launch(final int spares) throws IOException {
        return launch(spares, spares, List.of(), List.of());
    }

    /** Starts it with a heap that is all there from the start, so that what grows is not the heap. */
    LaunchedService launchWithFixedHeap(final int spares) throws IOException {
        return launch(spares, spares, List.of("-Xms256m", "-XX:+AlwaysPreTouch"), List.of());
    }

    /** Starts it so that {@link #plan} can let trouble come. */
    LaunchedService launchWithFaults(final int spares) throws IOException {
        return launchWithFaults(spares, spares);
    }

    /** The same, when so many of the spares are left as soon as it is ready. */
    LaunchedService launchWithFaults(final int spares, final int left) throws IOException {
        Files.createDirectories(faults);
        return launch(spares, left, List.of("-Dztp.faults=" + faults), List.of("--", "--allow-faults"));
    }

    /** Lets trouble come to a replica at a checkpoint. */
    Path plan(final int replica, final String pointAndHarm) throws IOException {
        return Files.createFile(Files.createDirectories(faults).resolve(replica + "." + pointAndHarm));
    }

    private LaunchedService launch(final int spares, final int left, final List<String> jvm, final List<String> start)
            throws IOException {
        final List<String> words = MpiJob.java("-Xmx256m");
        words.addAll(List.of(Tether.class.getName(), "launch", "-n", Integer.toString(replicas),
            "--spares", Integer.toString(spares), "-v", "--dir", cluster.toString()));
        words.addAll(start);
        words.addAll(1, jvm);
        words.add(1, "-XX:TieredStopAtLevel=1");
        words.add(1, "-D" + Tether.TESTS + "=" + ProcessHandle.current().pid());
        words.addAll(0, own);
        final ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        MpiJob.setEnvironment(builder);
        launcher = builder.start();
        try {
            Awaitility.await("ready").atMost(PATIENCE).failFast(() -> assertTrue(launcher.isAlive(), this::said))
                .until(() -> said().contains("ready dir=" + cluster + " replicas=" + replicas + " spares=" + left));
            return this;
        } catch (final RuntimeException | AssertionError notReady) { // nobody has it yet, to close it
            close();
            throw notReady;
        }
    }

    /** Runs a command in this process. */
    static Said ztp(final Object... words) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final CommandLine line = Program.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new Said(line.execute(arguments), out.toString(), err.toString());
    }

    /** Runs a command on this cluster. */
    Said run(final Object... words) {
        final List<Object> all = new ArrayList<>(List.of(words));
        all.add("--dir");
        all.add(cluster);
        return ztp(all.toArray());
    }

    /** Writes the ledger as {@code ztp log --json} tells it, which may be more than fits into memory. */
    private void writeLog(final Path file) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            assertEquals(0, Program.commandLine().setOut(out).execute("log", "--local", "--json", "--dir",
                cluster.toString()));
        }
    }

    /** What launcher and ranks have printed. */
    String said() {
        try {
            return Files.readString(output);
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Waits until launcher or ranks have printed these words. */
    void awaitLine(final String words) {
        Awaitility.await(words).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> said().contains(words));
    }

    Process launcher() {
        return launcher;
    }

    /** The process of a rank. */
    ProcessHandle process(final int rank) {
        final Matcher told = Pattern.compile("rank " + rank + " has pid ([0-9]+)").matcher(said());
        assertTrue(told.find(), this::said);
        return ProcessHandle.of(Long.parseLong(told.group(1))).orElseThrow(() -> new AssertionError("rank " + rank));
    }

    /** Sends a signal to a rank. */
    void signal(final String signal, final int rank) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process(rank).pid())).start().waitFor());
    }

    /** What {@code ztp status} says; empty while nobody answers. */
    Optional<Config> status() {
        final Said said = run("status", "--json");
        return said.exit() == 0 ? Optional.of(ConfigFactory.parseString(said.out())) : Optional.empty();
    }

    /** What {@code ztp status} says, as soon as somebody answers. */
    Config awaitStatus() {
        return Awaitility.await("status").atMost(PATIENCE).until(this::status, Optional::isPresent).orElseThrow();
    }

    /** How a replica stands, as the serving rank knows. */
    static Optional<Config> replica(final Config status, final int id) {
        return status.getConfigList("subClusters").stream().flatMap(group -> group.getConfigList("replicas").stream())
            .filter(one -> one.getInt("id") == id).map(Config.class::cast).findFirst();
    }

    /** Whether a replica takes part with its votes. */
    static boolean votes(final Config replica) {
        return replica.getString("state").equals("running") && !replica.getBoolean("mute");
    }

    /** Waits until a replica is as it should be, and how it is then. */
    Config awaitReplica(final int id, final String what, final Predicate<Config> wanted) {
        final List<Config> last = new ArrayList<>();
        Awaitility.await("replica " + id + " " + what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            last.clear();
            status().flatMap(status -> replica(status, id)).ifPresent(last::add);
            return !last.isEmpty() && wanted.test(last.get(0));
        });
        return last.get(0);
    }

    /** Waits until a replica runs again under this incarnation. */
    Config awaitIncarnation(final int id, final int incarnation) {
        return awaitReplica(id, "is incarnation " + incarnation, one -> one.getInt("incarnation") == incarnation
            && one.getString("state").equals("running"));
    }

    /** The leader as the serving rank sees it. */
    int leader() {
        final Config status = awaitStatus();
        return replica(status, status.getInt("servedByReplica")).orElseThrow().getInt("leader");
    }

    /** The rank that runs a replica. */
    int rankOf(final int replica) {
        return replica(awaitStatus(), replica).orElseThrow().getInt("rank");
    }

    /** So many records are in the ledger, each once, and the ledgers of all replicas verify. */
    void assertWhole(final int records) throws IOException {
        final Said verified = run("verify");
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        final Set<UUID> seen = new HashSet<>(); // of the transactions' names, as small as may be
        final Path log = cluster.resolveSibling("log");
        writeLog(log);
        try (Stream<String> told = Files.lines(log)) {
            told.filter(line -> line.contains("\"RECORD\"") && line.contains("ACCEPTED")).forEach(line ->
                assertTrue(seen.add(UUID.nameUUIDFromBytes(line.replaceAll(".*\"transaction\": ?\"([^\"]*)\".*", "$1")
                    .getBytes(StandardCharsets.UTF_8))), line));
        }
        assertEquals(records, seen.size());
    }

    /** Ends it as users do, and looks that nothing is left; its exit code. */
    int stop() throws InterruptedException, IOException {
        launcher.destroy();
        return awaitEnd();
    }

    /** Ends it as an interrupt at a terminal does, which all of its process group get; its exit code. */
    int interrupt() throws InterruptedException, IOException {
        assertEquals(0, new ProcessBuilder("kill", "-INT", "--", "-" + launcher.pid()).start().waitFor());
        return awaitEnd();
    }

    /** Waits for the launcher to end, and looks that nothing is left; its exit code. */
    int awaitEnd() throws InterruptedException, IOException {
        assertTrue(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), () -> "it does not end: " + said());
        assertEquals(List.of(), running());
        assertEquals(List.of(), inSharedMemory());
        return launcher.exitValue();
    }

    /** What mpirun, ranks and clients share in memory, Open MPI's temporary directory among it. */
    List<Path> inSharedMemory() throws IOException {
        final Path meeting = meetingPlace();
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.toString().contains("/ztp-mpi-" + launcher.pid() + "-")
                || file.equals(meeting)).toList();
        }
    }

    /** Where ranks and clients on this host meet. */
    Path meetingPlace() throws IOException {
        final Hash name = Hash.sha256(cluster.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
        return Path.of("/dev/shm").resolve("ztp-" + Files.getAttribute(cluster, "unix:uid") + "-"
            + HexFormat.of().formatHex(name.toBytes(), 0, 8));
    }

    /** Processes of ranks that still run. */
    List<Long> running() {
        final List<Long> running = new ArrayList<>();
        final Matcher told = Pattern.compile("rank [0-9]+ has pid ([0-9]+)").matcher(said());
        while (told.find()) {
            ProcessHandle.of(Long.parseLong(told.group(1))).filter(ProcessHandle::isAlive)
                .ifPresent(one -> running.add(one.pid()));
        }
        return running;
    }

    @Override
    public void close() {
        if (launcher == null || !launcher.isAlive()) {
            return;
        }
        running().forEach(LaunchedService::wake);
        launcher.destroy(); // by force it could not end mpirun and the ranks
        try {
            if (!launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void wake(final long pid) {
        try {
            new ProcessBuilder("kill", "-CONT", Long.toString(pid)).start();
        } catch (final IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
