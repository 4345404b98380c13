package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.ClientThread;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.runtime.Service;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp start}. */
@Command(name = "start", mixinStandardHelpOptions = true,
    description = "Run the service in the foreground; prints one line 'ready …' when it serves. SIGTERM drains it.")
final class StartCommand implements Callable<Integer> {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LEAVE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_MILLIS = 250;

    private final CountDownLatch failed = new CountDownLatch(1);
    private final AtomicReference<Throwable> cause = new AtomicReference<>();
    private final AtomicReference<ClientThread> clients = new AtomicReference<>();

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
    public Integer call() throws Exception {
        final ClusterDirectory directory = common.directory();
        final Genesis genesis = common.genesis();
        final Configuration configuration = common.configuration(configurationFile);
        final Optional<RankTransport> ranks = transport.equals("local") ? Optional.empty()
            : Optional.of(Ranks.join(transport, genesis, configuration, watcher()));
        final Optional<ClientPort> port = port(directory, configuration);
        if (port.isEmpty() && ranks.isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, "a service runs for " + directory.root()
                + " on this node already", "look at it with: ztp status");
        }
        final Service service;
        try {
            service = Services.start(directory, genesis, configuration, allowFaults, ranks);
        } catch (final CommandException cannot) {
            if (port.isPresent()) {
                port.get().close();
            }
            ranks.ifPresent(joined -> joined.close(LEAVE_NS));
            throw cannot;
        }
        port.ifPresent(open -> clients.set(new ClientThread(open, service, this::fail)));
        throw serve(service, ranks, document(directory, genesis, ranks), () -> port(directory, configuration));
    }

    private static Optional<ClientPort> port(final ClusterDirectory directory, final Configuration configuration)
            throws IOException {
        return ClientPort.open(directory.root(), PortLimits.of(configuration),
            new SecureRandom().nextLong() & Long.MAX_VALUE, System::nanoTime);
    }

    private TransportSetting.Watcher watcher() {
        return new TransportSetting.Watcher() {
            @Override
            public void changed(final int rank, final PeerState.Condition condition) {
                common.say("rank " + rank + " is " + condition.name().toLowerCase(Locale.ROOT));
            }

            @Override
            public void failed(final Throwable failure) {
                fail(failure);
            }
        };
    }

    private void fail(final Throwable failure) {
        cause.compareAndSet(null, failure);
        failed.countDown();
    }

    /**
     * Returns only if it cannot serve any more; SIGTERM and SIGINT end the process with exit 0. Of several ranks on a node
     * one has the port for clients; when it is gone, another takes the port over.
     */
    private CommandException serve(final Service service, final Optional<RankTransport> ranks,
                                   final Map<String, Object> document, final Callable<Optional<ClientPort>> ports)
            throws Exception {
        final Thread drain = new Thread(() -> {
            common.say("stopping: what was taken in becomes final or stays in the journal");
            stop(service, ranks);
            tellStopped(service, document);
            Runtime.getRuntime().halt(Exit.DONE.code());
        }, "ztp-stop");
        Runtime.getRuntime().addShutdownHook(drain);
        common.result(document, "ready dir=" + document.get("dir") + " replicas=" + document.get("replicas")
            + " sub-clusters=" + document.get("subClusters") + " chain=" + document.get("chain")
            + ranks.map(joined -> " rank=" + joined.rank()).orElse("") + " pid=" + document.get("pid")
            + Optional.ofNullable(document.get("node")).map(node -> " node=" + node).orElse(""));
        while (!failed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (clients.get() == null) {
                ports.call().ifPresent(open -> clients.set(new ClientThread(open, service, this::fail)));
            }
        }
        Runtime.getRuntime().removeShutdownHook(drain);
        stop(service, ranks);
        return new CommandException(Exit.UNAVAILABLE, "clients or peers cannot be served any more: " + cause.get(),
            "look at /dev/shm with: ztp doctor; then start it again");
    }

    /** Says how far the ledger came here. */
    private void tellStopped(final Service service, final Map<String, Object> document) {
        final List<Long> heights = service.finalHeights();
        final Map<String, Object> told = new LinkedHashMap<>();
        told.put("stopped", true);
        told.put("dir", document.get("dir"));
        told.put("heights", heights);
        Optional.ofNullable(document.get("rank")).ifPresent(rank -> told.put("rank", rank));
        common.result(told, "stopped dir=" + document.get("dir") + " height=" + heights.stream().map(String::valueOf)
            .collect(Collectors.joining(",")) + Optional.ofNullable(document.get("rank")).map(rank -> " rank=" + rank)
            .orElse(""));
    }

    private void stop(final Service service, final Optional<RankTransport> ranks) {
        service.drain(DRAIN_NS);
        if (clients.get() != null) {
            clients.get().close();
        }
        service.close();
        ranks.ifPresent(joined -> joined.close(LEAVE_NS));
    }

    private static Map<String, Object> document(final ClusterDirectory directory, final Genesis genesis,
                                                final Optional<RankTransport> ranks) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", directory.root().toString());
        document.put("replicas", genesis.replicas().size());
        document.put("subClusters", genesis.subClusters().size());
        document.put("chain", genesis.chain().toString());
        document.put("pid", ProcessHandle.current().pid());
        ranks.ifPresent(joined -> document.put("rank", joined.rank()));
        Optional.ofNullable(System.getenv("SLURMD_NODENAME")).ifPresent(node -> document.put("node", node));
        return document;
    }
}
