package org.ztp.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.StateDiffersException;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.state.TakenBundles;
import org.ztp.release.ReleaseAction;
import org.ztp.storage.StorageException;
import org.ztp.team.Team;
import org.ztp.transport.Network;
import org.ztp.wire.Hash;

/**
 * The replicas of one sub-cluster that are in this process, with the ingest that feeds them. What a client hands in goes to the
 * replica that leads, or to any that runs; if that one fails before the batch has spread, the bundle is driven again
 * through another.
 */
final class GroupNode implements AutoCloseable {
    private static final long RENEW_AGAIN_MILLIS = 500;
    private static final long RENEW_AGAIN_MOST_MILLIS = 60_000;
    private static final long CALM_NS = 180_000_000_000L;
    private static final long DEAD_NS = 2_000_000_000L;

    private final GroupSetting setting;
    private final Network network;
    private final Submissions submissions = new Submissions();
    private final FinalFeed feed;
    private final Ingest ingest;
    private final DutyThread ingestThread;
    private final Roster roster;
    private final Driving driving;
    private final Releases releases;
    private final FaultHook faults;
    private final ExecutorService readers;
    /** Held while a replica is stopped or started; never by threads that commits wait for. */
    private final Object lives = new Object();
    /** Lives that are to be followed by new ones; changed under {@code lives}. */
    private final Set<Replica> renewed = ConcurrentHashMap.newKeySet();
    /** When the disk of each replica failed last, and how long was rested then. Guarded by {@code lives}. */
    private final Map<Integer, Rest> rests = new HashMap<>();
    /** Replicas whose index was built anew in this process since their state was not the quorum's. */
    private final Set<Integer> rebuilt = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;
    private volatile String failure = "";
    private volatile long archivedHeight;
    /** When a look found that no replica lives or is to be started again; 0 while one is. */
    private long deadSinceNs;

    private record Rest(long atNs, long millis) { }

    /** How a replica's life is started; the node decides when. */
    interface Birth {
        /** Opens the store of a replica and makes its next life. */
        Replica next(int replica, Replica.Surroundings surroundings);
    }

    /**
     * What a group is given.
     *
     * @param group who orders the chain
     * @param here members that are in this process
     * @param network how they reach each other and those elsewhere
     * @param birth starts replicas
     * @param ingest how batches are made
     * @param batchesInFlight most batches not final
     * @param pendingBytes most bytes of bundles not final
     * @param bundleBytes longest bundle that is taken in here
     * @param idleTurns how often threads look again before they rest
     * @param belongs whether a bundle may be on the chain, whoever took it in
     * @param finals told of each final block by each replica
     * @param archiveFirst whether clients are told only of what the archive has
     * @param heals whether a replica that its disk has ended is started again here; else another process takes it over
     */
    record GroupSetting(Group group, List<Integer> here, Network network, Birth birth, Ingest.Settings ingest,
                        int batchesInFlight, long pendingBytes, long bundleBytes, int idleTurns,
                        Predicate<Bundle> belongs, Consumer<Action.Finalized> finals, boolean archiveFirst,
                        boolean heals) { }

    GroupNode(final GroupSetting setting, final Team team, final ClientSignatures clients,
              final FaultHook faults, final ExecutorService readers) {
        this.setting = setting;
        if (setting.archiveFirst()) {
            submissions.holdAbove(0);
        }
        this.network = setting.network();
        this.faults = faults;
        this.readers = readers;
        roster = new Roster(setting.group());
        feed = new FinalFeed(submissions, this::answerDuplicate);
        ingest = new Ingest(setting.ingest(), team, setting.group().chain(), clients, setting.belongs(),
            new Admission());
        releases = new Releases(roster::gateway, setting.group().faults());
        driving = new Driving(submissions, feed, ingest, releases, roster, setting.ingest().batchBytes());
        ingestThread = new DutyThread("ztp-ingest-" + setting.group().subCluster(), faults.planned().before(
            driving, setting.here().get(0), PlannedFaults.Point.INGEST), setting.idleTurns(), cause -> {
                failure = cause.toString();
                faults.report(-1, -1, "INGEST_FAILED", failure);
            });
    }

    GroupNode start() {
        try {
            for (final int id : setting.here()) {
                final Replica replica = setting.birth().next(id, this.new Node());
                roster.put(replica);
                feed.startAt(replica.standing().finalHeight());
            }
        } catch (final RuntimeException failure) {
            roster.replicas().forEach(Replica::cut);
            throw failure;
        }
        roster.replicas().forEach(this::join);
        ingestThread.start();
        return this;
    }

    private void join(final Replica replica) {
        network.join(replica.id(), replica::onParcel);
        replica.start();
    }

    /** Takes a bundle in; the reply comes when it is final. */
    void submit(final byte[] bundle, final Consumer<ServiceReply> reply) {
        if (draining) {
            reply.accept(new Refused(Refused.Reason.UNAVAILABLE, "the service is stopping", "try again soon"));
        } else if (bundle.length > setting.bundleBytes()) {
            reply.accept(new Refused(Refused.Reason.BAD_REQUEST, "bundle: limit=" + setting.bundleBytes()
                + " bytes actual=" + bundle.length, "hand in smaller bundles, or raise limits.bundle-bytes"));
        } else if (submissions.bytes() + ingest.heldBytes() > setting.pendingBytes()
            || !ingest.offer(new Ingest.Submission(bundle, reply))) {
            reply.accept(new ServiceReply.Busy(5));
        } else {
            ingestThread.signal();
        }
    }

    /** Asks for keys; the reply comes when they are accumulated, or refused. */
    void release(final Releases.Asking asking, final Consumer<ServiceReply> reply) {
        releases.ask(asking, reply);
    }

    /** Why nothing more can be taken in; empty while it can. */
    String failure() {
        return failure;
    }

    /**
     * Why this process had better end, so that whoever started it sees that: nothing can be taken in, or for some seconds no
     * replica has lived and none is to be started again. Empty while it is of use. One thread.
     */
    String over() {
        final List<Replica> all = roster.replicas();
        final boolean dead = renewed.isEmpty() && all.stream().noneMatch(one -> one.haltedBecause().isEmpty());
        final long nowNs = System.nanoTime();
        deadSinceNs = !dead ? 0 : deadSinceNs == 0 ? nowNs : deadSinceNs;
        return !failure.isEmpty() ? "nothing can be taken in: " + failure
            : dead && nowNs - deadSinceNs > DEAD_NS ? "no replica lives: " + all.get(0).haltedBecause() : "";
    }

    Group group() {
        return setting.group();
    }

    /** The archive has all up to this height; what it has is what clients are told of, if that is what final means. */
    void archived(final long height) {
        archivedHeight = Math.max(archivedHeight, height);
        if (setting.archiveFirst()) {
            submissions.archived(height);
        }
    }

    /** Up to which height the archive has all, as far as this node knows. */
    long archivedHeight() {
        return archivedHeight;
    }

    Submissions submissions() {
        return submissions;
    }

    FinalFeed feed() {
        return feed;
    }

    /** The replicas of this group that are here. */
    Roster roster() {
        return roster;
    }

    /** A replica whose index holds all that clients were told is final, or after some seconds the one that is furthest. */
    Optional<Replica> upToDateReader() {
        return roster.upToDateReader(feed.height());
    }

    /** Stops a replica as if the power were cut. */
    void cut(final int id) {
        synchronized (lives) {
            network.leave(id);
            renewed.remove(roster.replica(id));
            roster.replica(id).cut();
        }
        faults.report(-1, id, "STOPPED", "by request");
        redrive();
    }

    /** Lets a replica hang or go on. */
    void hang(final int id, final boolean hangs) {
        roster.replica(id).hang(hangs);
    }

    /** Lets a replica go on: one that hangs as it is, one that was stopped or has halted in a new life. */
    void resume(final int id) {
        synchronized (lives) {
            if (roster.replica(id).condition().equals("hung")) {
                hang(id, false);
            } else if (!roster.replica(id).isRunning() && !draining) {
                restart(id);
            }
        }
    }

    /**
     * Lets a replica that runs go on in a new life; however often a life asks for the next, there is one. A life that
     * cannot begin, since its disk is full perhaps, is tried again later and later, unless people stop the replica or let it
     * go on meanwhile.
     */
    private void renew(final Replica life) {
        synchronized (lives) {
            if (life.isRunning()) {
                follow(life, RENEW_AGAIN_MILLIS);
            }
        }
    }

    /** A replica that its disk has ended is started again, later and later if that fails it again soon. */
    private void heal(final Replica life) {
        synchronized (lives) {
            final long nowNs = System.nanoTime();
            final Rest before = rests.get(life.id());
            final long millis = before == null || nowNs - before.atNs() > CALM_NS ? RENEW_AGAIN_MILLIS
                : Math.min(2 * before.millis(), RENEW_AGAIN_MOST_MILLIS);
            rests.put(life.id(), new Rest(nowNs, millis));
            renewed.add(life);
            if (!draining) {
                rest(life, millis);
            }
            if (renewed.contains(life)) {
                follow(life, millis);
            }
        }
    }

    private void follow(final Replica life, final long firstRestMillis) {
        final int id = life.id();
        renewed.add(life);
        long restMillis = firstRestMillis;
        while (!draining && roster.replica(id) == life && renewed.contains(life)) {
            try {
                restart(id);
                redrive();
            } catch (final RuntimeException failure) {
                faults.report(id, id, "NOT_RENEWED", failure + "; again in " + restMillis + " ms");
                redrive();
                rest(life, restMillis);
                restMillis = Math.min(2 * restMillis, RENEW_AGAIN_MOST_MILLIS);
            }
        }
        renewed.remove(life);
    }

    /** Lets others have {@link #lives} for so long, or until the service ends. */
    private void rest(final Replica life, final long millis) {
        try {
            lives.wait(millis);
        } catch (final InterruptedException ended) {
            Thread.currentThread().interrupt();
            renewed.remove(life);
        }
    }

    /** The others go on while it reads its journal: that may take long. */
    private void restart(final int id) {
        network.leave(id);
        roster.replica(id).cut();
        final Replica next = setting.birth().next(id, this.new Node());
        roster.put(next);
        join(next);
    }

    /** Lets everything that waits be driven through another replica at once. */
    private void redrive() {
        driving.again();
        ingestThread.signal();
    }

    /** Takes nothing more in, and waits for what was taken in to become final, at most so long. */
    void drain(final long nanos) {
        draining = true;
        final long limit = System.nanoTime() + nanos;
        while (submissions.count() > 0 && roster.hasQuorum() && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        draining = true;
        ingestThread.stop();
        synchronized (lives) {
            lives.notifyAll();
            for (final Replica replica : roster.replicas()) {
                network.leave(replica.id());
                end(replica);
            }
        }
        releases.close();
        submissions.completeAll(new Refused(Refused.Reason.UNAVAILABLE, "the service stopped",
            "submit again: what was taken in is in the journal, and nothing happens twice"));
    }

    /** Whatever fails now takes nothing that was durable; the others are ended all the same. */
    private void end(final Replica replica) {
        try {
            if (replica.isRunning() || replica.condition().equals("hung")) {
                replica.close();
            } else {
                replica.cut();
            }
        } catch (final RuntimeException failed) {
            faults.report(replica.id(), replica.id(), "NOT_CLOSED", failed.toString());
            letGo(replica);
        }
    }

    private void letGo(final Replica replica) {
        try {
            replica.cut();
        } catch (final RuntimeException failed) {
            faults.report(replica.id(), replica.id(), "NOT_LET_GO", failed.toString());
        }
    }

    private void answerDuplicate(final Hash id) {
        try {
            readers.execute(() -> submissions.bundle(id).ifPresent(
                bytes -> submissions.complete(id, new DuplicateAnswer(roster::reader).of(bytes))));
        } catch (final RejectedExecutionException closing) {
            submissions.complete(id, new Refused(Refused.Reason.UNAVAILABLE, "the service is stopping", "try again"));
        }
    }

    /** What becomes of bundles and batches that the ingest has made. */
    private final class Admission implements Ingest.Sink {
        private final TakenBundles taken = new TakenBundles();

        @Override
        public boolean hasRoom() {
            return feed.openBatches() < setting.batchesInFlight();
        }

        @Override
        public boolean isIdle() {
            return feed.openBatches() == 0;
        }

        @Override
        public boolean admit(final Bundle bundle, final byte[] bytes, final Consumer<ServiceReply> reply) {
            final boolean fresh = submissions.register(bundle.id(), bytes, reply, System.nanoTime());
            final LedgerState newest = roster.newestState();
            if (fresh && newest != null && taken.contains(newest, bundle)) {
                answerDuplicate(bundle.id());
                return false;
            }
            return fresh;
        }

        @Override
        public void made(final BatchRef ref, final Batch batch) {
            roster.gateway().ifPresent(replica -> {
                feed.expect(ref.root());
                replica.post(new Event.BatchMade(ref, batch));
            });
        }
    }

    /** What a replica finds around it. */
    private final class Node implements Replica.Surroundings {
        @Override
        public void check(final Batch batch, final BatchRef expected, final Consumer<Boolean> done) {
            if (ingest.check(new Ingest.Check(batch, expected, done))) {
                ingestThread.signal();
            }
        }

        @Override
        public void finalized(final Action.Finalized said) {
            feed.finalized(said);
            setting.finals().accept(said);
            ingestThread.signal();
        }

        @Override
        public boolean serve(final Runnable reading) {
            try {
                readers.execute(() -> {
                    try {
                        reading.run();
                    } catch (final RuntimeException failure) {
                        faults.report(-1, -1, "READING_FAILED", failure.toString());
                    }
                });
                return true;
            } catch (final RejectedExecutionException busy) {
                faults.report(-1, -1, "READERS_BUSY", "a peer asks again");
                return false;
            }
        }

        @Override
        public void answered(final int replica, final ReleaseAction answer) {
            releases.answered(answer);
        }

        @Override
        public void renew(final Replica life) {
            begin(life, GroupNode.this::renew);
        }

        /** On a thread of its own, since the one that asks for it ends meanwhile. */
        private void begin(final Replica life, final Consumer<Replica> next) {
            final Thread renewing = new Thread(() -> next.accept(life), "ztp-renew-" + life.id());
            renewing.setDaemon(true);
            renewing.start();
        }

        @Override
        public boolean rebuilds(final int replica, final StateDiffersException cause) {
            if (!rebuilt.add(replica)) {
                return false;
            }
            faults.report(replica, replica, "STATE_DIFFERS", cause.getMessage() + "; the index is built anew");
            return true;
        }

        @Override
        public void halted(final int replica, final Throwable cause) {
            network.leave(replica);
            faults.report(replica, replica, "HALTED", cause.toString());
            redrive();
            if (setting.heals() && cause instanceof StorageException disk && disk.kind() != StorageException.Kind.CORRUPT) {
                begin(roster.replica(replica), GroupNode.this::heal);
            }
        }
    }
}
