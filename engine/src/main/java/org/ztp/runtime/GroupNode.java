package org.ztp.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.consensus.Action;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.state.TakenBundles;
import org.ztp.release.ReleaseAction;
import org.ztp.team.Team;
import org.ztp.transport.Network;
import org.ztp.wire.Hash;

/**
 * The replicas of one sub-cluster that are in this process, with the ingest that feeds them. What a client hands in goes to the
 * replica that leads, or to any that runs; if that one fails before the batch has spread, the bundle is driven again
 * through another.
 */
final class GroupNode implements AutoCloseable {
    /** So long a bundle that is too far ahead may wait for what is on its way. */
    private static final long GAP_PATIENCE_NS = 5_000_000_000L;

    private final GroupSetting setting;
    private final Submissions submissions = new Submissions();
    private final Flights flights = new Flights(this::post);
    private final FinalFeed feed;
    private final Ingest ingest;
    private final DutyThread ingestThread;
    private final Roster roster;
    private final Driving driving;
    private final BatchTags tags;
    private final Releases releases;
    private final ReadingThreads readers;
    private final Lives lives;
    private final Rot rot;
    private volatile boolean draining;
    private volatile String failure = "";
    private volatile long archivedHeight;

    /**
     * What a group is given.
     *
     * @param group who orders the chain
     * @param here members that are in this process
     * @param network how they reach each other and those elsewhere
     * @param birth starts replicas
     * @param ingest how batches are made
     * @param batchesInFlight most batches not final
     * @param limits what is taken in of bundles
     * @param idleTurns how often threads look again before they rest
     * @param belongs whether a bundle may be on the chain, whoever took it in
     * @param finals told of each final block by each replica
     * @param archiveFirst whether clients are told only of what the archive has
     * @param heals whether a replica that its disk has ended is started again here; else another process takes it over
     * @param elsewhere up to which height a member that another process runs has all blocks; empty if that is not known
     */
    record GroupSetting(Group group, List<Integer> here, Network network, Lives.Birth birth, Ingest.Settings ingest,
                        int batchesInFlight, BundleLimits limits, int idleTurns, Predicate<Bundle> belongs,
                        Consumer<Action.Finalized> finals, boolean archiveFirst, boolean heals,
                        IntFunction<OptionalLong> elsewhere) { }

    GroupNode(final GroupSetting setting, final Team team, final ClientSignatures clients,
              final FaultHook faults, final ReadingThreads readers) {
        this.setting = setting;
        if (setting.archiveFirst()) {
            submissions.holdAbove(0);
        }
        this.readers = readers;
        roster = new Roster(setting.group());
        tags = new BatchTags(roster::isOneBehind);
        lives = new Lives(roster, setting.network(), id -> setting.birth().next(id, this.new Node()), setting.heals(), faults,
            this::redrive);
        rot = new Rot(setting.group().members(), roster, setting.elsewhere(), faults);
        feed = new FinalFeed(submissions, flights, this::answerDuplicate);
        final Admission admission = new Admission();
        ingest = new Ingest(setting.ingest(), team, setting.group().chain(), clients, setting.belongs(), admission);
        releases = new Releases(roster::gateway, setting.group().faults());
        driving = new Driving(submissions, flights, admission::settles, ingest, releases,
            () -> roster.gateway().map(Replica::id).orElse(-1), System::nanoTime);
        ingestThread = new DutyThread("ztp-ingest-" + setting.group().subCluster(), faults.planned().before(
            driving, setting.here().get(0), PlannedFaults.Point.INGEST), setting.idleTurns(), cause -> {
                failure = cause.toString();
                faults.report(-1, -1, "INGEST_FAILED", failure);
            });
    }

    GroupNode start() {
        lives.open(setting.here());
        roster.replicas().forEach(replica -> feed.startAt(replica.standing().finalHeight()));
        lives.start();
        ingestThread.start();
        return this;
    }

    /** Takes a bundle in; the reply comes when it is final. */
    void submit(final byte[] bundle, final Consumer<ServiceReply> reply) {
        if (draining) {
            reply.accept(new Refused(Refused.Reason.UNAVAILABLE, "the service is stopping", "try again soon"));
            return;
        }
        final Optional<ServiceReply> refusal = setting.limits().refusal(bundle, submissions.bytes() + ingest.heldBytes());
        if (refusal.isPresent()) {
            reply.accept(refusal.get());
        } else if (ingest.offer(new Ingest.Submission(bundle, reply))) {
            ingestThread.signal();
        } else {
            reply.accept(BundleLimits.busy());
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
        return failure.isEmpty() ? lives.over() : "nothing can be taken in: " + failure;
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

    /** Batches of this node that are not final. */
    int openBatches() {
        return flights.count();
    }

    /** The replicas of this group that are here. */
    Roster roster() {
        return roster;
    }

    /** What batches were that were checked while one of the replicas was behind. */
    BatchTags tags() {
        return tags;
    }

    /** Who stops them and lets them go on. */
    Lives lives() {
        return lives;
    }

    /** Lets everything that waits be driven through another replica at once. */
    private void redrive() {
        driving.again();
        ingestThread.signal();
    }

    /** Takes nothing more in, and waits for what was taken in to become final, at most so long. */
    void drain(final long nanos) {
        draining = true;
        lives.last();
        final long limit = System.nanoTime() + nanos;
        while (submissions.count() > 0 && roster.hasQuorum() && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        draining = true;
        lives.last();
        ingestThread.stop();
        lives.close();
        releases.close();
        submissions.completeAll(new Refused(Refused.Reason.UNAVAILABLE, "the service stopped",
            "submit again: what was taken in is in the journal, and nothing happens twice"));
    }

    private boolean post(final Event.BatchMade made) {
        final Optional<Replica> gateway = roster.gateway();
        gateway.ifPresent(replica -> replica.post(made));
        return gateway.isPresent();
    }

    private void answerDuplicate(final Hash id) {
        submissions.bundle(id).ifPresent(bytes -> readers.ask(
            last -> roster.reader().flatMap(reader -> DuplicateAnswer.of(bytes, reader)),
            answer -> submissions.complete(id, answer)));
    }

    /** What becomes of bundles and batches that the ingest has made. */
    private final class Admission implements Ingest.Sink {
        private final TakenBundles taken = new TakenBundles();

        @Override
        public boolean hasRoom() {
            return flights.count() < setting.batchesInFlight();
        }

        @Override
        public boolean isIdle() {
            return flights.count() == 0;
        }

        @Override
        public boolean admit(final Bundle bundle, final byte[] bytes, final Consumer<ServiceReply> reply) {
            return submissions.register(bundle.id(), bytes, reply, System.nanoTime()) && !settles(bundle, 0);
        }

        /**
         * Answers a bundle that belongs into no batch, as the newest state says: since it was taken in before, or is too far
         * ahead. So no batch becomes final in which a bundle does not count that is to count later, in the same batch again.
         * What it is too far ahead of may be among the others that are open: then it is looked at again, for some seconds.
         */
        private boolean settles(final Bundle bundle, final long ageNs) {
            final LedgerState newest = roster.newestState();
            final Outcome.Code code = newest == null ? Outcome.Code.ACCEPTED : taken.outcome(newest, bundle);
            if (code == Outcome.Code.DUPLICATE) {
                answerDuplicate(bundle.id());
            } else if (code == Outcome.Code.TOO_FAR_AHEAD && submissions.count() > 1 && ageNs < GAP_PATIENCE_NS) {
                driving.soon(bundle.id());
            } else if (code == Outcome.Code.TOO_FAR_AHEAD) {
                submissions.complete(bundle.id(),
                    new Submitted(Submitted.Status.TOO_FAR_AHEAD, bundle.id(), 0, List.of()));
            }
            return code != Outcome.Code.ACCEPTED;
        }

        @Override
        public void checked(final BatchRef ref, final Batch batch) {
            tags.add(ref, batch);
        }

        @Override
        public void made(final BatchRef ref, final Batch batch) {
            if (flights.send(ref, batch, System.nanoTime(), Flights.PATIENCE_NS) == Flights.Sent.WAS_FINAL) {
                batch.bundles().forEach(bundle -> driving.soon(bundle.id()));
            }
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
        public BatchHashing hashing() {
            return tags.hashing(setting.group().chain());
        }

        @Override
        public void finalized(final Action.Finalized said) {
            feed.finalized(said);
            setting.finals().accept(said);
            ingestThread.signal();
        }

        @Override
        public boolean serve(final Runnable reading) {
            return readers.serve(reading);
        }

        @Override
        public void answered(final int replica, final ReleaseAction answer) {
            releases.answered(answer);
        }

        @Override
        public void renew(final Replica life) {
            lives.renew(life);
        }

        @Override
        public boolean rebuilds(final int replica, final Throwable cause) {
            return lives.rebuilds(replica, cause);
        }

        @Override
        public boolean cutsRot(final Replica life, final String place) {
            return rot.cuts(life, place);
        }

        @Override
        public void halted(final int replica, final Throwable cause) {
            lives.halted(replica, cause);
        }
    }
}
