package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.consensus.FourReplicas.GROUP;
import static org.ztp.consensus.FourReplicas.HASHING;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.Fault;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.wire.Hash;

/** Replica 0 of four; replica 1 leads the first view, and makes what blocks a test says. */
class InsistenceTest {
    private static final int PEER = 2;
    private static final int LEADER = 1;
    /** Heartbeats after which a leader must have what waits at first: 4 time-outs of 500 ms and two more, and one to mark. */
    private static final int BEATS = 23;
    /** Blocks with room that it may make then: four times the pipeline. */
    private static final int GRANTED = 16;
    private static final int FIRST_TOO_FAR = 1_025;

    private final Context context = context(Limits.defaults().blockBatches());
    private long height;

    private static Context context(final int blockBatches) {
        final Limits usual = Limits.defaults();
        final BatchPool pool = new BatchPool();
        final BlockTree tree = new BlockTree(new Executor(null), pool, new BlockTree.Head(0, Samples.CHAIN, 0,
            Optional.empty(), BlockState.GENESIS));
        return new Context(GROUP, 0, new Limits(usual.blockBytes(), usual.blockBytesMax(), blockBatches, usual.pipeline(),
            usual.heightsAhead(), usual.viewsAhead(), usual.pooledBytesPerPeer(), usual.waitingBytes(),
            usual.clockAheadMillis(), usual.viewTimeoutNs(), usual.viewTimeoutMaxNs(), usual.heartbeatNs(),
            usual.recentNs(), usual.retransmitNs(), usual.snapshotBehind()), new SafetyRules(GROUP, 0, message -> new byte[64],
                SafetyState.initial(Samples.CHAIN)), (replica, message, signature) -> true, HASHING, pool, tree,
            new EpochBook(List.of()), false);
    }

    private static Batch waits(final Context context, final Bundle bundle) {
        final Batch batch = Samples.batch(bundle);
        context.pool.add(Samples.ref(batch), batch, PEER, context.nowNs, false);
        return batch;
    }

    private static List<Action> beat(final Context context, final int times) {
        final List<Action> actions = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            context.nowNs += context.limits.heartbeatNs();
            context.insistence.beat();
            context.outbox.end(new byte[0], actions);
        }
        return actions;
    }

    private void makes(final Context which, final int blocks, final Batch... batches) {
        for (int i = 0; i < blocks; i++) {
            height++;
            which.insistence.finalized(Samples.block(height, Hash.ZERO, Hash.ZERO, batches));
        }
    }

    private static boolean complains(final List<Action> actions) {
        return actions.stream().anyMatch(action -> action instanceof Fault fault
            && fault.kind() == Fault.Kind.VIEW_TIMED_OUT);
    }

    @Test
    void whoLeavesOutWhatWaitsIsLeftAndOthersAreGivenIt() {
        final Batch left = waits(context, Samples.small(1, 0, 1));
        beat(context, BEATS);
        makes(context, 100);
        assertEquals(List.of(), beat(context, 1).stream().filter(Fault.class::isInstance).toList(), "it may not have it yet");
        makes(context, GRANTED - 1);
        assertFalse(complains(beat(context, 1)));
        makes(context, 1);
        final List<Action> actions = beat(context, 1);
        assertTrue(complains(actions));
        assertTrue(actions.contains(new Broadcast(new BatchHere(Samples.ref(left), left))));
        assertEquals(0, said(beat(context, 4)));
        assertEquals(1, said(beat(context, 1)), "again after a view's time-out");
    }

    private static long said(final List<Action> actions) {
        return actions.stream().filter(action -> action instanceof Broadcast broadcast
            && broadcast.message() instanceof BatchHere).count();
    }

    @Test
    void whatBecameFinalIsNoReasonAndNeitherIsWhatCameLater() {
        final Batch served = waits(context, Samples.small(1, 0, 1));
        beat(context, BEATS + 1);
        makes(context, GRANTED);
        context.pool.finalized(Samples.ref(served).root());
        waits(context, Samples.small(1, 1, 1));
        assertFalse(complains(beat(context, BEATS)));
    }

    @Test
    void whatWouldNotCountIsNoReason() {
        waits(context, Samples.small(1, FIRST_TOO_FAR, 1));
        beat(context, BEATS + 1);
        makes(context, GRANTED);
        assertFalse(complains(beat(context, 1)));
        waits(context, Samples.small(1, FIRST_TOO_FAR - 1, 1));
        beat(context, 2 * BEATS);
        makes(context, GRANTED);
        beat(context, 2 * BEATS);
        makes(context, GRANTED);
        assertTrue(complains(beat(context, 1)));
    }

    @Test
    void whoHasManyBatchesToTakeUpMayFillAsManyBlocks() {
        final Context busy = context(2);
        for (int i = 0; i < 20; i++) {
            waits(busy, Samples.small(1, i, 1));
        }
        final Batch[] others = {Samples.batch(Samples.small(2, 0, 1)), Samples.batch(Samples.small(2, 1, 1))};
        beat(busy, BEATS + 1);
        makes(busy, GRANTED + 9, others);
        assertFalse(complains(beat(busy, 1)));
        makes(busy, 1, others);
        assertTrue(complains(beat(busy, 1)));
    }

    @Test
    void blocksThatWereThereBeforeCountForNobodyWhoIsBehind() {
        waits(context, Samples.small(1, 0, 1));
        context.catchUp.onStatus(2, new Status(1, 1_000, 0, 0, false, false));
        context.catchUp.onStatus(3, new Status(1, 900, 0, 0, false, false));
        beat(context, BEATS + 1);
        makes(context, 900 + GRANTED - 1);
        assertFalse(complains(beat(context, 1)));
        makes(context, 1);
        assertTrue(complains(beat(context, 1)));
    }

    @Test
    void afterMoreLeadersInARowThanMayLiePatienceIsTwiceAsLongUntilWhatWaitsIsFinalInTime() {
        final Batch left = waits(context, Samples.small(1, 0, 1));
        leaves(BEATS, GRANTED);
        enters(2);
        leaves(BEATS, GRANTED);
        enters(3);
        leaves(2 * BEATS - 1, 2 * GRANTED);
        context.pool.finalized(Samples.ref(left).root());
        final Batch second = waits(context, Samples.small(1, 1, 1));
        beat(context, 1);
        enters(5);
        leaves(2 * BEATS - 1, 2 * GRANTED);
        context.pool.finalized(Samples.ref(second).root());
        final Batch third = waits(context, Samples.small(1, 2, 1));
        beat(context, 1);
        context.pool.finalized(Samples.ref(third).root());
        waits(context, Samples.small(1, 3, 1));
        beat(context, 1);
        enters(6);
        leaves(BEATS, GRANTED);
    }

    private void enters(final long view) {
        context.viewChange.enter(view, Optional.empty());
        context.pacemaker.progress();
    }

    /** It leaves a view after so many heartbeats and blocks, and not before. */
    private void leaves(final int beats, final int blocks) {
        beat(context, beats);
        makes(context, blocks);
        assertFalse(complains(beat(context, 1)), "too early: view " + context.safety.view());
        makes(context, blocks - 1);
        assertFalse(complains(beat(context, 1)), "too early: view " + context.safety.view());
        makes(context, 1);
        assertTrue(complains(beat(context, 1)), "view " + context.safety.view());
    }

    @Test
    void whatWaitsIsSentAgainAPartAtATimeAndThenFromTheStart() {
        final List<Hash> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(Samples.ref(waits(context, Samples.bundle(1, 1, i, new byte[400_000]))).root());
        }
        context.nowNs += context.limits.viewTimeoutNs();
        assertEquals(all.subList(0, 2), sent(1));
        assertEquals(all.subList(2, 4), sent(1));
        assertEquals(all.subList(4, 5), sent(1));
        assertEquals(all.subList(0, 2), sent(1));
        context.insistence.viewEntered();
        assertEquals(all.subList(0, 2), sent(1), "another leader has none of it");
    }

    private List<Hash> sent(final int beats) {
        return beat(context, beats).stream().filter(action -> action instanceof Send send && send.to() == LEADER)
            .map(action -> ((BatchHere) ((Send) action).message()).ref().root()).toList();
    }
}
