package org.ztp.ledger.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.wire.Hash;

final class ExecutorTest {
    private static final byte[] RECORD = new RecordTransaction("", "", Samples.utf8("payload")).encode();
    private final Executor executor = new Executor(new SampleRules());

    @Test
    void theGenesisStateIsEmpty() {
        assertEquals(Hash.ZERO, executor.genesis().digest());
    }

    @Test
    void aRecordChangesNothingButItsSubmission() {
        final Executed executed = run(executor.genesis(), 1, record(1, 0), record(1, 1), record(2, 0));
        assertTrue(executed.outcomes().isEmpty());
        assertEquals(2, state(executed).changes().changes().size());
        final byte[] key = SubmissionWindow.key(record(1, 0), new byte[SubmissionWindow.KEY_BYTES]);
        final byte[] window = state(executed).get(key).orElseThrow();
        assertArrayEquals(new byte[] {2, 0, 0, 0, 0, 0, 0, 0}, window);
    }

    @Test
    void anEmptyBlockChangesNothing() {
        final BlockState before = state(run(executor.genesis(), 1, record(1, 0)));
        final Executed executed = executor.execute(before, Samples.block(2, Samples.CHAIN, before.digest()), List.of());
        assertEquals(before.digest(), executed.after().digest());
    }

    @Test
    void aDuplicateIsToldOfWithinABlockAndAcrossBlocks() {
        final Executed first = run(executor.genesis(), 1, record(1, 0), record(1, 0), record(1, 1));
        assertEquals(List.of(new Outcome(0, 1, -1, Outcome.Code.DUPLICATE, "")), first.outcomes());
        final Executed second = run(first.after(), 2, record(2, 0), record(1, 1), record(1, 2));
        assertEquals(List.of(new Outcome(0, 1, -1, Outcome.Code.DUPLICATE, "")), second.outcomes());
    }

    @Test
    void aDuplicatesTransactionsHaveNoEffect() {
        final Executed first = run(executor.genesis(), 1, Samples.bundle(1, 1, 0, Samples.utf8("\u0002kone")));
        final Executed second = run(first.after(), 2, Samples.bundle(1, 1, 0, Samples.utf8("\u0002ktwo")));
        assertArrayEquals(Samples.utf8("one"), state(second).get(Samples.utf8("xk")).orElseThrow());
        assertEquals(Outcome.Code.DUPLICATE, second.outcomes().get(0).code());
    }

    @Test
    void aSequenceMayBe1024AheadAndNoFurther() {
        final Executed executed = run(executor.genesis(), 1,
            record(1, 1025), record(1, 1024), record(1, Long.MAX_VALUE));
        assertEquals(List.of(new Outcome(0, 0, -1, Outcome.Code.TOO_FAR_AHEAD, ""),
            new Outcome(0, 2, -1, Outcome.Code.TOO_FAR_AHEAD, "")), executed.outcomes());
    }

    @Test
    void aBundleThatDoesNotCountChangesNothing() {
        final BlockState before = state(run(executor.genesis(), 1, record(1, 0)));
        final Executed executed = run(before, 2, record(1, 0), record(1, 5000), record(2, 5000));
        assertEquals(3, executed.outcomes().size());
        assertTrue(state(executed).changes().changes().isEmpty());
        assertEquals(before.digest(), executed.after().digest());
    }

    @Property(tries = 40)
    void inWhateverOrderBundlesComeEachCountsOnce(@ForAll final long seed) {
        final Random random = new Random(seed);
        final SubmissionWindow window = new SubmissionWindow(Optional.empty());
        SubmissionWindow stored = window;
        final BitSet seen = new BitSet();
        for (int i = 0; i < 4000; i++) {
            final int floor = seen.nextClearBit(0);
            final int sequence = Math.max(0, floor + random.nextInt(1100) - random.nextInt(300));
            final int next = random.nextInt(3) == 0 ? floor : sequence;
            final Outcome.Code expected = next > floor + 1024 ? Outcome.Code.TOO_FAR_AHEAD
                : seen.get(next) ? Outcome.Code.DUPLICATE : Outcome.Code.ACCEPTED;
            assertEquals(expected, stored.mark(next));
            if (expected == Outcome.Code.ACCEPTED) {
                seen.set(next);
            }
            final byte[] value = stored.encode();
            assertTrue(value.length <= 8 + SubmissionWindow.AHEAD / 8);
            stored = new SubmissionWindow(Optional.of(value));
            final int any = random.nextInt(seen.length() + 3000);
            for (final int asked : new int[] {next, sequence, any}) {
                assertEquals(SubmissionWindow.look(value, asked), new SubmissionWindow(Optional.of(value)).mark(asked));
                assertEquals(seen.get(asked), SubmissionWindow.look(value, asked) == Outcome.Code.DUPLICATE);
            }
        }
    }

    @Test
    void aStateTellsWhichBundlesItHasTakenIn() {
        final TakenBundles taken = new TakenBundles();
        final BlockState after = state(run(executor.genesis(), 1, record(1, 0), record(1, 2)));
        assertFalse(taken.contains(BlockState.GENESIS, record(1, 0)));
        assertTrue(taken.contains(after, record(1, 0)));
        assertFalse(taken.contains(after, record(1, 1)));
        assertTrue(taken.contains(after, record(1, 2)));
        assertFalse(taken.contains(after, record(2, 0)));
        assertEquals(Outcome.Code.TOO_FAR_AHEAD, taken.outcome(BlockState.GENESIS, record(1, 1025)));
        assertEquals(Outcome.Code.ACCEPTED, taken.outcome(BlockState.GENESIS, record(1, 1024)));
        assertEquals(Outcome.Code.ACCEPTED, taken.outcome(after, record(1, 1025)));
        assertEquals(Outcome.Code.TOO_FAR_AHEAD, taken.outcome(after, record(1, Long.MAX_VALUE)));
    }

    @Test
    void aWindowThatIsFullMovesOnAsAWhole() {
        final SubmissionWindow window = new SubmissionWindow(Optional.empty());
        for (int i = 1; i <= SubmissionWindow.AHEAD; i++) {
            assertEquals(Outcome.Code.ACCEPTED, window.mark(i));
        }
        assertEquals(136, window.encode().length);
        assertEquals(Outcome.Code.ACCEPTED, window.mark(0));
        assertArrayEquals(new byte[] {1, 4, 0, 0, 0, 0, 0, 0}, window.encode());
    }

    @Test
    void malformedRecordsAreInvalidAndTheOthersOfTheBundleCount() {
        final Executed executed = run(executor.genesis(), 1,
            Samples.bundle(1, 1, 0, RECORD, new byte[] {1}, Samples.utf8("\u0002kone")));
        assertEquals(List.of(new Outcome(0, 0, 1, Outcome.Code.INVALID, "malformed record"),
            new Outcome(0, 0, 2, Outcome.Code.ACCEPTED, "")), executed.outcomes());
    }

    @Test
    void rulesSeeTheBlocksEarlierChangesAndInvalidOnesAreDropped() {
        final Executed executed = run(executor.genesis(), 1, Samples.bundle(1, 1, 0,
            Samples.utf8("\u0002aone"), Samples.utf8("\u0002atwo"), Samples.utf8("\u0004abad"),
            Samples.utf8("\u0004bbad"), Samples.utf8("\u0005cden"), Samples.utf8("\u0002done"),
            Samples.utf8("\u0003d")));
        assertEquals(List.of("", "changed", "not yours", "not yours", "by " + Samples.client(1).brief(), "", ""),
            executed.outcomes().stream().map(Outcome::detail).toList());
        assertArrayEquals(Samples.utf8("two"), state(executed).get(Samples.utf8("xa")).orElseThrow());
        assertTrue(state(executed).get(Samples.utf8("xb")).isEmpty());
        assertArrayEquals(Samples.utf8("den"), state(executed).get(Samples.utf8("xc")).orElseThrow());
        assertTrue(state(executed).get(Samples.utf8("xd")).isEmpty());
    }

    @Test
    void aDetailIsCutToWholeCharacters() {
        final Executed executed = run(executor.genesis(), 1, Samples.bundle(1, 1, 0, new byte[] {6, 6}));
        assertEquals("x" + "\u20ac".repeat(170), executed.outcomes().get(0).detail());
        assertEquals(511, executed.outcomes().get(0).detail().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void outcomesAreUnderTheDigestIfABlockHoldsMoreThanRecords() {
        final Executed records = run(executor.genesis(), 1, record(1, 0), record(1, 0));
        assertTrue(state(records).get(OutcomeRoot.key(1)).isEmpty());
        final Executed more = run(records.after(), 2, record(1, 0), Samples.bundle(1, 1, 1, RECORD, new byte[] {3, 1}));
        final byte[] value = OutcomeRoot.value(Hash.of(OutcomeRoot.tree(more.outcomes()).root()), 2);
        assertEquals(OutcomeRoot.VALUE_BYTES, value.length);
        assertArrayEquals(value, state(more).get(OutcomeRoot.key(2)).orElseThrow());
        assertEquals(List.of(new Outcome(0, 0, -1, Outcome.Code.DUPLICATE, ""),
            new Outcome(0, 1, 1, Outcome.Code.ACCEPTED, "")), more.outcomes());
    }

    @Test
    void forksGrowFromOneParentAndLeaveItAsItWas() {
        final BlockState parent = state(run(executor.genesis(), 1,
            Samples.bundle(1, 1, 0, Samples.utf8("\u0002aone"))));
        final Hash digest = parent.digest();
        final Executed left = run(parent, 2, Samples.bundle(1, 1, 1, Samples.utf8("\u0002atwo")));
        final Executed right = run(parent, 2, Samples.bundle(1, 1, 1, Samples.utf8("\u0003a")));
        assertNotEquals(left.after().digest(), right.after().digest());
        assertEquals(digest, parent.digest());
        assertArrayEquals(Samples.utf8("one"), parent.get(Samples.utf8("xa")).orElseThrow());
        assertEquals(left.after().digest(),
            run(parent, 2, Samples.bundle(1, 1, 1, Samples.utf8("\u0002atwo"))).after().digest());
    }

    @Test
    void theExecutorsKeysAreNotTheRules() {
        final RuleView view = new RuleView(new PendingState(StateTree.EMPTY));
        for (final String key : List.of("", "s", "o1")) {
            assertThrows(IllegalArgumentException.class, () -> view.put(Samples.utf8(key), new byte[1]));
            assertThrows(IllegalArgumentException.class, () -> view.delete(Samples.utf8(key)));
        }
    }

    @Property(tries = 100)
    void anyBytesHaveAnOutcomeTheSameEachTime(@ForAll final long seed) {
        final Random random = new Random(seed);
        final List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            final byte[][] transactions = new byte[1 + random.nextInt(8)][];
            for (int j = 0; j < transactions.length; j++) {
                transactions[j] = damaged(random);
            }
            batches.add(Samples.batch(Samples.bundle(i, 1, random.nextInt(3), transactions)));
        }
        final Block block = Samples.block(1, Samples.CHAIN, Hash.ZERO, batches.toArray(Batch[]::new));
        final Executed once = executor.execute(executor.genesis(), block, batches);
        final Executed again = executor.execute(executor.genesis(), block, batches);
        assertEquals(once.outcomes(), again.outcomes());
        assertEquals(once.after().digest(), again.after().digest());
    }

    private static byte[] damaged(final Random random) {
        final byte[] bytes = random.nextBoolean() ? RECORD.clone() : new byte[1 + random.nextInt(20)];
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
    }

    private static Bundle record(final int client, final long sequence) {
        return Samples.bundle(client, 1, sequence, RECORD);
    }

    private Executed run(final LedgerState before, final long height, final Bundle... bundles) {
        final Batch batch = Samples.batch(bundles);
        return executor.execute(before, Samples.block(height, Samples.CHAIN, before.digest(), batch), List.of(batch));
    }

    private static BlockState state(final Executed executed) {
        return (BlockState) executed.after();
    }
}
