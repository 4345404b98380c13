package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.consensus.Action.BatchEntry;
import org.ztp.consensus.Action.BlockEntry;
import org.ztp.consensus.Action.Entry;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Action.Persist;
import org.ztp.consensus.FinalBlock;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Samples;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.wire.Hash;

class JournalDutyTest {
    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final Journal journal = Journal.open(disk.directory("journal"),
        JournalOptions.simulated(Samples.CHAIN.toBytes(), Durability.DISK), 0, (position, type, bytes, offset, length) -> { });
    private final List<Long> floors = new ArrayList<>();
    private final JournalDuty duty = new JournalDuty(journal, SafetyStore.open(disk.directory("safety"), "replica"),
        Durability.DISK, Map.of(), Map.of(), 0, (said, at) -> floors.add(at.floor()), () -> false, ticket -> { }, () -> { });
    private long tickets;

    private static Block block(final long height, final Hash parent, final List<BatchRef> batches) {
        return Block.of(new BlockHeader(0, 0, height, 1, 0, Samples.CHAIN, parent, Samples.CHAIN, Samples.CHAIN, 0,
            Hash.ZERO, batches.size(), batches.stream().mapToInt(BatchRef::transactions).sum()), batches);
    }

    /** Records; where the first of them lies. */
    private long record(final Entry... entries) {
        final long position = journal.tailPosition();
        duty.persist(new Persist(++tickets, List.of(entries), Optional.empty()));
        duty.work();
        return position;
    }

    /** Makes blocks final that were recorded; below which position nothing is undecided. */
    private List<Long> finish(final Block... blocks) {
        Stream.of(blocks).forEach(
            block -> duty.finalized(new Finalized(new FinalBlock(block, List.of(), Optional.empty()), null)));
        duty.work();
        return floors;
    }

    @Test
    void theFloorIsNotAboveAnUndecidedBlockThoughOneBelowIsRecordedAgain() {
        final Block first = block(1, Samples.CHAIN, List.of());
        final Block second = block(2, first.hash(), List.of());
        final Block undecided = block(3, second.hash(), List.of());
        record(new BlockEntry(first));
        final long secondAt = record(new BlockEntry(second));
        final long undecidedAt = record(new BlockEntry(undecided));
        record(new BlockEntry(first), new BlockEntry(second));
        assertEquals(List.of(secondAt, undecidedAt), finish(first, second));
    }

    @Test
    void theFloorIsNotAboveAnOpenBatchThoughAnotherIsRecordedAgain() {
        final Batch one = Samples.batch(Samples.small(1, 1, 1));
        final Batch other = Samples.batch(Samples.small(2, 1, 1));
        final Block empty = block(1, Samples.CHAIN, List.of());
        final long oneAt = record(new BatchEntry(Samples.ref(one), one));
        record(new BatchEntry(Samples.ref(other), other));
        record(new BatchEntry(Samples.ref(one), one), new BlockEntry(empty));
        assertEquals(List.of(oneAt), finish(empty));
    }

    @Test
    @Timeout(60)
    void whileTheDiskTakesOneGroupTheNextIsAppendedAndNothingIsTold() throws Exception {
        final CountDownLatch forcing = new CountDownLatch(1);
        final CountDownLatch goesOn = new CountDownLatch(1);
        final CountDownLatch written = new CountDownLatch(1);
        final SimulatedDisk slow = new SimulatedDisk(2);
        final SimulatedDisk votes = new SimulatedDisk(3);
        final SafetyStore safety = SafetyStore.open(votes, "replica");
        final List<Long> told = new ArrayList<>();
        try (Journal own = Journal.open(slow, new JournalOptions(Samples.CHAIN.toBytes(), Durability.DISK, 1 << 24, 1 << 24,
            1 << 20, 0, true), 0, (position, type, bytes, offset, length) -> { })) {
            final JournalDuty beside = new JournalDuty(own, safety, Durability.DISK, Map.of(), Map.of(), 0,
                (said, at) -> floors.add(at.floor()), () -> false, told::add, written::countDown);
            slow.onForce(name -> {
                forcing.countDown();
                awaitUninterrupted(goesOn);
            });
            final Batch batch = Samples.batch(Samples.small(1, 1, 20_000));
            beside.persist(new Persist(1, List.of(new BatchEntry(Samples.ref(batch), batch)), Optional.of(new byte[] {1})));
            beside.work();
            forcing.await();
            final long votesCalls = votes.calls();
            final long tail = own.tailPosition();
            final Block block = block(1, Samples.CHAIN, List.of());
            beside.persist(new Persist(2, List.of(new BlockEntry(block)), Optional.of(new byte[] {2})));
            beside.finalized(new Finalized(new FinalBlock(block, List.of(), Optional.empty()), null));
            assertEquals(2, beside.work());
            assertEquals(0, beside.work());
            assertTrue(own.tailPosition() > tail);
            assertEquals(List.of(), told);
            assertEquals(List.of(), floors);
            assertEquals(votesCalls, votes.calls());
            goesOn.countDown();
            written.await();
            beside.work();
            assertEquals(List.of(1L, 2L), told);
            assertEquals(1, floors.size());
            assertTrue(votes.calls() > votesCalls);
        }
    }

    private static void awaitUninterrupted(final CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
