package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
    private final WarmUp warmUp = new WarmUp();

    @Test
    void theFirstIntervalIsNotEnough() {
        assertTrue(warmUp.goesOn());
        warmUp.interval(1_000, 0);
        assertTrue(warmUp.goesOn());
    }

    @Test
    void itIsOverWhenAnIntervalIsHardlyFasterAndLittleIsCompiled() {
        warmUp.interval(1_000, 0.3);
        warmUp.interval(1_031, 0.04);
        assertTrue(warmUp.goesOn(), "more than 3 % faster");
        warmUp.interval(1_061, 0.041);
        assertTrue(warmUp.goesOn(), "more than 4 % compiled");
        warmUp.interval(1_092, 0.04);
        assertFalse(warmUp.goesOn());
    }

    @Test
    void aSlowerIntervalEndsItToo() {
        warmUp.interval(1_000, 0.01);
        warmUp.interval(500, 0.01);
        assertFalse(warmUp.goesOn());
    }

    @Test
    void whatIsNeverWarmIsMeasuredAfterTwelveIntervals() {
        int intervals = 0;
        for (; warmUp.goesOn(); intervals++) {
            warmUp.interval(1_000, 0.5);
        }
        assertEquals(WarmUp.MOST_INTERVALS, intervals);
        assertEquals(12, intervals);
    }
}
