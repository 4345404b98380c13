package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** A replica comes back while its peers go on making blocks: it gets there, and leaves them most of the time. */
class CatchUpUnderLoadTest {
    private static final int LAGGARD = 3;
    private static final long BATCH_EVERY_NS = 15_000_000L;
    private static final long MESSAGE_NS = 200_000L;
    /** What reading and sending a portion takes. */
    private static final long PORTION_NS = 10_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final long BACK_NS = 5 * SECOND;
    private static final long END_NS = 9 * SECOND;

    private final World world = new World(5, Faults.none(4), new Group(World.CHAIN, 0, List.of(0, 1, 2, 3)));
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private long sequence;
    private int underWay;
    private int mostUnderWay;
    private int portions;
    private long busyNs;
    private long arrivedNs;

    @Test
    void whoComesBackIsThereInTimeAndWorksForItASixthOfTheTime() {
        world.timeline.allow(2_000_000);
        for (int i = 0; i < 4; i++) {
            final int from = i;
            replicas.add(new SimulatedReplica(i, world, true, (to, message) -> send(from, to, message)));
        }
        replicas.forEach(SimulatedReplica::start);
        world.timeline.at(SECOND, () -> replicas.get(LAGGARD).crash());
        world.timeline.at(BACK_NS, () -> replicas.get(LAGGARD).start());
        for (long atNs = 0; atNs < END_NS; atNs += BATCH_EVERY_NS) {
            world.timeline.at(atNs, this::submit);
        }
        for (long atNs = BACK_NS + 1; atNs < END_NS; atNs += BATCH_EVERY_NS) {
            world.timeline.at(atNs, this::look);
        }
        world.timeline.advance(BACK_NS);
        final long missed = replicas.get(0).core().finalHeight();
        assertTrue(missed > 300, "blocks that it missed: " + missed);
        world.timeline.advance(END_NS);
        assertTrue(arrivedNs > 0, "it is at " + replicas.get(LAGGARD).core().finalHeight() + ", its peers at "
            + replicas.get(0).core().finalHeight());
        final long aloneNs = portions * (PORTION_NS + 3 * MESSAGE_NS);
        assertTrue(arrivedNs - BACK_NS <= 7 * aloneNs, "took " + (arrivedNs - BACK_NS) / 1_000_000 + " ms, its portions "
            + aloneNs / 1_000_000);
        assertEquals(1, mostUnderWay, "portions under way");
        final double share = (double) busyNs / (arrivedNs - BACK_NS);
        assertTrue(share < 0.2, "share of the time: " + share);
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

    private void send(final int from, final int to, final Message message) {
        if (message instanceof Message.WantFinal && arrivedNs == 0) {
            underWay++;
            mostUnderWay = Math.max(mostUnderWay, underWay);
        }
        final boolean portion = message instanceof Message.FinalBlocks;
        if (portion && arrivedNs == 0) {
            portions++;
            busyNs += PORTION_NS;
        }
        world.timeline.at(world.timeline.nowNs() + MESSAGE_NS + (portion ? PORTION_NS : 0), () -> {
            if (replicas.get(to).isUp()) {
                underWay -= portion ? 1 : 0;
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
