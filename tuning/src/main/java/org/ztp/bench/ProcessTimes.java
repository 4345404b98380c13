package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time that processes have used so far, as Linux accounts it (proc(5)).
 *
 * @param cpuNs all of it, nanoseconds
 * @param compilerNs that of the threads which compile, nanoseconds: less the longer a virtual machine has run
 */
record ProcessTimes(long cpuNs, long compilerNs) {
    private static final String COMPILER = "C[12] CompilerThre.*";

    /** Those of processes that run, together; of one that ends meanwhile what can still be read. */
    static ProcessTimes of(final Stream<ProcessHandle> processes) {
        long cpuNs = 0;
        long compilerNs = 0;
        for (final ProcessHandle one : processes.toList()) {
            cpuNs += one.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
            compilerNs += compilerNs(Path.of("/proc", Long.toString(one.pid()), "task"));
        }
        return new ProcessTimes(cpuNs, compilerNs);
    }

    private static long compilerNs(final Path tasks) {
        long sum = 0;
        try {
            for (final Path task : tasks(tasks)) {
                sum += taskNs(task);
            }
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return sum;
    }

    private static List<Path> tasks(final Path tasks) throws IOException {
        try (Stream<Path> all = Files.list(tasks)) {
            return all.toList();
        } catch (final NoSuchFileException ended) {
            return List.of();
        }
    }

    /** The first number of schedstat is the time on a processor, nanoseconds. */
    private static long taskNs(final Path task) throws IOException {
        try {
            return Files.readString(task.resolve("comm")).strip().matches(COMPILER)
                ? Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]) : 0;
        } catch (final NoSuchFileException ended) {
            return 0;
        }
    }

    /**
     * What came between an earlier look and this one; never less than nothing, though a thread that ended takes its
     * time along.
     */
    ProcessTimes since(final ProcessTimes earlier) {
        return new ProcessTimes(Math.max(0, cpuNs - earlier.cpuNs), Math.max(0, compilerNs - earlier.compilerNs));
    }

    /** Part of it that was compiling, 0 .. 1. */
    double compilerShare() {
        return cpuNs == 0 ? 0 : Math.min(1, (double) compilerNs / cpuNs);
    }
}
