package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Of a replica 3 of four, with a quorum of three, to which words count for a thousand. */
final class RecencyTest {
    private static final long RECENT_NS = 1_000;

    private final Recency recency = new Recency(3, RECENT_NS, 0, 0);

    private void tell(final long nowNs, final long finalHeight, final long... heights) {
        for (int member = 0; member < heights.length; member++) {
            recency.told(member, heights[member], finalHeight, nowNs, 0);
        }
    }

    private boolean isRecent(final long finalHeight, final long nowNs) {
        return recency.isRecent(finalHeight, nowNs, 0);
    }

    @Test
    void whoHasHeardNothingCannotTell() {
        assertFalse(isRecent(4, 0));
    }

    @Test
    void aQuorumThatIsNoFurtherIsEnoughWhateverALiarSays() {
        recency.told(3, 4, 4, 10, 0);
        recency.told(0, Long.MAX_VALUE, 4, 10, 0);
        recency.told(1, 4, 4, 20, 0);
        assertFalse(isRecent(4, 20), "one of two honest peers has not spoken");
        recency.told(2, 3, 4, 30, 0);
        assertTrue(isRecent(4, 30));
    }

    @Test
    void aLiarThatNamesAnOldHeightDoesNotOutweighTwoHonestPeers() {
        tell(10, 4, 4, 5_000, 5_000, 4);
        assertFalse(isRecent(4, 10));
        tell(20, 4, 4, 5_000, 4, 4);
        assertTrue(isRecent(4, 20), "three of four are no further");
    }

    @Test
    void wordsCountForAWhileAndNoLonger() {
        tell(0, 4, 4, 4, 4, 4);
        for (long ns = 100; ns <= 2_000; ns += 100) {
            tell(ns, 4, 4, 5, 5, 4);
            assertTrue(isRecent(4, ns) == ns <= RECENT_NS, "at " + ns);
        }
        assertTrue(isRecent(5, 2_000), "what was said of 5 is true here now");
    }

    /** On a busy chain the peers are always a little ahead. */
    @Test
    void whoFollowsCloselyIsRecentAtAllTimes() {
        for (long ns = 100; ns <= 5_000; ns += 100) {
            tell(ns, ns - 350, ns, ns, ns, ns - 350);
            assertTrue(ns < 500 || isRecent(ns - 350, ns), "at " + ns);
        }
        for (long ns = 5_100; ns <= 20_000; ns += 100) {
            tell(ns, ns - 3_000, ns, ns, ns, ns - 3_000);
            assertFalse(ns > 9_000 && isRecent(ns - 3_000, ns), "at " + ns);
        }
    }

    @Test
    void whatWaitedWhileThisReplicaSleptDoesNotCount() {
        tell(10, 4, 4, 4, 4, 4);
        tell(50_000, 4, 4, 4, 4, 4);
        assertFalse(isRecent(4, 50_000));
        tell(50_900, 4, 4, 4, 4, 4);
        assertFalse(isRecent(4, 50_900));
        tell(51_000, 4, 4, 4, 4, 4);
        assertTrue(isRecent(4, 51_000));
    }

    @Test
    void whatWasHeardBeforeTheMachineWasSuspendedDoesNotCount() {
        tell(10, 4, 4, 4, 4, 4);
        assertTrue(isRecent(4, 20));
        assertFalse(recency.isRecent(4, 30, 7_200_000), "two hours in which the one clock stood still");
        for (int member = 0; member < 4; member++) {
            recency.told(member, 4, 4, 900, 7_200_000);
        }
        assertFalse(recency.isRecent(4, 900, 7_200_000), "that may have waited");
        for (int member = 0; member < 4; member++) {
            recency.told(member, 4, 4, 1_030, 7_200_000);
        }
        assertTrue(recency.isRecent(4, 1_030, 7_200_000));
        assertTrue(recency.isRecent(4, 1_040, 0), "a clock that was set back");
    }
}
