package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.ClientThread;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.runtime.Service;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp start}. */
@Command(name = "start", mixinStandardHelpOptions = true,
    description = "Run the service in the foreground; prints one line 'ready …' when it serves. SIGTERM drains it.")
final class StartCommand implements Callable<Integer> {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);

    @Mixin
    private Common common;
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration (default: DIR/ztp.conf).")
    private Path configurationFile;
    @Option(names = "--transport", paramLabel = "local|mpi", defaultValue = "local",
        description = "local: all replicas in this process; mpi: one on each rank (default: ${DEFAULT-VALUE}).")
    private String transport;
    @Option(names = "--allow-faults", hidden = true, description = "Let clients stop and disturb replicas, for tests.")
    private boolean allowFaults;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!transport.equals("local")) {
            throw new CommandException(Exit.USAGE, "transport: expected=local actual=" + transport,
                "this build has no MPI; build it where Open MPI is installed");
        }
        final ClusterDirectory directory = common.directory();
        final Genesis genesis = common.genesis();
        final Configuration configuration = common.configuration(configurationFile);
        final ClientPort port = ClientPort.open(directory.root(), PortLimits.of(configuration),
            new SecureRandom().nextLong() & Long.MAX_VALUE, System::nanoTime).orElseThrow(() -> new CommandException(
                Exit.UNAVAILABLE, "a service runs for " + directory.root() + " on this node already",
                "look at it with: ztp status"));
        final Service service;
        try {
            service = Services.start(directory, genesis, configuration, allowFaults);
        } catch (final CommandException cannot) {
            port.close();
            throw cannot;
        }
        throw serve(port, service, directory, genesis);
    }

    /** Returns only if it cannot serve any more; SIGTERM and SIGINT end the process with exit 0. */
    private CommandException serve(final ClientPort port, final Service service, final ClusterDirectory directory,
                       final Genesis genesis) throws InterruptedException {
        final CountDownLatch failed = new CountDownLatch(1);
        final AtomicReference<Throwable> cause = new AtomicReference<>();
        final ClientThread clients = new ClientThread(port, service, failure -> {
            cause.set(failure);
            failed.countDown();
        });
        final Thread drain = new Thread(() -> {
            common.say("stopping: what was taken in becomes final or stays in the journal");
            stop(clients, service);
            Runtime.getRuntime().halt(Exit.DONE.code());
        }, "ztp-stop");
        Runtime.getRuntime().addShutdownHook(drain);
        common.result(document(directory, genesis), "ready dir=" + directory.root() + " replicas="
            + genesis.replicas().size() + " sub-clusters=" + genesis.subClusters().size() + " chain=" + genesis.chain()
            + " pid=" + ProcessHandle.current().pid());
        failed.await();
        Runtime.getRuntime().removeShutdownHook(drain);
        stop(clients, service);
        return new CommandException(Exit.UNAVAILABLE, "clients cannot be served any more: " + cause.get(),
            "look at /dev/shm with: ztp doctor; then start it again");
    }

    private static void stop(final ClientThread clients, final Service service) {
        service.drain(DRAIN_NS);
        clients.close();
        service.close();
    }

    private static Map<String, Object> document(final ClusterDirectory directory, final Genesis genesis) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", directory.root().toString());
        document.put("replicas", genesis.replicas().size());
        document.put("subClusters", genesis.subClusters().size());
        document.put("chain", genesis.chain().toString());
        document.put("pid", ProcessHandle.current().pid());
        return document;
    }
}
