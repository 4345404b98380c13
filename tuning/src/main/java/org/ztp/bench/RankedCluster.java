package org.ztp.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cli.Main;
import org.ztp.client.Connection;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;
import org.ztp.client.ring.RingConnection;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.crypto.SystemRandomness;
import org.ztp.runtime.NewReplicas;
import org.ztp.wire.Hash;

/**
 * A new cluster in a temporary directory, run by {@code ztp launch} with a rank for each replica; clients reach it as users
 * do, through shared memory, each thread by a connection of its own. Closing it stops the ranks and removes the directory.
 */
final class RankedCluster implements ServiceHandler, AutoCloseable {
    private static final long STOP_SECONDS = 60;

    private final Path temporary;
    private final ClusterDirectory directory;
    private final Hash chain;
    private final Process launcher;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Connection> connection = ThreadLocal.withInitial(this::connect);

    private RankedCluster(final Path temporary, final ClusterDirectory directory, final Hash chain,
                          final Process launcher) {
        this.temporary = temporary;
        this.directory = directory;
        this.chain = chain;
        this.launcher = launcher;
    }

    /**
     * Makes and starts one.
     *
     * @param settings lines of its configuration
     */
    static RankedCluster start(final BenchPlan plan, final List<String> settings) throws IOException {
        final Path temporary = Files.createTempDirectory(plan.place(), "ztp-bench-");
        try {
            final ClusterDirectory directory = new ClusterDirectory(temporary.resolve("cluster"));
            final Genesis genesis = new ClusterCreation(new SystemRandomness(), System.currentTimeMillis())
                .create(directory.root(), plan.replicas(), plan.subClusterSize(), Genesis.Limits.DEFAULT, "");
            NewReplicas.prepare(directory, genesis);
            Files.write(directory.configurationFile(), settings);
            final RankedCluster cluster = new RankedCluster(temporary, directory, genesis.chain(),
                launch(directory, plan.replicas()));
            cluster.awaitReady();
            return cluster;
        } catch (final IOException | RuntimeException failure) {
            Cluster.delete(temporary);
            throw failure;
        }
    }

    private static Process launch(final ClusterDirectory directory, final int replicas) throws IOException {
        final List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "launch", "-n",
            Integer.toString(replicas), "--spares", "0", "--dir", directory.root().toString()));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
    }

    private void awaitReady() throws IOException {
        final BufferedReader said = new BufferedReader(new InputStreamReader(launcher.getInputStream(),
            StandardCharsets.UTF_8));
        String line = said.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = said.readLine();
        }
        if (line == null) {
            throw new CommandException(Exit.UNAVAILABLE, "the ranks did not start", "try: ztp launch; ztp doctor");
        }
    }

    Hash chain() {
        return chain;
    }

    private Connection connect() {
        try {
            final Connection made = RingConnection.connect(directory.root());
            connections.add(made);
            return made;
        } catch (final ServiceUnavailable gone) {
            throw new CommandException(Exit.UNAVAILABLE, gone.getMessage(), "did a rank die? see above");
        }
    }

    @Override
    public void handle(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        connection.get().call(request).whenComplete((answer, gone) -> reply.accept(gone == null ? answer
            : new ServiceReply.Refused(ServiceReply.Refused.Reason.UNAVAILABLE, gone.toString(), "")));
    }

    @Override
    public void close() throws IOException {
        connections.forEach(Connection::close);
        launcher.destroy();
        try {
            if (!launcher.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (final InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        Cluster.delete(temporary);
    }
}
