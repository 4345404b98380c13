package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.ClientThread;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.runtime.Rehearsal;
import org.ztp.runtime.Seat;
import org.ztp.runtime.Service;
import org.ztp.runtime.Succession;
import org.ztp.transport.PeerState;
import org.ztp.transport.TransportSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp start}. */
@Command(name = "start", mixinStandardHelpOptions = true,
    description = "Run the service in the foreground; prints one line 'ready …' when it serves. SIGTERM drains it.")
final class StartCommand implements Callable<Integer> {
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_MILLIS = 250;
    /** So often a spare that has a role, and cannot serve it now, tries again. */
    private static final long AGAIN_MILLIS = 2_000;
    /** So long it does if another spare may be better placed. */
    private static final long ALONE_NS = TimeUnit.SECONDS.toNanos(60);
    /** A launcher gives up ranks that say nothing for some times as long. */
    private static final long TELL_MILLIS = 15_000;

    /** Held while a rank's service starts, and when it ends: a life that has begun is there to be handed over. */
    private final Object starting = new Object();
    /** Guarded by that: nothing is started any more. */
    private boolean ending;
    /** Of the thread that starts: whether it has said that it has to wait, and since when it has its role. */
    private boolean delayed;
    private long seatedNs;
    private final CountDownLatch failed = new CountDownLatch(1);
    private final AtomicReference<Throwable> cause = new AtomicReference<>();
    private final AtomicReference<ClientThread> clients = new AtomicReference<>();
    private final AtomicReference<Claim> claim = new AtomicReference<>();
    private final AtomicReference<Service> service = new AtomicReference<>();
    private final AtomicReference<Rehearsal> rehearsal = new AtomicReference<>();

    @Mixin
    private Common common;
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration (default: DIR/ztp.conf).")
    private Path configurationFile;
    @Option(names = "--transport", paramLabel = "local|mpi", defaultValue = "local",
        description = "local: all replicas in this process; mpi: one on each rank, beside spare ranks (default: ${DEFAULT-VALUE}).")
    private String transport;
    @Option(names = "--allow-faults", hidden = true, description = "Let clients stop and disturb replicas, for tests.")
    private boolean allowFaults;

    @Override
    public Integer call() throws Exception {
        final ClusterDirectory directory = common.directory();
        final Genesis genesis = common.genesis();
        final Configuration configuration = common.configuration(configurationFile);
        final Optional<Ranks> ranks = transport.equals("local") ? Optional.empty()
            : Optional.of(join(directory, genesis, configuration));
        final Thread drain = new Thread(() -> {
            common.say("stopping: what was taken in becomes final or stays in the journal");
            final int exit = end(directory, ranks);
            LauncherWatch.endLauncherLeftAlone();
            Runtime.getRuntime().halt(exit);
        }, "ztp-stop");
        final NodePort port = new NodePort(directory, configuration, common::say);
        if (ranks.isEmpty()) {
            start(directory, genesis, configuration, ranks, port.open());
            Runtime.getRuntime().addShutdownHook(drain);
        } else {
            Runtime.getRuntime().addShutdownHook(drain);
            tellJoined(directory, ranks.get());
            LauncherWatch.start(common::say, () -> System.exit(Exit.DONE.code()));
            ranks.get().succession().over().thenAccept(StartCommand::endAtOnce);
            try {
                awaitSeat(ranks.get(), directory, configuration);
                final StillGoing telling = new StillGoing(() -> common.further("starting dir=" + directory.root()
                    + " rank=" + ranks.get().transport().rank()), TELL_MILLIS);
                try {
                    while (!startRank(directory, genesis, configuration, ranks, port)) {
                        awaitOthers(AGAIN_MILLIS);
                    }
                } finally {
                    telling.close();
                }
            } catch (final Exception | Error cannot) { // the hook would end this as if it were in order
                takeBack(drain);
                endRehearsal();
                ranks.get().close();
                throw cannot;
            }
        }
        throw serve(ranks, drain, document(directory, genesis, ranks), port::openIfPossible);
    }

    /** Tells the launcher that this rank is there: until all are, one that does not come holds up all others. */
    private Ranks join(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration) {
        Claim.requireForRank(directory);
        common.further("joining dir=" + directory.root() + " pid=" + ProcessHandle.current().pid() + node());
        return Ranks.join(transport, directory, genesis, configuration, watcher(), common::say);
    }

    /** Tells the launcher that all are there, and who this one is: it can be told to stop from now on. */
    private void tellJoined(final ClusterDirectory directory, final Ranks joined) {
        common.further("joined dir=" + directory.root() + seat(joined) + " rank=" + joined.transport().rank()
            + " pid=" + ProcessHandle.current().pid() + node());
    }

    /**
     * Starts what this rank serves. A spare that has taken a role is that incarnation, and nobody else can be: what may pass
     * is waited for, until another incarnation ends this process, or some time if another spare is there.
     *
     * @return false if it is to be tried again
     */
    private boolean startRank(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                              final Optional<Ranks> ranks, final NodePort port) throws IOException {
        synchronized (starting) {
            if (ending) {
                return false; // the hook halts this process
            }
            try {
                start(directory, genesis, configuration, ranks, port.openIfPossible());
                return true;
            } catch (final CommandException cannot) {
                final Succession own = ranks.orElseThrow().succession();
                final boolean alone = own.spares() == 0 || System.nanoTime() - seatedNs < ALONE_NS;
                if (own.seat().join().incarnation().rank() < genesis.replicas().size() || !alone || !Services.mayPass(cannot)) {
                    throw cannot;
                }
                if (!delayed) {
                    delayed = true;
                    common.say("the role cannot be served yet: " + cannot.getMessage() + "; it is tried again");
                }
                return false;
            }
        }
    }

    private void awaitOthers(final long millis) throws InterruptedException {
        if (failed.await(millis, TimeUnit.MILLISECONDS)) {
            throw new CommandException(Exit.UNAVAILABLE, "the other ranks cannot be reached: " + cause.get(), "");
        }
    }

    private void start(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                       final Optional<Ranks> ranks, final Optional<ClientPort> port) throws IOException {
        if (configuration.localDirectory().isPresent() && configuration.archiveDirectory().isEmpty()) {
            common.say("local.dir without archive.dir: what is lost with the nodes is in no archive, and all of the ledger is handed"
                + " over when the service ends");
        }
        if (port.isEmpty() && ranks.isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, "a service runs for " + directory.root()
                + " on this node already", "look at it with: ztp status");
        }
        try {
            if (ranks.isEmpty()) {
                claim.set(Claim.ofProcess(directory));
            }
            service.set(Services.start(directory, genesis, configuration, allowFaults, ranks.map(Ranks::succession)));
        } catch (final CommandException cannot) {
            if (port.isPresent()) {
                port.get().close();
            }
            endClaim();
            throw cannot;
        }
        port.ifPresent(open -> clients.set(serve(open)));
    }

    /**
     * Only one of the two ends the process: this thread, or the hook, which a signal has started and which halts it.
     */
    private static void takeBack(final Thread hook) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException signalled) {
            hook.join();
        }
    }

    /** Another process runs this one's replica, or it cannot go on: not a word or a byte more. */
    private static void endAtOnce(final String reason) {
        System.err.println("ztp: " + reason);
        System.err.println("hint: a spare takes its role over, or start it again; nothing was lost");
        System.err.flush();
        Runtime.getRuntime().halt(Exit.UNAVAILABLE.code());
    }

    /** A spare waits until it has a role; it is ready at once, and rehearses meanwhile. */
    private void awaitSeat(final Ranks ranks, final ClusterDirectory directory, final Configuration configuration)
            throws Exception {
        final Succession succession = ranks.succession();
        if (succession.seat().isDone()) {
            return;
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", directory.root().toString());
        document.put("spare", true);
        document.put("rank", ranks.transport().rank());
        document.put("pid", ProcessHandle.current().pid());
        common.result(document, "ready dir=" + directory.root() + " spare=true rank="
            + ranks.transport().rank() + " pid=" + ProcessHandle.current().pid() + node());
        rehearsal.set(Rehearsal.start(Path.of(System.getProperty("java.io.tmpdir")), configuration, common::say));
        while (!succession.seat().isDone()) {
            awaitOthers(LOOK_MILLIS / 10);
        }
        seatedNs = System.nanoTime();
        rehearsal.get().end();
        final Incarnation own = succession.seat().join().incarnation();
        common.further("takes over replica=" + own.role() + " incarnation=" + own.number() + " rank=" + own.rank() + " pid="
            + ProcessHandle.current().pid());
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

    private ClientThread serve(final ClientPort port) {
        return new ClientThread(port, service.get(), service.get().faults()::reportClient, this::fail);
    }

    private void fail(final Throwable failure) {
        cause.compareAndSet(null, failure);
        failed.countDown();
    }

    /**
     * Returns only if it cannot serve any more; SIGTERM and SIGINT end the process with exit 0. Of several ranks on a
     * node one has the port for clients; when it is gone, another takes the port over.
     */
    private CommandException serve(final Optional<Ranks> ranks, final Thread drain, final Map<String, Object> document,
                                   final Supplier<Optional<ClientPort>> ports) throws Exception {
        final String ready = "ready dir=" + document.get("dir") + " replicas=" + document.get("replicas")
            + " sub-clusters=" + document.get("subClusters") + " chain=" + document.get("chain")
            + (ranks.isEmpty() ? "" : " replica=" + document.get("replica") + " incarnation="
            + document.get("incarnation") + " rank=" + document.get("rank")) + " pid=" + document.get("pid") + node();
        if (rehearsal.get() == null) {
            common.result(document, ready);
        } else { // a spare was ready before
            common.further(ready);
        }
        while (!failed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (clients.get() == null) {
                ports.get().ifPresent(open -> clients.set(serve(open)));
            }
            final String over = ranks.isEmpty() ? service.get().over() : ""; // a rank is ended by its succession
            if (!over.isEmpty()) {
                fail(new IllegalStateException(over));
            }
        }
        takeBack(drain);
        stop(ranks);
        return new CommandException(Exit.UNAVAILABLE, "clients or peers cannot be served any more: " + cause.get(),
            "look at /dev/shm with: ztp doctor; then start it again");
    }

    /** The node of a Slurm job that this is, for the launcher. */
    private static String node() {
        return Optional.ofNullable(System.getenv("SLURMD_NODENAME")).map(node -> " node=" + node).orElse("");
    }

    /** Stops in order, and says so, or what did not end in order; the exit code. */
    private int end(final ClusterDirectory directory, final Optional<Ranks> ranks) {
        final Runnable tell = () -> ranks.ifPresent(
            joined -> common.further("stopping dir=" + directory.root() + " rank=" + joined.transport().rank()));
        tell.run();
        final List<String> unfinished = new ArrayList<>();
        final StillGoing telling = new StillGoing(tell, TELL_MILLIS);
        try {
            synchronized (starting) {
                ending = true;
                stop(ranks);
            }
        } catch (final RuntimeException failure) { // whatever it is, nobody else is left to tell it
            unfinished.add(failure.toString());
        } finally {
            telling.close();
        }
        Optional.ofNullable(service.get()).map(Service::unfinished).ifPresent(unfinished::addAll);
        if (unfinished.isEmpty()) {
            tellStopped(directory, ranks);
            return Exit.DONE.code();
        }
        ranks.ifPresent(joined -> common.further("not stopped in order dir=" + directory.root() + seat(joined) + " rank="
            + joined.transport().rank() + " pid=" + ProcessHandle.current().pid()));
        return common.error(new CommandException(Exit.UNAVAILABLE, String.join("; ", unfinished),
            "what is final is in the journals on this node all the same: mend that, and start it here again"));
    }

    /** The role of a rank, if it has one. */
    private static String seat(final Ranks ranks) {
        return Optional.ofNullable(ranks.succession().seat().getNow(null)).map(Seat::incarnation)
            .map(own -> " replica=" + own.role() + " incarnation=" + own.number()).orElse("");
    }

    /** Says how far the ledger came here. */
    private void tellStopped(final ClusterDirectory directory, final Optional<Ranks> ranks) {
        final List<Long> heights = service.get() == null ? List.of() : service.get().finalHeights();
        common.further("stopped dir=" + directory.root() + " height=" + heights.stream().map(String::valueOf)
            .collect(Collectors.joining(",")) + ranks.map(joined -> " rank=" + joined.transport().rank()).orElse(""));
    }

    private void stop(final Optional<Ranks> ranks) {
        final Service running = service.get();
        if (running != null) {
            running.drain(DRAIN_NS);
        }
        if (clients.get() != null) {
            clients.get().close();
        }
        if (running != null) {
            running.close();
        }
        endRehearsal();
        ranks.ifPresent(Ranks::close);
        endClaim();
    }

    private void endClaim() {
        if (claim.get() != null) {
            claim.get().end(common::say);
        }
    }

    private void endRehearsal() {
        if (rehearsal.get() != null) {
            rehearsal.get().close();
        }
    }

    private static Map<String, Object> document(final ClusterDirectory directory, final Genesis genesis,
                                                final Optional<Ranks> ranks) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ready", true);
        document.put("dir", directory.root().toString());
        document.put("replicas", genesis.replicas().size());
        document.put("subClusters", genesis.subClusters().size());
        document.put("chain", genesis.chain().toString());
        document.put("pid", ProcessHandle.current().pid());
        ranks.map(joined -> joined.succession().seat().join().incarnation()).ifPresent(own -> {
            document.put("rank", own.rank());
            document.put("replica", own.role());
            document.put("incarnation", own.number());
        });
        Optional.ofNullable(System.getenv("SLURMD_NODENAME")).ifPresent(node -> document.put("node", node));
        return document;
    }
}
