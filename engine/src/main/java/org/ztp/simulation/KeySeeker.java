package org.ztp.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.state.StateReader;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.SeekerRelease;
import org.ztp.release.SingleResult;

/**
 * Who asks for the keys of one request until they are here, or the ledger says that they never will be. Trusts nobody:
 * what comes is compared with the secrets; a wrong sum is followed by single shares, and only liars may be named.
 */
final class KeySeeker {
    private static final long PATIENCE_NS = 3 * Timeline.SECOND;
    private static final long PAUSE_NS = Timeline.SECOND / 5;

    final Submitted request;
    private final Allocation world;
    private final SharingModel model;
    private final List<SimulatedReplica> replicas;
    private final Consumer<Evidence> record;
    private final Request asked;
    private boolean singly;
    private boolean done;
    private long token;

    /**
     * A seeker.
     *
     * @param record takes evidence against a replica
     */
    KeySeeker(final Submitted request, final Allocation world, final SharingModel model,
              final List<SimulatedReplica> replicas, final Consumer<Evidence> record) {
        this.request = request;
        this.world = world;
        this.model = model;
        this.replicas = replicas;
        this.record = record;
        asked = (Request) request.what();
    }

    /** Whether it has its keys, or knows that it will not get them. */
    boolean isDone() {
        return done;
    }

    /** Asks some replica, and another one if that does not answer. */
    void ask() {
        final List<SimulatedReplica> up = replicas.stream().filter(SimulatedReplica::isUp).toList();
        token = world.random.nextLong() & Long.MAX_VALUE;
        final long mine = token;
        if (!done && !up.isEmpty()) {
            up.get(world.random.nextInt(up.size())).sharing().orElseThrow().step(singly
                ? new ReleaseEvent.AskedSingly(mine, request.transaction(), asked.chunks(), Set.of())
                : new ReleaseEvent.Asked(mine, request.transaction(), Set.of()));
        }
        world.timeline.at(world.timeline.nowNs() + PATIENCE_NS, () -> {
            if (!done && token == mine) {
                ask();
            }
        });
    }

    private void again() {
        token = 0;
        world.timeline.at(world.timeline.nowNs() + PAUSE_NS, () -> {
            if (!done && token == 0) {
                ask();
            }
        });
    }

    /** An answer of a replica; for somebody else, or too late, it means nothing. */
    void onAnswer(final SimulatedReplica from, final ReleaseAction answer) {
        if (answer instanceof ReleaseAction.Released released && released.token() == token) {
            released(from, released);
        } else if (answer instanceof ReleaseAction.ReleasedSingly released && released.token() == token) {
            single(from, released);
        } else if (answer instanceof ReleaseAction.Refused refused && refused.token() == token) {
            refused(from, refused);
        }
    }

    /** A gateway may know of a revocation that nobody has told of yet. */
    private void refused(final SimulatedReplica from, final ReleaseAction.Refused refused) {
        world.course.count("releases refused: " + refused.code());
        Invariants.require(!from.isHonest() || refused.code() != ReleaseAction.Refused.Code.DENIED,
            "denied though allowed: " + refused.text());
        done = refused.code() == ReleaseAction.Refused.Code.CLOSED && model.isClosed(request.transaction());
        if (!done) {
            again();
        }
    }

    private SeekerRelease side() {
        final int home = request.home();
        return new SeekerRelease(world.sharing.get(home), world.groups.get(home).members(), request.transaction(),
            asked.dataset(), asked.chunks(), request.fresh());
    }

    private Optional<TransactionId> part(final SimulatedReplica replica) {
        return new SharingState((StateReader) replica.core().finalState()).request(request.transaction())
            .flatMap(state -> state.part());
    }

    private byte[] secrets(final TransactionId part) {
        return request.dataset().secrets(asked.chunks(), part, request.by().key);
    }

    private void released(final SimulatedReplica from, final ReleaseAction.Released released) {
        final int least = world.groups.get(request.home()).faults() + 1;
        final boolean enough = new TreeSet<>(released.participants()).size() >= least;
        Invariants.require(enough || !from.isHonest(), "released by too few: expected=" + least + " actual="
            + released.participants());
        final Optional<byte[]> vector = side().unmask(released.vector(), released.participants(), released.attempt(),
            released.contractVersion());
        Invariants.require(vector.isPresent() || !from.isHonest(), "nothing under the masks: " + released);
        if (vector.isPresent() && Arrays.equals(vector.get(), secrets(part(from).orElseThrow()))) {
            Invariants.require(enough, "keys of too few: expected=" + least + " actual=" + released.participants());
            world.course.count("releases");
            done = true;
        } else {
            Invariants.require(!from.isHonest() || released.participants().stream().anyMatch(world::isTraitor),
                "wrong sum of honest replicas: " + released.participants());
            world.course.count("releases with wrong shares");
            singly = true;
            again();
        }
    }

    private void single(final SimulatedReplica from, final ReleaseAction.ReleasedSingly released) {
        final TransactionId part = part(from).orElseThrow();
        final SingleResult result = side().open(released.part(), released.answers(), released.contractVersion(),
            request.dataset().published(), request.dataset().part(part, request.by().key));
        result.bad().forEach((replica, why) -> Invariants.require(!from.isHonest() || world.isTraitor(replica),
            "honest replica " + replica + " named: " + why));
        result.evidence().stream().map(evidence -> side().ids().get(evidence.replica())).forEach(replica ->
            Invariants.require(world.isTraitor(replica), "there is evidence against honest replica " + replica));
        result.evidence().forEach(record);
        world.course.counts.merge("liars named", result.evidence().size(), Integer::sum);
        if (result.vector().isPresent()) {
            Invariants.require(Arrays.equals(result.vector().get(), secrets(part)), "single shares join to something else");
            world.course.count("releases by single shares");
            done = true;
        } else {
            again();
        }
    }
}
