package org.ztp.bench;

import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cli.Main;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceUnavailable;
import org.ztp.client.ring.RingConnection;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.Genesis;
import org.ztp.config.Setting;
import org.ztp.crypto.SystemRandomness;
import org.ztp.runtime.NewReplicas;
import org.ztp.wire.Hash;

/** A new cluster that a command of this program serves, in processes of its own; reached as any client reaches it. */
final class LaunchedCluster implements ServedCluster {
    private static final long READY_NS = 150_000_000_000L;
    private static final long LOOK_NS = 50_000_000L;
    private static final long STOP_SECONDS = 60;
    private static final int CONNECTIONS = 2;
    /** A connection of a benchmark is that of half its clients: what they have in flight is theirs to say. */
    private static final String REQUESTS = "65536";

    private final TemporaryDirectory temporary;
    private final Path output;
    private final Process process;
    private final Hash chain;
    private final List<RingConnection> connections = new ArrayList<>();

    private LaunchedCluster(final TemporaryDirectory temporary, final Path output, final Process process, final Hash chain) {
        this.temporary = temporary;
        this.output = output;
        this.process = process;
        this.chain = chain;
    }

    /**
     * Makes a cluster and starts it.
     *
     * @param place an existing directory, in which the cluster's is made
     * @param replicas of the cluster
     * @param subClusterSize replicas of a sub-cluster
     * @param settings its configuration, where it differs from the defaults; as many requests of a connection as are
     *     allowed at all may be in progress, if it does not say otherwise
     * @param command what serves it, such as {@code launch -n 4}; {@code --dir} is added
     * @throws IOException if a file cannot be written
     * @throws CommandException if the command ends or says nothing instead of serving
     */
    static LaunchedCluster start(final Path place, final int replicas, final int subClusterSize,
                                 final Map<Setting, String> settings, final List<String> command) throws IOException {
        final TemporaryDirectory temporary = TemporaryDirectory.in(place);
        try {
            final Path root = temporary.path().resolve("cluster");
            final Genesis genesis = new ClusterCreation(new SystemRandomness(), System.currentTimeMillis(),
                NewReplicas::prepare).create(root, replicas, subClusterSize, Genesis.Limits.DEFAULT,
                    text(settings));
            final Path output = temporary.path().resolve("output");
            final Process process = new ProcessBuilder(words(command, root)).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
            final LaunchedCluster cluster = new LaunchedCluster(temporary, output, process, genesis.chain());
            temporary.endFirst(cluster::end);
            cluster.connect(root);
            return cluster;
        } catch (final IOException | RuntimeException failure) {
            temporary.close();
            throw failure;
        }
    }

    /** The same with a rank of MPI for each replica. */
    static LaunchedCluster ranks(final Path place, final int replicas, final int subClusterSize,
                                 final Map<Setting, String> settings) throws IOException {
        return start(place, replicas, subClusterSize, settings,
            List.of("launch", "-n", Integer.toString(replicas), "--spares", "0"));
    }

    private static String text(final Map<Setting, String> settings) {
        final Map<Setting, String> all = new EnumMap<>(Map.of(Setting.CLIENT_REQUESTS, REQUESTS));
        all.putAll(settings);
        return all.entrySet().stream()
            .map(entry -> entry.getKey().key() + " = " + ConfigUtil.quoteString(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    }

    private static List<String> words(final List<String> command, final Path root) {
        final List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        words.addAll(command);
        words.addAll(List.of("--dir", root.toString()));
        return words;
    }

    /** Waits until it serves, then connects. */
    private void connect(final Path root) throws IOException {
        final long limitNs = System.nanoTime() + READY_NS;
        try {
            while (!Files.readString(output).contains("ready dir=")) {
                if (!process.isAlive() || System.nanoTime() - limitNs > 0) {
                    throw new CommandException(Exit.UNAVAILABLE, "the service did not start: "
                        + firstWords(Files.readAllLines(output)), "try: ztp launch; ztp doctor");
                }
                BenchRun.pause(LOOK_NS);
            }
            while (connections.size() < CONNECTIONS) {
                connections.add(RingConnection.connect(root));
            }
        } catch (final ServiceUnavailable unreachable) {
            stop();
            throw new CommandException(Exit.UNAVAILABLE, unreachable.getMessage(), "try: ztp launch; ztp doctor");
        } catch (final IOException | CommandException failure) {
            stop();
            throw failure;
        }
    }

    /** The first line that is more than a rule of dashes. */
    private static String firstWords(final List<String> lines) {
        return lines.stream().map(String::strip).filter(line -> line.chars().anyMatch(Character::isLetter)).findFirst()
            .orElse("it said nothing");
    }

    /** The processes that serve now. */
    Stream<ProcessHandle> processes() {
        return process.descendants();
    }

    @Override
    public Hash chain() {
        return chain;
    }

    /** Each thread keeps to one connection. */
    @Override
    public ServiceHandler handler() {
        return (request, reply) -> connections.get((int) (Thread.currentThread().getId() % CONNECTIONS)).call(request)
            .whenComplete((answer, failure) -> reply.accept(failure == null ? answer
                : (ServiceReply) new Refused(Refused.Reason.UNAVAILABLE, String.valueOf(failure.getMessage()), "")));
    }

    /** Lets clients go, and ends the process. */
    private void stop() {
        connections.forEach(RingConnection::close);
        end();
    }

    /** Ends the process: by SIGTERM, and by SIGKILL if it takes more than a minute. */
    private void end() {
        process.destroy();
        boolean interrupted = false;
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException hurry) {
            process.destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        temporary.close();
    }
}
