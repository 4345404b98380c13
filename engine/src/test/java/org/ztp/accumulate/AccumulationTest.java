package org.ztp.accumulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.accumulate.Accumulation.State;
import org.ztp.accumulate.AccumulationAction.Complete;
import org.ztp.accumulate.AccumulationAction.Missing;
import org.ztp.accumulate.AccumulationAction.Send;
import org.ztp.wire.Hash;

class AccumulationTest {
    private static final Hash ID = Hash.sha256(new byte[] {1});
    private static final XorVector XOR = new XorVector(1);

    // Replicas 10 .. 16, root 10, fan-out 2:  10 ── 11 ── 13, 14
    //                                          └─── 12 ── 15, 16
    private final List<AccumulationAction<byte[]>> actions = new ArrayList<>();

    @Test
    void aLeafSendsItsOwnContribution() {
        Accumulation<byte[]> leaf = member(13, 7);
        assertEquals(Verdict.ACCEPTED, leaf.contribute(bytes(8), 1, actions));
        assertEquals(State.SENT, leaf.state());
        assertSent(11, bits(3), 8);
        assertEquals(Verdict.FINISHED, leaf.contribute(bytes(8), 2, actions));
        leaf.tick(1_000, actions);
        assertEquals(1, actions.size());
    }

    @Test
    void aMemberCombinesItsOwnWithItsChildrenInAnyOrder() {
        Accumulation<byte[]> inner = member(11, 7);
        assertEquals(Verdict.ACCEPTED, inner.onPartial(partial(14, bits(4), 4), 1, actions));
        assertEquals(Verdict.ACCEPTED, inner.contribute(bytes(1), 2, actions));
        assertTrue(actions.isEmpty());
        assertEquals(Verdict.ACCEPTED, inner.onPartial(partial(13, bits(3), 2), 3, actions));
        assertSent(10, bits(1, 3, 4), 7);
    }

    @Test
    void theRootCompletesWhenAllAreIn() {
        Accumulation<byte[]> root = member(10, 7);
        root.contribute(bytes(1), 1, actions);
        root.onPartial(partial(11, bits(1, 3, 4), 2), 1, actions);
        assertTrue(actions.isEmpty());
        root.onPartial(partial(12, bits(2, 5, 6), 4), 1, actions);
        assertEquals(State.COMPLETE, root.state());
        Complete<byte[]> complete = single(Complete.class);
        assertArrayEquals(bytes(7), complete.value());
        assertEquals(List.of(10, 11, 12, 13, 14, 15, 16), complete.contributors());
    }

    @Test
    void aRootThatDoesNotContributeIsNotWaitedFor() {
        AccumulationPlan plan = new AccumulationPlan(ID, 3, List.of(10, 11, 12), 11, false, 2, 2);
        Accumulation<byte[]> root = new Accumulation<>(plan, 11, XOR, 0, 100);
        assertEquals(Verdict.NOT_A_MEMBER, root.contribute(bytes(1), 1, actions));
        root.onPartial(partial(10, bits(0), 2), 1, actions);
        root.onPartial(partial(12, bits(2), 4), 1, actions);
        Complete<byte[]> complete = single(Complete.class);
        assertArrayEquals(bytes(6), complete.value());
        assertEquals(List.of(10, 12), complete.contributors());
    }

    @Test
    void whatIsWrongHasAVerdictACounterAndNoEffect() {
        Accumulation<byte[]> inner = member(11, 7);
        inner.onPartial(partial(13, bits(3), 2), 1, actions);
        assertVerdict(Verdict.DUPLICATE, inner, partial(13, bits(3), 2));
        assertVerdict(Verdict.NOT_A_CHILD, inner, partial(15, bits(5), 2));
        assertVerdict(Verdict.NOT_A_CHILD, inner, partial(10, bits(0), 2));
        assertVerdict(Verdict.NOT_A_CHILD, inner, partial(11, bits(1), 2));
        assertVerdict(Verdict.NOT_A_CHILD, inner, partial(99, bits(4), 2));
        assertVerdict(Verdict.WRONG_CONTRIBUTORS, inner, partial(14, bits(3, 4), 2));
        assertVerdict(Verdict.WRONG_CONTRIBUTORS, inner, partial(14, bits(4, 4000), 2));
        assertVerdict(Verdict.WRONG_SHAPE, inner, new Partial<>(ID, 3, 14, bits(4), new byte[2]));
        assertVerdict(Verdict.STALE_ATTEMPT, inner, new Partial<>(ID, 2, 14, bits(4), bytes(1)));
        assertVerdict(Verdict.EARLY_ATTEMPT, inner, new Partial<>(ID, 4, 14, bits(4), bytes(1)));
        assertVerdict(Verdict.OTHER_ACCUMULATION, inner, new Partial<>(Hash.ZERO, 3, 14, bits(4), bytes(1)));
        assertEquals(Verdict.WRONG_SHAPE, inner.contribute(new byte[0], 1, actions));
        assertEquals(Verdict.NOT_A_MEMBER, inner.exclude(99, 1, actions));
        inner.contribute(bytes(1), 1, actions);
        assertEquals(Verdict.DUPLICATE, inner.contribute(bytes(1), 1, actions));
        inner.onPartial(partial(14, bits(4), 4), 1, actions);
        assertSent(10, bits(1, 3, 4), 7);
        assertVerdict(Verdict.FINISHED, inner, partial(14, bits(4), 4));
        assertEquals(Verdict.FINISHED, inner.exclude(14, 1, actions));
        assertEquals(4, inner.count(Verdict.NOT_A_CHILD));
        assertEquals(3, inner.count(Verdict.ACCEPTED));
        assertEquals(2, inner.count(Verdict.WRONG_CONTRIBUTORS));
    }

    @Test
    void deeperMembersHaveEarlierDeadlines() {
        assertEquals(300, member(10, 7).deadlineNs());
        assertEquals(200, member(11, 7).deadlineNs());
        assertEquals(100, member(13, 7).deadlineNs());
        long nearTheEnd = Long.MAX_VALUE - 10;
        Accumulation<byte[]> late = new Accumulation<>(plan(7), 10, XOR, nearTheEnd, 300);
        late.tick(nearTheEnd + 20, actions); // the clock has wrapped around, the deadline is still ahead
        assertEquals(State.WAITING, late.state());
        late.tick(nearTheEnd + 300, actions);
        assertEquals(State.EXPIRED, late.state());
    }

    @Test
    void atItsDeadlineAMemberSendsWhatItHas() {
        Accumulation<byte[]> inner = member(11, 7);
        inner.contribute(bytes(1), 1, actions);
        inner.onPartial(partial(14, bits(4), 4), 1, actions);
        inner.tick(199, actions);
        assertTrue(actions.isEmpty());
        inner.tick(200, actions);
        assertEquals(State.EXPIRED, inner.state());
        assertTrue(inner.stateReason().contains("deadline"));
        assertSent(10, bits(1, 4), 5);
    }

    @Test
    void theRootFailsAsSoonAsTooFewCanContribute() {
        Accumulation<byte[]> root = member(10, 7);
        root.onPartial(partial(11, bits(1, 4), 5), 1, actions); // 13 is missing, as 11 says
        assertEquals(State.FAILED, root.state());
        Missing<byte[]> missing = single(Missing.class);
        assertEquals(List.of(10, 12, 13, 15, 16), missing.missing());
        assertEquals(List.of(), missing.silent());
    }

    @Test
    void aChildThatLeavesItselfOutIsSilent() {
        Accumulation<byte[]> root = member(10, 7);
        root.onPartial(partial(11, bits(3, 4), 5), 1, actions);
        Missing<byte[]> missing = single(Missing.class);
        assertEquals(List.of(11), missing.silent());
    }

    @Test
    void atTheDeadlineTheRootNamesWhoIsMissing() {
        Accumulation<byte[]> root = member(10, 7);
        root.contribute(bytes(1), 1, actions);
        root.onPartial(partial(12, bits(2, 5, 6), 4), 1, actions);
        root.tick(300, actions);
        assertEquals(State.EXPIRED, root.state());
        Missing<byte[]> missing = single(Missing.class);
        assertEquals(List.of(11, 13, 14), missing.missing());
        assertEquals(List.of(11), missing.silent());
    }

    @Test
    void enoughAtTheDeadlineIsAResult() {
        Accumulation<byte[]> root = member(10, 4);
        root.contribute(bytes(1), 1, actions);
        root.onPartial(partial(12, bits(2, 5, 6), 4), 1, actions);
        assertTrue(actions.isEmpty());
        root.tick(300, actions);
        Complete<byte[]> complete = single(Complete.class);
        assertArrayEquals(bytes(5), complete.value());
        assertEquals(List.of(10, 12, 15, 16), complete.contributors());
    }

    @Test
    void anExcludedChildIsNotWaitedFor() {
        Accumulation<byte[]> root = member(10, 4);
        root.contribute(bytes(1), 1, actions);
        root.onPartial(partial(12, bits(2, 5, 6), 4), 1, actions);
        assertEquals(Verdict.ACCEPTED, root.exclude(11, 2, actions));
        Complete<byte[]> complete = single(Complete.class);
        assertEquals(List.of(10, 12, 15, 16), complete.contributors());

        actions.clear();
        Accumulation<byte[]> inner = member(11, 7);
        inner.contribute(bytes(1), 1, actions);
        assertEquals(Verdict.ACCEPTED, inner.exclude(13, 1, actions));
        assertEquals(Verdict.DUPLICATE, inner.exclude(13, 1, actions));
        assertVerdict(Verdict.EXCLUDED, inner, partial(13, bits(3), 2));
        inner.onPartial(partial(14, bits(4), 4), 1, actions);
        assertSent(10, bits(1, 4), 5);
    }

    @Test
    void anExcludedGrandchildStillCountsIfItsContributionComes() {
        Accumulation<byte[]> root = member(10, 6);
        root.exclude(13, 1, actions);
        root.contribute(bytes(1), 1, actions);
        root.onPartial(partial(11, bits(1, 3, 4), 2), 1, actions);
        root.onPartial(partial(12, bits(2, 5, 6), 4), 1, actions);
        Complete<byte[]> complete = single(Complete.class);
        assertEquals(7, complete.contributors().size());
    }

    @Test
    void anExcludedGrandchildThatIsNeededFailsTheAttempt() {
        Accumulation<byte[]> root = member(10, 7);
        root.exclude(13, 1, actions);
        Missing<byte[]> missing = single(Missing.class);
        assertEquals(List.of(13), missing.silent());
    }

    @Test
    void aMemberWhoseParentIsOutFails() {
        Accumulation<byte[]> leaf = member(13, 7);
        leaf.exclude(11, 1, actions);
        assertEquals(State.FAILED, leaf.state());
        assertEquals(Verdict.FINISHED, leaf.contribute(bytes(1), 1, actions));
        assertTrue(actions.isEmpty());
    }

    @Test
    void onlyMembersTakePart() {
        assertThrows(IllegalArgumentException.class, () -> member(9, 7));
        assertThrows(IllegalArgumentException.class, () -> new Accumulation<>(plan(7), 10, XOR, 0, 0));
    }

    @Test
    void earlyPartialsAreKeptUpToALimit() {
        EarlyPartials<byte[]> early = new EarlyPartials<>(2);
        for (int attempt = 2; attempt <= 4; attempt++) {
            early.keep(new Partial<>(ID, attempt, 13, bits(3), bytes(attempt)));
        }
        early.keep(new Partial<>(ID, 3, 12, bits(3), bytes(9)));
        early.keep(new Partial<>(Hash.ZERO, 3, 12, bits(3), bytes(9)));
        assertEquals(1, early.dropped());
        assertEquals(List.of(12, 13), early.take(ID, 3).stream().map(Partial::from).toList());
        assertEquals(List.of(), early.take(ID, 3));
        assertEquals(1, early.take(ID, 4).size());
        assertEquals(1, early.take(Hash.ZERO, 3).size());
        assertThrows(IllegalArgumentException.class, () -> new EarlyPartials<>(0));
    }

    private static AccumulationPlan plan(int required) {
        return new AccumulationPlan(ID, 3, IntStream.rangeClosed(10, 16).boxed().toList(), 10, true, required, 2);
    }

    private static Accumulation<byte[]> member(int self, int required) {
        return new Accumulation<>(plan(required), self, XOR, 0, 300);
    }

    private static Partial<byte[]> partial(int from, BitSet contributors, int value) {
        return new Partial<>(ID, 3, from, contributors, bytes(value));
    }

    private void assertVerdict(Verdict expected, Accumulation<byte[]> member, Partial<byte[]> partial) {
        int before = actions.size();
        long count = member.count(expected);
        assertEquals(expected, member.onPartial(partial, 1, actions));
        assertEquals(count + 1, member.count(expected));
        assertEquals(before, actions.size());
    }

    private void assertSent(int to, BitSet contributors, int value) {
        Send<byte[]> send = single(Send.class);
        assertEquals(to, send.to());
        assertEquals(contributors, send.partial().contributors());
        assertArrayEquals(bytes(value), send.partial().value());
    }

    @SuppressWarnings("unchecked") // all actions here are over byte arrays
    private <A> A single(Class<?> type) {
        assertEquals(1, actions.size(), actions.toString());
        return (A) type.cast(actions.get(0));
    }

    private static byte[] bytes(int value) {
        return new byte[] {(byte) value};
    }

    private static BitSet bits(int... positions) {
        BitSet bits = new BitSet();
        IntStream.of(positions).forEach(bits::set);
        return bits;
    }
}
