package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** A replica comes back while its peers go on making blocks: it gets there, and leaves them most of the time. */
class CatchUpUnderLoadTest {
    private static final int LAGGARD = 3;
    private static final int HEIGHTS_AHEAD = 1_000;
    private static final long MESSAGE_NS = 200_000L;
    private static final long SECOND = 1_000_000_000L;

    private World world = world(Faults.none(4).limits().pooledBytesPerPeer());
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private long backNs = 5 * SECOND;
    private long endNs = 14 * SECOND;
    private long batchEveryNs = 15_000_000L;
    /** What reading and sending a portion takes. */
    private long portionNs = 10_000_000L;
    /** What storing one takes. */
    private long storingNs;
    private long diskBusyNs;
    private int portionBlocks = Message.FinalBlocks.MAX;
    private int singly;
    private long sequence;
    private int underWay;
    private int mostUnderWay;
    private int portions;
    private long busyNs;
    private long arrivedNs;
    /** How many blocks were missing when it asked for each portion. */
    private final List<Long> distances = new ArrayList<>();
    private int asksAhead;

    @Test
    void whoComesBackIsThereInTimeAndWorksForItASixthOfTheTime() {
        run();
        assertTrue(arrivedNs > 0, "it is at " + replicas.get(LAGGARD).core().finalHeight() + ", its peers at "
            + replicas.get(0).core().finalHeight());
        final long aloneNs = portions * (portionNs + 3 * MESSAGE_NS);
        assertTrue(arrivedNs - backNs <= 7 * aloneNs, "took " + (arrivedNs - backNs) / 1_000_000 + " ms, its portions "
            + aloneNs / 1_000_000);
        assertEquals(1, mostUnderWay, "portions under way");
        final double share = (double) busyNs / (arrivedNs - backNs);
        assertTrue(share < 0.2, "share of the time: " + share);
    }

    /**
     * Its peers make ten blocks while it gets twenty, so it is near for long before it is there. What is in flight comes by
     * itself then, and what was in flight before with final blocks: asked for singly it would be read and checked again.
     */
    @Test
    void whoIsNearAsksForNothingSinglyThatComesWithFinalBlocks() {
        backNs = 2 * SECOND;
        batchEveryNs = 2_000_000L;
        portionNs = 20_000_000L;
        portionBlocks = 20;
        final long missed = run();
        assertTrue(arrivedNs > 0, "it is at " + replicas.get(LAGGARD).core().finalHeight() + ", its peers at "
            + replicas.get(0).core().finalHeight());
        assertEquals(1, mostUnderWay, "portions under way");
        assertTrue(singly <= 3, "asked for blocks or batches in flight: " + singly + " times in "
            + (arrivedNs - backNs) / 1_000_000 + " ms");
        assertTrue(portions <= missed / portionBlocks + 3, "what is in flight is kept, so no more is missing than "
            + missed + " blocks: portions of " + portionBlocks + " blocks=" + portions);
    }

    /**
     * It gets as many blocks as its peers make meanwhile, and has no room for as many as it missed: each time that it comes up to
     * what it kept, less is missing than before.
     */
    @Test
    void whoGetsNoMoreThanItsPeersMakeArrivesWithRoomForAPartOfWhatItMissed() {
        world = world(200_000);
        backNs = 2 * SECOND;
        batchEveryNs = 2_000_000L;
        portionNs = 19_000_000L;
        portionBlocks = 10;
        final long missed = run();
        assertTrue(missed > 300, "blocks that it missed: " + missed);
        assertTrue(arrivedNs > 0, "it is at " + replicas.get(LAGGARD).core().finalHeight() + ", its peers at "
            + replicas.get(0).core().finalHeight());
    }

    /**
     * Reading a portion and storing it take longer, one after the other, than its peers take to make the blocks in it, and it has
     * room for few of those in flight. It comes nearer with each portion all the same, at the pace that is promised and no faster;
     * the last row is one that can't have it, and does what it can.
     */
    @ParameterizedTest
    @CsvSource({"13, 13, 180, false", "19, 16, 200, true"})
    void whoDoesNotSufficeOneStepAfterAnotherTakesSeveralAtATimeAndComesNearer(final long readingMillis, final long storingMillis,
            final long tenthsOfTheTimeAway, final boolean beforeItIsTakenIn) {
        world = world(30_000);
        backNs = 2 * SECOND;
        endNs = 30 * SECOND;
        batchEveryNs = 2_000_000L;
        portionNs = readingMillis * 1_000_000L;
        storingNs = storingMillis * 1_000_000L;
        portionBlocks = 10;
        final long missed = run();
        assertTrue(missed > 300, "blocks that it missed: " + missed);
        assertTrue(arrivedNs > 0 && arrivedNs - backNs <= tenthsOfTheTimeAway * (backNs - SECOND) / 10, "after " + (arrivedNs - backNs) / 1_000_000
            + " ms it is at " + replicas.get(LAGGARD).core().finalHeight() + ", its peers at " + replicas.get(0).core().finalHeight());
        for (int i = 3; i + 10 < distances.size() - 3; i++) {
            assertTrue(distances.get(i + 10) <= distances.get(i) - 10L * portionBlocks / 34, "missing at the portions from "
                + i + " on: " + distances.subList(i, i + 11));
        }
        assertEquals(beforeItIsTakenIn, asksAhead > 3, "asked before the last portion was taken in: " + asksAhead + " times");
        final double pace = (double) portions * portionBlocks * batchEveryNs / (arrivedNs - backNs);
        assertTrue(pace <= 1.2, "blocks taken in while its peers made one: " + pace);
        assertEquals(1, mostUnderWay, "portions under way");
    }

    /** No faults, and as many heights ahead as are kept if nothing else is set. */
    private static World world(final long pooledBytes) {
        return new World(5, faults(pooledBytes), new Group(World.CHAIN, 0, List.of(0, 1, 2, 3)));
    }

    private static Faults faults(final long pooledBytes) {
        final Faults none = Faults.none(4);
        final Limits usual = none.limits();
        return new Faults(4, none.network(), none.lives(), none.disks(), none.treachery(), new Limits(usual.blockBytes(),
            usual.blockBytesMax(), usual.blockBatches(), usual.pipeline(), HEIGHTS_AHEAD, usual.viewsAhead(),
            pooledBytes, usual.waitingBytes(), usual.clockAheadMillis(), usual.viewTimeoutNs(),
            usual.viewTimeoutMaxNs(), usual.heartbeatNs(), usual.recentNs(), usual.retransmitNs(), usual.snapshotBehind()));
    }

    /** Blocks that it missed. */
    private long run() {
        world.timeline.allow(20_000_000);
        for (int i = 0; i < 4; i++) {
            final int from = i;
            replicas.add(new SimulatedReplica(i, world, true, (to, message) -> send(from, to, message)));
        }
        replicas.forEach(SimulatedReplica::start);
        world.timeline.at(SECOND, () -> replicas.get(LAGGARD).crash());
        world.timeline.at(backNs, () -> replicas.get(LAGGARD).start());
        for (long atNs = 0; atNs < endNs; atNs += batchEveryNs) {
            world.timeline.at(atNs, this::submit);
        }
        for (long atNs = backNs + 1; atNs < endNs; atNs += batchEveryNs) {
            world.timeline.at(atNs, this::look);
        }
        world.timeline.advance(backNs);
        final long missed = replicas.get(0).core().finalHeight();
        assertTrue(missed > 300, "blocks that it missed: " + missed);
        for (long atNs = backNs; atNs <= endNs && (arrivedNs == 0 || atNs - arrivedNs < SECOND / 2); atNs += SECOND / 10) {
            world.timeline.advance(atNs);
        }
        return missed;
    }

    /** Or whoever keeps talking would keep the view of a leader that does nothing from running out. */
    @Test
    void messagesDoNotPutOffATick() {
        world.timeline.allow(10_000);
        replicas.add(new SimulatedReplica(0, world, true, (to, message) -> { }));
        final SimulatedReplica replica = replicas.get(0);
        replica.start();
        submit();
        final long dueNs = replica.core().nextTickNs();
        assertTrue(dueNs <= world.timeline.nowNs() + world.faults.limits().retransmitNs());
        for (int i = 1; i <= 20; i++) {
            world.timeline.at(i * 1_000_000L,
                () -> replica.step(new Event.Received(3, new Message.Status(0, 0, 0, 0, false, false))));
        }
        world.timeline.advance(20_000_000L);
        assertTrue(replica.core().nextTickNs() <= dueNs, "due at " + dueNs + ", now at " + replica.core().nextTickNs());
    }

    private void look() {
        if (arrivedNs == 0 && replicas.get(LAGGARD).core().finalHeight() + 8 >= replicas.get(0).core().finalHeight()) {
            arrivedNs = world.timeline.nowNs();
        }
    }

    /** As much of a portion as its bytes would let be: few blocks, if each is long. */
    private Message cut(final Message message) {
        if (!(message instanceof Message.FinalBlocks whole)) {
            return message;
        }
        int blocks = Math.min(portionBlocks, whole.blocks().size());
        while (whole.blocks().get(blocks - 1).certificate().isEmpty()) {
            blocks++;
        }
        return new Message.FinalBlocks(whole.blocks().subList(0, blocks));
    }

    private void send(final int from, final int to, final Message said) {
        final Message message = cut(said);
        if (message instanceof Message.WantFinal want && arrivedNs == 0) {
            underWay++;
            distances.add(replicas.get(0).core().finalHeight() - want.fromHeight());
            asksAhead += want.fromHeight() > replicas.get(from).core().finalHeight() + 1 ? 1 : 0;
            mostUnderWay = Math.max(mostUnderWay, underWay);
        }
        final boolean portion = message instanceof Message.FinalBlocks;
        if (portion && arrivedNs == 0) {
            portions++;
            busyNs += portionNs;
        }
        if (from == LAGGARD && world.timeline.nowNs() >= backNs
            && (message instanceof Message.WantBlock || message instanceof Message.WantBatches)) {
            singly++;
        }
        world.timeline.at(world.timeline.nowNs() + MESSAGE_NS + (portion ? portionNs : 0), () -> {
            if (replicas.get(to).isUp()) {
                underWay -= portion ? 1 : 0;
                if (portion && storingNs > 0) {
                    diskBusyNs = Math.max(diskBusyNs, world.timeline.nowNs()) + storingNs;
                    replicas.get(to).stall(diskBusyNs);
                }
                replicas.get(to).step(new Event.Received(from, message));
            }
        });
    }

    private void submit() {
        final BundleBuilder builder = new BundleBuilder(World.CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
            message -> new byte[64]);
        final byte[] transaction = new WireWriter().u8(1).u64(sequence).toBytes();
        builder.add(transaction, 0, transaction.length);
        final BatchBuilder batch = new BatchBuilder(1 << 20);
        batch.add(builder.seal(sequence++));
        final Batch made = batch.build();
        world.hashing.identify(made);
        world.invariants.submitted(made.bundles().get(0).id());
        replicas.get(0).step(new Event.BatchMade(world.hashing.identify(made).orElseThrow(), made));
    }
}
