package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Everything by a clock of the test's own; times in milliseconds. */
class FailureDetectorTest {
    private static final long LIMIT = 1_000;
    private static final long HEARTBEAT = 100;
    private static final long NANOS = 1_000_000;
    /** Below what any clock shows, so that it runs over in between. */
    private static final long ORIGIN_NS = Long.MAX_VALUE - 3_000 * NANOS;

    private final FailureDetector detector = new FailureDetector(List.of(1, 2), LIMIT * NANOS, HEARTBEAT * NANOS, at(0));
    private long now;

    private static long at(final long millis) {
        return ORIGIN_NS + millis * NANOS;
    }

    /** Looks after so long; what has changed. */
    private boolean look(final long millis) {
        final long before = now;
        now += millis;
        return detector.changed(at(now), at(before));
    }

    private void hear(final int... peers) {
        for (final int peer : peers) {
            detector.heard(peer, at(now));
        }
    }

    /** Both peers speak that often, for so long. */
    private void regular(final long every, final long millis) {
        for (long passed = 0; passed < millis; passed += HEARTBEAT) {
            look(HEARTBEAT);
            if (passed % every == 0) {
                hear(1, 2);
            }
        }
    }

    /** How long peer 2 is silent, while 1 goes on, until it is suspected. */
    private long silenceUntilSuspected() {
        hear(1, 2);
        look(0); // who was suspected is back
        final long since = now;
        while (detector.suspected().isEmpty()) {
            look(10);
            hear(1);
        }
        assertEquals(Set.of(2), detector.suspected());
        return now - since;
    }

    @Test
    void onACalmMachineHalfTheLimitIsEnough() {
        regular(HEARTBEAT, 5_000);
        assertEquals(LIMIT / 2 + 10, silenceUntilSuspected());
    }

    @Test
    void aPeerThatSpokeLateOfLateHasTheWholeLimit() {
        regular(4 * HEARTBEAT, 5_000);
        assertEquals(LIMIT + 10, silenceUntilSuspected());
    }

    @Test
    void inBetweenTheLimitFollowsTheLongestSilence() {
        regular(HEARTBEAT, 5_000);
        look(HEARTBEAT);
        hear(1);
        look(HEARTBEAT);
        hear(1, 2); // two heartbeats after its word before
        final long silence = silenceUntilSuspected();
        assertTrue(silence > LIMIT / 2 + 10 && silence < LIMIT, () -> "after " + silence);
    }

    @Test
    void whenTheLoadHasPassedHalfTheLimitIsEnoughAgain() {
        regular(4 * HEARTBEAT, 5_000);
        regular(HEARTBEAT, 30_000);
        assertEquals(LIMIT / 2 + 10, silenceUntilSuspected());
    }

    @Test
    void whoLooksLateItselfGivesOthersTheWholeLimit() {
        regular(HEARTBEAT, 5_000);
        look(4 * HEARTBEAT);
        assertEquals(LIMIT + 10, silenceUntilSuspected());
    }

    @Test
    void whatThisReplicaSleptThroughIsNoSilenceOfItsPeers() {
        regular(HEARTBEAT, 5_000);
        assertFalse(look(20 * LIMIT));
        assertEquals(Set.of(), detector.suspected());
    }

    @Test
    void whoIsHeardAgainIsBackAtTheNextLook() {
        silenceUntilSuspected();
        hear(2);
        assertTrue(look(10));
        assertEquals(Set.of(), detector.suspected());
        assertFalse(look(10));
    }

    @Test
    void whoIsNoPeerIsNotMissed() {
        hear(9);
        look(HEARTBEAT);
        assertEquals(Set.of(), detector.suspected());
    }

    @Test
    void threeHeartbeatsAreNeverTooLong() {
        final FailureDetector slow = new FailureDetector(List.of(1), LIMIT * NANOS, 300 * NANOS, at(0));
        assertFalse(slow.changed(at(900), at(800)));
        assertTrue(slow.changed(at(901), at(900)));
    }

    @Property(tries = 200)
    void aPeerIsMissedBetweenHalfTheLimitAndTheLimit(@ForAll final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            look(1 + random.nextInt(400));
            hear(1);
            if (random.nextInt(3) > 0) {
                hear(2);
            }
        }
        final long silence = silenceUntilSuspected();
        assertTrue(silence > LIMIT / 2 && silence <= LIMIT + 10, () -> "after " + silence);
    }
}
