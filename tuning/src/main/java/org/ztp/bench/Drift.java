package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Whether a run stays as it began: its intervals, and the first beside the last one.
 *
 * @param intervals two or more of the same length, one after another
 * @param intervalNs the length, nanoseconds
 */
record Drift(List<Interval> intervals, long intervalNs) {
    private static final double MIB = 1 << 20;
    /** What is not drift: this part of the first interval's figure, and so much beside. */
    private static final double MORE_P50 = 1.25;
    private static final double MORE_P50_MICROS = 500;
    private static final double MORE_P99 = 1.5;
    private static final double MORE_P99_MICROS = 5_000;
    private static final double MORE_MEMORY = 1.1;
    private static final double MORE_MEMORY_MIB = 64;

    /**
     * What was seen in one interval.
     *
     * @param latencies times from submission to final, nanoseconds
     * @param transactions that became final
     * @param memory at the end
     */
    record Interval(Histogram latencies, long transactions, Memory memory) {
        private double micros(final double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e3;
        }
    }

    /**
     * What the process holds.
     *
     * @param liveHeapBytes what the last collections of the heap's pools left, 0 if there was none yet
     * @param heapBytes room that the heap has taken, live or not
     * @param residentBytes memory of the whole process that is in use, as the kernel counts it
     */
    record Memory(long liveHeapBytes, long heapBytes, long residentBytes) {
        private static final Path STATUS = Path.of("/proc/self/status");

        /** As it is now. */
        static Memory now() {
            long live = 0;
            for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                    live += pool.getCollectionUsage().getUsed();
                }
            }
            try {
                return new Memory(live, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted(),
                    Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).sum());
            } catch (final IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private Interval first() {
        return intervals.get(0);
    }

    private Interval last() {
        return intervals.get(intervals.size() - 1);
    }

    /** All latencies of the run. */
    Histogram latencies() {
        final Histogram all = first().latencies().copy();
        intervals.subList(1, intervals.size()).forEach(one -> all.add(one.latencies()));
        return all;
    }

    /**
     * Whether neither latency nor memory of the last interval are above the first one's by more than is noise; never if nothing
     * became final in it.
     */
    boolean isSteady() {
        return last().transactions() > 0 && last().micros(50) <= MORE_P50 * first().micros(50) + MORE_P50_MICROS
            && last().micros(99) <= MORE_P99 * first().micros(99) + MORE_P99_MICROS
            && isFlat(first().memory().liveHeapBytes(), last().memory().liveHeapBytes())
            && isFlat(first().memory().residentBytes(), last().memory().residentBytes() - moreHeapBytes());
    }

    /**
     * A heap that takes more room with the same live bytes saves collections: that ends at its limit, and leaks
     * nothing.
     */
    private long moreHeapBytes() {
        return Math.max(0, last().memory().heapBytes() - first().memory().heapBytes());
    }

    private static boolean isFlat(final long before, final long after) {
        return after <= MORE_MEMORY * before + MORE_MEMORY_MIB * MIB;
    }

    /** Adds its figures by their names; times in microseconds, memory in MiB. */
    void document(final Map<String, Object> out) {
        out.put("steady", isSteady());
        out.put("intervalSeconds", BenchResult.round(intervalNs / 1e9));
        out.put("intervals", intervals.stream().map(this::document).toList());
    }

    private Map<String, Object> document(final Interval one) {
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("txPerSecond", BenchResult.round(perSecond(one)));
        out.put("p50Micros", BenchResult.round(one.micros(50)));
        out.put("p99Micros", BenchResult.round(one.micros(99)));
        out.put("maxMicros", BenchResult.round(one.latencies().getMaxValue() / 1e3));
        out.put("liveHeapMiB", mebibytes(one.memory().liveHeapBytes()));
        out.put("heapMiB", mebibytes(one.memory().heapBytes()));
        out.put("residentMiB", mebibytes(one.memory().residentBytes()));
        return out;
    }

    private double perSecond(final Interval one) {
        return one.transactions() * 1e9 / intervalNs;
    }

    /** A line for each interval, and what they say, for people. */
    String text() {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < intervals.size(); i++) {
            final Interval one = intervals.get(i);
            out.append("  to %5.1f s %,12.0f   p50 %.2f ms   p99 %.2f ms   max %.2f ms".formatted(
                (i + 1) * intervalNs / 1e9, perSecond(one), one.micros(50) / 1e3, one.micros(99) / 1e3,
                one.latencies().getMaxValue() / 1e6));
            out.append("   live heap %.0f of %.0f MiB   resident %.0f MiB%n".formatted(
                mebibytes(one.memory().liveHeapBytes()), mebibytes(one.memory().heapBytes()),
                mebibytes(one.memory().residentBytes())));
        }
        return out.append("  the last one beside the first: ")
            .append(isSteady() ? "steady, neither latency nor memory grew" : "NOT steady: latency or memory grew, or nothing became final")
            .toString();
    }

    private static double mebibytes(final long bytes) {
        return Math.round(bytes / MIB * 10) / 10.0;
    }
}
