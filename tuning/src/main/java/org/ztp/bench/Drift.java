package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Whether a long run stays as it began: its first quarter beside its last one.
 *
 * @param firstQuarter times from submission to final in the first quarter, nanoseconds
 * @param lastQuarter the same of the last quarter
 * @param before memory at the end of the first quarter, when what grows in the beginning has grown
 * @param after memory at the end of the last one
 */
record Drift(Histogram firstQuarter, Histogram lastQuarter, Memory before, Memory after) {
    private static final double MIB = 1 << 20;

    /**
     * What the process holds.
     *
     * @param liveHeapBytes what the last collections of the heap's pools left, 0 if there was none yet
     * @param residentBytes memory of the whole process that is in use, as the kernel counts it
     */
    record Memory(long liveHeapBytes, long residentBytes) {
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
                return new Memory(live, Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).sum());
            } catch (final IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Adds its figures by their names; times in microseconds, memory in MiB. */
    void document(final Map<String, Object> out) {
        out.put("p50MicrosFirstQuarter", micros(firstQuarter, 50));
        out.put("p50MicrosLastQuarter", micros(lastQuarter, 50));
        out.put("p99MicrosFirstQuarter", micros(firstQuarter, 99));
        out.put("p99MicrosLastQuarter", micros(lastQuarter, 99));
        out.put("liveHeapMiBFirstQuarter", mebibytes(before.liveHeapBytes()));
        out.put("liveHeapMiBLastQuarter", mebibytes(after.liveHeapBytes()));
        out.put("residentMiBFirstQuarter", mebibytes(before.residentBytes()));
        out.put("residentMiBLastQuarter", mebibytes(after.residentBytes()));
    }

    /** Two lines for people. */
    String text() {
        return """
            first to last quarter  p50 %.2f to %.2f ms   p99 %.2f to %.2f ms
                  live heap %.0f to %.0f MiB   resident %.0f to %.0f MiB""".formatted(
            micros(firstQuarter, 50) / 1e3, micros(lastQuarter, 50) / 1e3, micros(firstQuarter, 99) / 1e3,
            micros(lastQuarter, 99) / 1e3, mebibytes(before.liveHeapBytes()), mebibytes(after.liveHeapBytes()),
            mebibytes(before.residentBytes()), mebibytes(after.residentBytes()));
    }

    private static double micros(final Histogram latencies, final double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    private static double mebibytes(final long bytes) {
        return Math.round(bytes / MIB * 10) / 10.0;
    }
}
