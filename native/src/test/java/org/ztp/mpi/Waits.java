package org.ztp.mpi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long the threads of ranks that commits wait for were ready to run and did not get a processor, as Linux counts it
 * for each thread, and how long a virtual machine's processors were taken away, which no thread's count has. A rank of a busy
 * machine is later by that, and nobody can be quicker.
 */
final class Waits {
    private static final Pattern THREADS = Pattern.compile("ztp-(replica|mpi|journal|ingest|ranks).*");
    private static final long NANOS_A_MILLI = 1_000_000;
    /** In /proc/stat time is in hundredths of a second; the eighth number is what was taken away, of all processors together. */
    private static final long NANOS_A_TICK = 10_000_000;
    private static final int STOLEN = 8;

    private final Map<Long, Long> beforeNs = new HashMap<>();
    private final long stolenNs = stolenNs();

    /** Begins to count for some processes. */
    Waits(final List<Long> pids) throws IOException {
        for (final long pid : pids) {
            beforeNs.put(pid, waitedNs(pid));
        }
    }

    /**
     * How long the threads of the one process waited together that waited longest since then, and all processors were taken
     * away; those that ended do not count.
     */
    long longestMillis() throws IOException {
        long longestNs = 0;
        for (final Map.Entry<Long, Long> before : beforeNs.entrySet()) {
            longestNs = Math.max(longestNs, waitedNs(before.getKey()) - before.getValue());
        }
        return (longestNs + stolenNs() - stolenNs) / NANOS_A_MILLI;
    }

    private static long stolenNs() throws IOException {
        final String[] all = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        return all.length > STOLEN ? Long.parseLong(all[STOLEN]) * NANOS_A_TICK : 0;
    }

    private static long waitedNs(final long pid) throws IOException {
        final Path tasks = Path.of("/proc", Long.toString(pid), "task");
        long sum = 0;
        if (Files.exists(tasks)) {
            try (Stream<Path> threads = Files.list(tasks)) {
                for (final Path thread : threads.toList()) {
                    sum += ofThread(thread);
                }
            } catch (final UncheckedIOException | NoSuchFileException ended) {
                return 0;
            }
        }
        return sum;
    }

    /** {@code schedstat} is: time on a processor, time waited for one, nanoseconds, and turns. */
    private static long ofThread(final Path thread) {
        try {
            return THREADS.matcher(Files.readString(thread.resolve("comm")).strip()).matches()
                ? Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[1]) : 0;
        } catch (final IOException ended) {
            return 0; // between the list and the look
        }
    }
}
