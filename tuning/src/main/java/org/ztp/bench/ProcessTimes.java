package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time that processes have used so far, as Linux accounts it (proc(5)).
 *
 * @param cpuNs all of it, nanoseconds
 * @param compilerNs that of the threads which compile, nanoseconds: less the longer a virtual machine has run; -1 if the
 *     kernel does not tell the times of threads
 */
record ProcessTimes(long cpuNs, long compilerNs) {
    private static final String COMPILER = "C[12] CompilerThre.*";
    private static final String TIMES = "schedstat";
    private static final long UNTOLD = -1;

    /** Those of processes that run, together; of one that ends meanwhile what can still be read. */
    static ProcessTimes of(final Stream<ProcessHandle> processes) {
        return of(Path.of("/proc"), processes);
    }

    /** The same, as a directory tells them. */
    static ProcessTimes of(final Path proc, final Stream<ProcessHandle> processes) {
        long cpuNs = 0;
        long compilerNs = 0;
        for (final ProcessHandle one : processes.toList()) {
            cpuNs += one.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
            for (final Path task : tasks(proc.resolve(Long.toString(one.pid())).resolve("task"))) {
                compilerNs += compilerNs(task);
            }
        }
        return new ProcessTimes(cpuNs, Files.exists(proc.resolve("self").resolve(TIMES)) ? compilerNs : UNTOLD);
    }

    private static List<Path> tasks(final Path tasks) {
        try (Stream<Path> all = Files.list(tasks)) {
            return all.toList();
        } catch (final IOException | UncheckedIOException ended) {
            return List.of();
        }
    }

    /**
     * That of one thread: the first number of schedstat is its time on a processor, nanoseconds. A thread that ends while it is
     * looked at has no files any more, or such as cannot be read (ESRCH).
     */
    private static long compilerNs(final Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip().matches(COMPILER)
                ? Long.parseLong(Files.readString(task.resolve(TIMES)).split(" ")[0]) : 0;
        } catch (final IOException ended) {
            return 0;
        }
    }

    /**
     * What came between an earlier look and this one; never less than nothing, though a thread that ended takes its
     * time along.
     */
    ProcessTimes since(final ProcessTimes earlier) {
        return new ProcessTimes(Math.max(0, cpuNs - earlier.cpuNs), isTold() ? Math.max(0, compilerNs - earlier.compilerNs) : UNTOLD);
    }

    /** Whether it is known how much of it was compiling. */
    boolean isTold() {
        return compilerNs != UNTOLD;
    }

    /** Part of it that was compiling, 0 .. 1; NaN if nobody tells. */
    double compilerShare() {
        return !isTold() ? Double.NaN : cpuNs == 0 ? 0 : Math.min(1, (double) compilerNs / cpuNs);
    }
}
