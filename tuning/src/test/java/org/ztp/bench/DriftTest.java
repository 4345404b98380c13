package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class DriftTest {
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final long MILLI_NS = 1_000_000;
    private static final long MIB = 1 << 20;

    /** An interval of 1,000 bundles: 980 of one latency, 20 of another. */
    private static Drift.Interval interval(final long most, final long slowest, final long live, final long heap,
                                           final long resident) {
        final Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(most * MILLI_NS, 980);
        latencies.recordValueWithCount(slowest * MILLI_NS, 20);
        return new Drift.Interval(latencies, 60_000, new Drift.Memory(live * MIB, heap * MIB, resident * MIB));
    }

    private static boolean isSteady(final Drift.Interval first, final Drift.Interval last) {
        return new Drift(List.of(first, interval(900, 900, 0, 0, 9_000), last), MINUTE_NS).isSteady();
    }

    @Test
    void whatEndsAsItBeganIsSteadyWhateverWasBetween() {
        final Drift.Interval first = interval(10, 20, 100, 800, 1_000);
        assertTrue(isSteady(first, first));
        assertTrue(isSteady(first, interval(12, 34, 170, 800, 1_160)), "noise");
        assertTrue(isSteady(first, interval(1, 2, 50, 400, 500)), "less of everything");
    }

    @Test
    void latencyOrMemoryThatGrewIsNot() {
        final Drift.Interval first = interval(10, 20, 100, 800, 1_000);
        assertFalse(isSteady(first, interval(14, 20, 100, 800, 1_000)), "p50");
        assertFalse(isSteady(first, interval(10, 36, 100, 800, 1_000)), "p99");
        assertFalse(isSteady(first, interval(10, 20, 180, 800, 1_000)), "live heap");
        assertFalse(isSteady(first, interval(10, 20, 100, 800, 1_200)), "resident");
    }

    @Test
    void roomThatTheHeapTookForGarbageIsNoLeak() {
        assertTrue(isSteady(interval(10, 20, 100, 800, 1_000), interval(10, 20, 100, 1_200, 1_400)));
        assertFalse(isSteady(interval(10, 20, 100, 800, 1_000), interval(10, 20, 100, 1_200, 1_700)));
    }

    @Test
    void eachIntervalIsTold() {
        final Drift drift = new Drift(List.of(interval(10, 20, 100, 800, 1_000), interval(30, 40, 100, 800, 1_000)),
            MINUTE_NS);
        final Map<String, Object> out = new LinkedHashMap<>();
        drift.document(out);
        assertEquals(false, out.get("steady"));
        assertEquals(60.0, out.get("intervalSeconds"));
        assertEquals(2, ((List<?>) out.get("intervals")).size());
        assertTrue(drift.text().contains("to  60.0 s"), drift.text());
        assertTrue(drift.text().contains("NOT steady"), drift.text());
        assertEquals(2_000, drift.latencies().getTotalCount());
    }
}
