package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessTimesTest {
    @Test
    void whatThisProcessHasCompiledIsPartOfWhatItUsed() {
        final ProcessTimes once = ProcessTimes.of(Stream.of(ProcessHandle.current()));
        assertTrue(once.compilerNs() > 0, once.toString());
        assertTrue(once.compilerNs() < once.cpuNs(), once.toString());
        assertTrue(once.compilerShare() > 0 && once.compilerShare() < 1, once.toString());
    }

    @Test
    void aProcessThatHasEndedUsesNothing() throws Exception {
        final Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertEquals(new ProcessTimes(0, 0), ProcessTimes.of(Stream.of(ended.toHandle())));
        assertEquals(0, new ProcessTimes(0, 0).compilerShare());
    }

    /** As /proc is while threads end: names without a time, and files that are there and cannot be read. */
    @Test
    void aThreadThatEndsMeanwhileUsesNothing(@TempDir final Path proc) throws Exception {
        final ProcessHandle here = ProcessHandle.current();
        final Path tasks = proc.resolve(Long.toString(here.pid())).resolve("task");
        for (final String thread : List.of("1", "2", "3", "4", "5")) {
            Files.createDirectories(tasks.resolve(thread));
        }
        for (final String named : List.of("1", "2", "3")) {
            Files.writeString(tasks.resolve(named).resolve("comm"), "C2 CompilerThre\n");
        }
        Files.writeString(tasks.resolve("1").resolve("schedstat"), "1500 2 3\n");
        Files.createDirectory(tasks.resolve("2").resolve("schedstat"));
        Files.createDirectory(tasks.resolve("4").resolve("comm"));
        Files.createDirectories(proc.resolve("self"));
        Files.createFile(proc.resolve("self").resolve("schedstat"));
        final ProcessTimes times = ProcessTimes.of(proc, Stream.of(here));
        assertEquals(1_500, times.compilerNs());
        assertTrue(times.isTold());
    }

    @Test
    void whatTheKernelDoesNotTellIsNotCalledNothing(@TempDir final Path proc) {
        final ProcessTimes times = ProcessTimes.of(proc, Stream.of(ProcessHandle.current()));
        assertTrue(times.cpuNs() > 0);
        assertFalse(times.isTold());
        assertFalse(times.since(times).isTold());
        assertTrue(Double.isNaN(times.compilerShare()));
    }

    @Test
    void whatCameSinceIsNeverLessThanNothing() {
        assertEquals(new ProcessTimes(5, 0), new ProcessTimes(12, 3).since(new ProcessTimes(7, 4)));
    }
}
