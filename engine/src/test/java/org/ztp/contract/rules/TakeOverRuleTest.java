package org.ztp.contract.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

class TakeOverRuleTest {
    private static final long RUN = 5;
    private final LedgerOfContracts ledger = new LedgerOfContracts();

    private static TakeOver takeOver(final Incarnation next, final int... members) {
        return new TakeOver(next, IntStream.of(members).mapToObj(member -> new Word(member,
            LedgerOfContracts.sign(member, next.signedBytes(LedgerOfContracts.CHAIN)))).toList());
    }

    private Result apply(final TakeOver wanted) {
        return ledger.apply("member 2", wanted.encode());
    }

    private void assertRefused(final String why, final TakeOver wanted) {
        final Result result = apply(wanted);
        assertEquals(Outcome.Code.INVALID, result.code());
        assertTrue(result.detail().contains(why), result.detail());
    }

    @Test
    void aQuorumOfTheOthersGivesARoleAway() {
        final Incarnation next = new Incarnation(3, 1, RUN, 4);
        assertEquals("replica 3 is incarnation 1, run by rank 4, by 3 words", apply(takeOver(next, 0, 1, 2)).detail());
        assertEquals(Optional.of(next), ledger.state().incarnation(3));
        assertEquals(Optional.empty(), ledger.state().incarnation(0));
    }

    @Test
    void ofTwoForTheSameNumberTheFirstCounts() {
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 1, RUN, 4), 0, 1, 2)).code());
        assertRefused("incarnation of replica 3: least=2 actual=1", takeOver(new Incarnation(3, 1, RUN, 5), 0, 1, 2));
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 2, RUN, 5), 0, 1, 2)).code());
    }

    @Test
    void aRankHasOneRoleInARun() {
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 1, RUN, 4), 0, 1, 2)).code());
        assertRefused("rank 4 has a role already", takeOver(new Incarnation(2, 1, RUN, 4), 0, 1, 3));
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(2, 1, RUN + 1, 4), 0, 1, 3)).code());
    }

    @Test
    void fewerThanAQuorumOrForgedOrForeignWordsAreNotEnough() {
        final Incarnation next = new Incarnation(3, 1, RUN, 4);
        assertRefused("expected=3 actual=2", takeOver(next, 0, 1));
        assertRefused("expected=3 actual=2", takeOver(next, 0, 1, 3));
        assertRefused("expected=3 actual=2", takeOver(next, 0, 1, 9));
        final TakeOver other = takeOver(new Incarnation(3, 1, RUN, 5), 0, 1, 2);
        assertRefused("expected=3 actual=0", new TakeOver(next, other.words()));
        assertRefused("no member", takeOver(new Incarnation(7, 1, RUN, 4), 0, 1, 2));
    }

    @Test
    void aStrangerPassesOnNoWordsNotEvenGoodOnes() {
        final Result result = ledger.apply("anybody", takeOver(new Incarnation(3, 1, RUN, 4), 0, 1, 2).encode());
        assertEquals(Outcome.Code.INVALID, result.code());
        assertTrue(result.detail().startsWith("only a replica of this sub-cluster"), result.detail());
        assertEquals(Optional.empty(), ledger.state().incarnation(3));
    }

    @Test
    void noSignatureIsCheckedAfterABadOne() {
        final int[] checks = new int[1];
        final TakeOverRule rule = new TakeOverRule(LedgerOfContracts.CHAIN, new Membership(List.of(0, 1, 2, 3),
            List.of(Hash.ZERO), 3, (replica, message, signature) -> {
                checks[0]++;
                return replica == 0;
            }));
        final Result result = rule.apply(ledger.view(), Hash.ZERO, takeOver(new Incarnation(3, 1, RUN, 4), 0, 1, 2));
        assertEquals(Outcome.Code.INVALID, result.code());
        assertEquals(2, checks[0]);
    }

    @Test
    void aRoleTellsOfItselfByItsOwnKeyAlone() {
        final Incarnation next = new Incarnation(3, 4, RUN, 5);
        assertEquals("replica 3 is incarnation 4, run by rank 5, by its own word", apply(takeOver(next, 3)).detail());
        final Incarnation later = new Incarnation(3, 5, RUN, 6);
        assertRefused("expected=1 actual=0", new TakeOver(later, List.of(new Word(3, takeOver(next, 3).words().get(0)
            .signature()))));
    }

    @Test
    void aRolesOwnWordDoesNotLeadToTheEndOfItsNumbers() {
        assertRefused("by its own word: most=1000 actual=1001", takeOver(new Incarnation(3, 1_001, RUN, 5), 3));
        assertRefused("most=1000 actual=999999999", takeOver(new Incarnation(3, Incarnation.NUMBER_MAX, RUN, 5), 3));
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 1_000, RUN, 5), 3)).code());
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 2_000, RUN, 5), 3)).code());
        assertEquals(Outcome.Code.ACCEPTED, apply(takeOver(new Incarnation(3, 3_001, RUN, 4), 0, 1, 2)).code());
    }

    @Test
    void aNumberThatNoneCanFollowIsNone() {
        final byte[] last = takeOver(new Incarnation(3, Incarnation.NUMBER_MAX, RUN, 4), 0, 1, 2).encode();
        assertTrue(TakeOver.parse(last, 0, last.length).isPresent());
        final ByteBuffer above = ByteBuffer.wrap(last.clone()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Incarnation.NUMBER_MAX, above.getInt(3));
        above.putInt(3, Incarnation.NUMBER_MAX + 1);
        assertTrue(TakeOver.parse(above.array(), 0, last.length).isEmpty());
    }

    @Test
    void eachHasOneEncoding() {
        final byte[] bytes = takeOver(new Incarnation(3, 1, RUN, 4), 0, 2).encode();
        assertArrayEquals(bytes, TakeOver.parse(bytes, 0, bytes.length).orElseThrow().encode());
        for (int length = 0; length < bytes.length; length++) {
            assertTrue(TakeOver.parse(bytes, 0, length).isEmpty());
        }
        assertTrue(TakeOver.parse(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1).isEmpty());
        final byte[] unsorted = takeOver(new Incarnation(3, 1, RUN, 4), 2, 0).encode();
        assertTrue(TakeOver.parse(unsorted, 0, unsorted.length).isEmpty());
        final byte[] twice = takeOver(new Incarnation(3, 1, RUN, 4), 2, 2).encode();
        assertTrue(TakeOver.parse(twice, 0, twice.length).isEmpty());
    }

    @Property(tries = 300)
    void anyBytesAreOneOrNone(@ForAll final byte[] bytes) {
        TakeOver.parse(bytes, 0, bytes.length).ifPresent(one -> assertArrayEquals(bytes, one.encode()));
    }
}
