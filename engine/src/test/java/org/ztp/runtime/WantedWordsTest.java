package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.transport.RoleTable;
import org.ztp.wire.Hash;

class WantedWordsTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final Incarnation NEXT = new Incarnation(3, 1, 7, 4);
    private static final Incarnation OTHER = new Incarnation(3, 1, 7, 5);

    private final RoleTable roles = new RoleTable(CHAIN, 7, 9, new int[8], WantedWordsTest::check);
    private final WantedWords words = new WantedWords(CHAIN, WantedWordsTest::check, roles,
        role -> role < 4 ? List.of(0, 1, 2, 3) : List.of(4, 5, 6, 7));

    private static boolean check(final int replica, final byte[] message, final byte[] signature) {
        return Arrays.equals(sign(replica, message), signature);
    }

    private static byte[] sign(final int replica, final byte[] message) {
        return Arrays.copyOf(Hash.sha256(new byte[] {(byte) replica}, message).toBytes(), 64);
    }

    private void say(final int member, final Incarnation next) {
        words.add(member, next, sign(member, next.signedBytes(CHAIN)));
    }

    @Test
    void aQuorumOfWordsForOneIncarnationIsEnough() {
        say(2, NEXT);
        say(0, NEXT);
        say(0, NEXT);
        assertTrue(words.complete(NEXT, 3).isEmpty());
        say(1, NEXT);
        assertEquals(List.of(0, 1, 2), words.complete(NEXT, 3).orElseThrow().words().stream().map(Word::replica).toList());
    }

    @Test
    void theLastWordOfAMemberCounts() {
        say(0, NEXT);
        say(1, NEXT);
        say(2, OTHER);
        assertTrue(words.complete(NEXT, 3).isEmpty());
        say(2, NEXT);
        assertTrue(words.complete(NEXT, 3).isPresent());
        assertTrue(words.complete(OTHER, 1).isEmpty());
    }

    @Test
    void forgedWordsAndTheRolesOwnCountForNothing() {
        words.add(0, NEXT, sign(1, NEXT.signedBytes(CHAIN)));
        say(3, NEXT);
        say(1, new Incarnation(9, 1, 7, 4));
        assertTrue(words.complete(NEXT, 1).isEmpty());
    }

    @Test
    void aReplicaOfAnotherSubClusterCannotSpoilTheTransaction() {
        final Incarnation next = new Incarnation(7, 1, 7, 9);
        say(0, next); // the ledger would refuse all words because of this one
        say(4, next);
        say(5, next);
        assertTrue(words.complete(next, 3).isEmpty());
        say(6, next);
        assertEquals(List.of(4, 5, 6), words.complete(next, 3).orElseThrow().words().stream().map(Word::replica).toList());
    }

    @Test
    void whatIsNoLongerAheadIsForgotten() {
        say(0, NEXT);
        roles.decided(NEXT);
        words.forgetPast();
        assertTrue(words.complete(NEXT, 1).isEmpty());
    }
}
