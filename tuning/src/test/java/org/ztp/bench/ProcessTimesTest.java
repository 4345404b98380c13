package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatCameSinceIsNeverLessThanNothing() {
        assertEquals(new ProcessTimes(5, 0), new ProcessTimes(12, 3).since(new ProcessTimes(7, 4)));
    }
}
