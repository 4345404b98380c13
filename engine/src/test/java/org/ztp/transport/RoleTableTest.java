package org.ztp.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RoleTable.Verdict;
import org.ztp.wire.Hash;

class RoleTableTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final long RUN = 77;
    private final RoleTable table = new RoleTable(CHAIN, RUN, 6, new int[] {0, 2, 0, 0},
        (replica, message, signature) -> Arrays.equals(sign(replica, message), signature));

    private static byte[] sign(final int replica, final byte[] message) {
        return Arrays.copyOf(Hash.sha256(new byte[] {(byte) replica}, message).toBytes(), 64);
    }

    private static Claim claim(final int role, final int number, final int rank) {
        final Incarnation said = new Incarnation(role, number, RUN, rank);
        return new Claim(said, sign(role, said.signedBytes(CHAIN)));
    }

    @Test
    void ranksHaveTheRolesOfTheirNumbersAtFirst() {
        assertEquals(Verdict.CURRENT, table.judge(1, new Voice(1, 2)));
        assertEquals(Verdict.SUPERSEDED, table.judge(1, new Voice(1, 1)));
        assertEquals(Verdict.UNKNOWN, table.judge(1, new Voice(1, 3)));
        assertEquals(Verdict.UNKNOWN, table.judge(4, new Voice(1, 2)));
        assertEquals(Verdict.UNKNOWN, table.judge(4, Voice.SPARE));
        assertEquals(Optional.of(3), table.role(3));
        assertEquals(Optional.empty(), table.role(4));
    }

    @Test
    void aLaterClaimByTheRolesKeySupersedes() {
        assertTrue(table.claim(claim(0, 1, 4)));
        assertEquals(Verdict.SUPERSEDED, table.judge(0, new Voice(0, 0)));
        assertEquals(Verdict.CURRENT, table.judge(4, new Voice(0, 1)));
        assertEquals(4, table.rank(0));
        assertTrue(table.claim(claim(0, 1, 4)), "said again");
        assertFalse(table.claim(claim(0, 1, 5)), "another process of the same number");
        assertFalse(table.claim(claim(0, 0, 0)), "of the past");
    }

    @Test
    void aClaimBySomebodyElseOrOfAnotherRunIsNone() {
        final Incarnation next = new Incarnation(0, 1, RUN, 4);
        assertFalse(table.claim(new Claim(next, sign(1, next.signedBytes(CHAIN)))));
        final Incarnation other = new Incarnation(0, 1, RUN + 1, 4);
        assertFalse(table.claim(new Claim(other, sign(0, other.signedBytes(CHAIN)))));
        final Incarnation unknown = new Incarnation(9, 1, RUN, 4);
        assertFalse(table.claim(new Claim(unknown, sign(9, unknown.signedBytes(CHAIN)))));
        assertEquals(Verdict.CURRENT, table.judge(0, new Voice(0, 0)));
    }

    @Test
    void whatTheLedgerDecidedFencesAtOnceAndIsClaimedLater() {
        table.decided(new Incarnation(2, 1, RUN, 5));
        assertEquals(Verdict.SUPERSEDED, table.judge(2, new Voice(2, 0)));
        assertEquals(Verdict.CURRENT, table.judge(5, new Voice(2, 1)));
        assertTrue(table.claim(claim(2, 1, 4)), "who proved to have the key counts before who was named");
        table.decided(new Incarnation(2, 1, RUN, 5));
        assertEquals(4, table.rank(2));
    }

    @Test
    void aClaimFarAheadIsNone() {
        assertFalse(table.claim(claim(0, Incarnation.AHEAD_MAX + 1, 4)));
        assertFalse(table.claim(claim(0, Incarnation.NUMBER_MAX, 4)));
        assertEquals(0, table.entry(0).number());
        assertTrue(table.claim(claim(0, Incarnation.AHEAD_MAX, 4)));
        assertTrue(table.claim(claim(0, 2 * Incarnation.AHEAD_MAX, 4)));
    }

    @Test
    void aRankThatThereIsNotHasNoRole() {
        assertFalse(table.claim(claim(0, 1, 6)));
        assertEquals(0, table.rank(0));
        table.decided(new Incarnation(0, 1, RUN, 0xffff));
        assertEquals(-1, table.rank(0));
        assertEquals(Verdict.SUPERSEDED, table.judge(0, new Voice(0, 0)), "the number counts all the same");
        assertTrue(table.claim(claim(0, 1, 5)));
        assertEquals(5, table.rank(0));
    }

    @Test
    void ofAnEarlierRunOnlyTheNumberCounts() {
        table.decided(new Incarnation(3, 2, RUN - 1, 5));
        assertEquals(-1, table.rank(3));
        assertEquals(Verdict.SUPERSEDED, table.judge(3, new Voice(3, 1)));
        assertTrue(table.claim(claim(3, 2, 3)));
        assertEquals(Verdict.CURRENT, table.judge(3, new Voice(3, 2)));
    }
}
