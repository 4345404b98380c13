package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.consensus.FourReplicas.GROUP;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replica 0 of four, and what its three peers say; one of them may lie. */
class PeerHeightsTest {
    private static final List<Integer> ALL = List.of(1, 2, 3);

    private final PeerHeights peers = new PeerHeights(GROUP, 0);

    @Test
    void whatOneAloneSaysIsNotSureButWhatACertificateShowsIs() {
        peers.told(3, Long.MAX_VALUE);
        assertEquals(0, peers.sure());
        peers.told(1, 7);
        assertEquals(7, peers.sure());
        peers.shown(3, 9);
        assertEquals(9, peers.sure());
        peers.told(2, 4);
        assertEquals(9, peers.sure(), "what was final is so");
    }

    @Test
    void whoDoesNotAnswerIsAskedMoreAndMoreSeldom() {
        final int[] asked = IntStream.range(0, 100).filter(question -> {
            final int giver = peers.nextGiver(ALL);
            if (giver == 3) {
                peers.gaveNothing(giver);
            } else {
                peers.gave(giver);
            }
            return giver == 3;
        }).toArray();
        assertTrue(asked.length >= 3 && asked.length <= 5, "asked " + asked.length + " times");
        peers.gave(3);
        assertTrue(IntStream.range(0, 3).anyMatch(question -> peers.nextGiver(ALL) == 3), "its turn again");
    }

    @Test
    void whereNobodyAnswersAllAreAskedInTurn() {
        for (int round = 0; round < 50; round++) {
            assertEquals(3, IntStream.range(0, 3).map(question -> {
                final int giver = peers.nextGiver(ALL);
                peers.gaveNothing(giver);
                return giver;
            }).distinct().count());
        }
        assertEquals(2, peers.nextGiver(List.of(2)));
    }
}
