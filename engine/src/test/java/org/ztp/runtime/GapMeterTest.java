package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GapMeterTest {
    private static final long MS = 1_000_000L;
    private final GapMeter meter = new GapMeter();

    @Test
    void aTimeWithoutBlocksThoughThereIsWorkIsAGap() {
        meter.look(true, 1_000 * MS);
        meter.finalized(1_010 * MS, 1);
        assertEquals(new GapMeter.Gap(0, 0), meter.last());
        meter.look(true, 1_500 * MS);
        meter.finalized(2_010 * MS, 42);
        assertEquals(new GapMeter.Gap(1_000, 42), meter.last());
    }

    @Test
    void idleTimeIsNone() {
        meter.look(true, 1_000 * MS);
        meter.finalized(1_010 * MS, 1);
        meter.look(false, 1_020 * MS);
        meter.look(true, 9_000 * MS);
        meter.finalized(9_100 * MS, 2);
        assertEquals(new GapMeter.Gap(0, 0), meter.last());
    }
}
