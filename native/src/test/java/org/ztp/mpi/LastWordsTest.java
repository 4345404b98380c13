package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rules by which ranks are asked, waited for and given up, at times that the test says. */
final class LastWordsTest {
    private static final long APART_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long HOURS_NS = TimeUnit.HOURS.toNanos(3);

    private final LastWords words = new LastWords();

    private void stopping(final int rank, final long atNs) {
        words.heard(RankLine.of("stopping dir=/c rank=" + rank).orElseThrow(), atNs);
    }

    private void stopped(final int rank, final long atNs) {
        words.heard(RankLine.of("stopped dir=/c height=1 rank=" + rank).orElseThrow(), atNs);
    }

    private static long seconds(final long seconds) {
        return HOURS_NS + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void whatARankSaidDuringTheServiceEndsNoOther() {
        stopping(1, 5);
        stopped(1, 10);
        words.begin(Set.of(0, 2), APART_NS, HOURS_NS);
        assertFalse(words.areSpoken(Set.of(0, 2), HOURS_NS));
        assertEquals(Set.of(0, 2), words.toAsk(Set.of(0, 2), HOURS_NS));
    }

    @Test
    void ranksWhoseRolesPassedOnAreNotAwaitedToStop() {
        for (int spare = 4; spare < 9; spare++) {
            assertFalse(words.haveMostStopped(9));
            words.heard(RankLine.of("takes over replica=1 incarnation=" + (spare - 3) + " rank=" + spare + " pid=7").orElseThrow(), 1);
        }
        stopped(0, 5);
        stopped(2, 5);
        assertFalse(words.haveMostStopped(9));
        stopped(3, 5);
        assertTrue(words.haveMostStopped(9));
    }

    @Test
    void whoWasNotReachedIsAskedAgainThoughOthersStop() {
        words.begin(Set.of(0, 1), APART_NS, HOURS_NS);
        assertEquals(Set.of(0, 1), words.toAsk(Set.of(0, 1), HOURS_NS));
        words.asked(Set.of(0, 1), Set.of(0, 1));
        stopping(0, seconds(1));
        stopped(0, seconds(2));
        assertEquals(Set.of(), words.toAsk(Set.of(1), seconds(9)));
        assertFalse(words.areSpoken(Set.of(1), seconds(11)));
        assertEquals(Set.of(1), words.toAsk(Set.of(1), seconds(11)));
        assertFalse(words.areSpoken(Set.of(1), seconds(20)));
        assertTrue(words.areSpoken(Set.of(1), seconds(21)));
        assertEquals(Set.of(1), words.notInOrder());
    }

    @Test
    void ifNobodyAnswersAllAreAskedForAMinute() {
        words.begin(Set.of(0, 1), APART_NS, HOURS_NS);
        for (int at = 0; at < 60; at += 10) {
            assertFalse(words.areSpoken(Set.of(0, 1), seconds(at)));
            assertEquals(Set.of(0, 1), words.toAsk(Set.of(0, 1), seconds(at)));
        }
        assertTrue(words.areSpoken(Set.of(0, 1), seconds(60)));
    }

    @Test
    void whoSaysThatItHandsOverIsWaitedForAsLongAsItSaysSo() {
        words.begin(Set.of(0), APART_NS, HOURS_NS);
        words.toAsk(Set.of(0), HOURS_NS);
        for (int at = 1; at < 3_600; at += 15) {
            stopping(0, seconds(at));
            assertFalse(words.areSpoken(Set.of(0), seconds(at + 14)));
            assertEquals(Set.of(), words.toAsk(Set.of(0), seconds(at + 14)));
        }
        final long last = 1 + 15 * 239;
        assertEquals(Set.of(0), words.toAsk(Set.of(0), seconds(last + 60)));
        assertTrue(words.areSpoken(Set.of(0), seconds(last + 70)));
        assertEquals(Set.of(0), words.notInOrder());
    }

    @Test
    void whoHasStoppedAndDoesNotExitIsGivenUp() {
        words.begin(Set.of(0), APART_NS, HOURS_NS);
        words.toAsk(Set.of(0), HOURS_NS);
        stopped(0, seconds(1));
        assertFalse(words.areSpoken(Set.of(0), seconds(10)));
        assertTrue(words.areSpoken(Set.of(0), seconds(11)));
        assertEquals(Set.of(), words.notInOrder());
        assertEquals(1, words.stopped());
    }

    @Test
    void whoWasGoneBeforeTheEndIsNotExpectedToStop() {
        words.begin(Set.of(0, 1), APART_NS, HOURS_NS);
        words.asked(words.toAsk(Set.of(0, 1), HOURS_NS), Set.of(0));
        stopped(0, seconds(1));
        assertEquals(Set.of(), words.notInOrder());
    }

    @Test
    void whoSaysThatItCouldNotEndInOrderIsToldUnlessAnotherHasTheRole() {
        final RankLine failed = RankLine.of("not stopped in order dir=/c replica=2 incarnation=0 rank=2 pid=9").orElseThrow();
        words.heard(failed, 5);
        assertEquals(Set.of(2), words.notInOrder());
        words.heard(RankLine.of("takes over replica=2 incarnation=1 rank=4 pid=10").orElseThrow(), 6);
        assertEquals(Set.of(), words.notInOrder());
    }
}
