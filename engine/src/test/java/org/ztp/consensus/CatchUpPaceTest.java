package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatchUpPaceTest {
    private static final long MS = 1_000_000L;
    private static final long PORTION = 256;

    private final CatchUpPace pace = new CatchUpPace(200 * MS);
    private long nowNs = 17 * MS;
    private long height;
    private long workedNs;

    private static long heard(final long fromHeight, final long nowNs, final long blocksPerSecond) {
        return fromHeight + nowNs * blocksPerSecond / (1_000 * MS);
    }

    /** Catches up with peers that make blocks; each portion takes so long. How long it took, nanoseconds. */
    private long catchUp(final long missing, final long portionNs, final long blocksPerSecond) {
        final long startNs = nowNs;
        final long limitNs = startNs + 100_000_000 * MS;
        while (height < heard(missing, nowNs, blocksPerSecond) && nowNs < limitNs) {
            pace.ask(nowNs, heard(missing, nowNs, blocksPerSecond));
            final long taken = Math.min(PORTION, heard(missing, nowNs, blocksPerSecond) - height);
            nowNs += portionNs;
            workedNs += portionNs;
            height += taken;
            pace.take(nowNs, heard(missing, nowNs, blocksPerSecond), taken, 1, false);
            final long heard = heard(missing, nowNs, blocksPerSecond);
            pace.stored(nowNs, heard, heard - height);
            if (heard - height <= taken) {
                assertTrue(pace.isOver(nowNs), "near: it asks at once");
                return nowNs - startNs;
            }
            nowNs = Math.max(nowNs, pace.dueNs());
            assertTrue(pace.isOver(nowNs));
        }
        return nowNs - startNs;
    }

    @Test
    void whosePeersAreIdleDoesNotRest() {
        assertEquals(100 * 20 * MS, catchUp(101 * PORTION, 20 * MS, 0), 20 * MS);
    }

    @Test
    void aPortionIsAskedForWhenTheLastOneIsDurable() {
        pace.ask(nowNs, 1_000);
        pace.take(nowNs, 1_000, PORTION, 7, false);
        assertTrue(pace.isStoring());
        assertEquals(7, pace.ticket());
        assertTrue(pace.holds(nowNs + 60_000 * MS), "however long it takes");
        pace.stored(nowNs + 10 * MS, 1_000, 700);
        assertFalse(pace.isStoring());
        assertFalse(pace.holds(nowNs + 10 * MS));
    }

    @Test
    void itRestsFiveTimesAsLongAsAPortionTook() {
        pace.ask(nowNs, 1_000);
        pace.take(nowNs, 1_000, PORTION, 7, false);
        pace.stored(nowNs + 10 * MS, 1_001, 900);
        assertTrue(pace.holds(nowNs + 60 * MS - 1));
        assertTrue(pace.isOver(nowNs + 60 * MS));
        pace.rested();
        assertFalse(pace.isOver(nowNs + 60 * MS));
    }

    @Test
    void oneAnswerIsAwaitedAndAnotherPeerAskedLaterAndLater() {
        long patienceNs = 200 * MS;
        pace.ask(nowNs, 1_000);
        for (int i = 0; i < 6; i++) {
            assertTrue(pace.holds(nowNs + patienceNs - 1));
            nowNs += patienceNs;
            assertFalse(pace.holds(nowNs));
            pace.ask(nowNs, 1_000);
            patienceNs = Math.min(2 * patienceNs, CatchUpPace.PATIENCE_MAX_NS);
        }
        pace.take(nowNs + 100 * MS, 1_000, PORTION, 7, false);
        pace.stored(nowNs + 150 * MS, 1_000, 1);
        pace.ask(nowNs + 150 * MS, 1_000);
        assertTrue(pace.holds(nowNs + 949 * MS), "eight times as long as the last answer took");
        assertFalse(pace.holds(nowNs + 950 * MS));
    }

    /** 17 blocks came in 30 ms, in which peers made 12 or 24; sixteen seventeenths of them are late after 40 or 20 ms. */
    @ParameterizedTest
    @CsvSource({"12, false, 10", "24, true, 0"})
    void aPortionIsLateOnceItsPeersHaveMadeSixteenSeventeenthsOfIt(final long made, final boolean late, final long milliseconds) {
        pace.ask(nowNs, 1_000);
        assertEquals(late, pace.isLate(nowNs + 30 * MS, 1_000 + made, 17));
        assertFalse(pace.isLate(nowNs + 30 * MS, 1_000 + made, 0), "nothing came");
        pace.take(nowNs + 30 * MS, 1_000 + made, 17, 7, false);
        assertEquals(nowNs + (30 + milliseconds) * MS, pace.lateNs());
        assertFalse(pace.isLate(nowNs + 30 * MS, 1_000 + made, 17), "it is no answer to an open question");
    }

    @Test
    void whoAskedForMoreWaitsForThatAndKnowsWhatIsNotDurable() {
        pace.ask(nowNs, 1_000);
        pace.answered(nowNs + 30 * MS);
        pace.ask(nowNs + 30 * MS, 1_020);
        pace.take(nowNs + 40 * MS, 1_025, 10, 7, true);
        assertFalse(pace.isStoring());
        assertTrue(pace.holds(nowNs + 200 * MS));
        pace.take(nowNs + 50 * MS, 1_030, 10, 8, false);
        assertTrue(pace.isStoring());
        assertEquals(7, pace.earlierTicket());
        assertEquals(8, pace.ticket());
    }

    @Test
    void anAnswerThatBringsOnlyWhatIsHereByNowIsAnAnswer() {
        pace.passed(nowNs);
        assertFalse(pace.isOver(nowNs), "nothing was asked");
        pace.ask(nowNs, 1_000);
        assertTrue(pace.holds(nowNs + MS));
        pace.passed(nowNs + MS);
        assertTrue(pace.isOver(nowNs + MS));
    }

    @Test
    void aRestHasABound() {
        pace.ask(nowNs, 1_000);
        pace.take(nowNs, 1_000, PORTION, 7, false);
        pace.stored(nowNs + 10_000 * MS, 1_001, 900);
        assertTrue(pace.isOver(nowNs + 10_000 * MS + CatchUpPace.REST_MAX_NS));
    }

    /** Portions of 256 blocks, each in 20 ms: 12,800 blocks a second if it does nothing else. */
    @ParameterizedTest
    @CsvSource({"100", "1000", "1700", "2100", "5000", "9000", "10000"})
    void itGetsThereWithoutTakingMoreThanItNeeds(final long blocksPerSecond) {
        final long missing = 400 * PORTION;
        final long tookNs = catchUp(missing, 20 * MS, blocksPerSecond);
        final long aloneNs = 400 * 20 * MS;
        final long peersNs = missing * 1_000 * MS / blocksPerSecond;
        assertTrue(tookNs <= Math.max(2 * 6 * aloneNs, 17 * peersNs),
            "took " + tookNs / MS + " ms, alone " + aloneNs / MS + " ms, peers took " + peersNs / MS + " ms");
        final double share = (double) workedNs / tookNs;
        final double needed = 17.0 / 16 * blocksPerSecond / 12_800;
        assertTrue(share <= Math.max(1.0 / 6, needed) * 1.1 + 0.02, "share " + share + " needed " + needed);
    }
}
