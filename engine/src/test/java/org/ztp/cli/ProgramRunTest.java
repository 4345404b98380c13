package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProgramRunTest {
    private static final int MAX_BYTES = 4 << 20;

    private static ProgramRun sh(final int limitS, final String script) throws InterruptedException {
        return ProgramRun.of(List.of("sh", "-c", script), limitS);
    }

    @Test
    void whatIsSaidIsWrittenToNoFileSystemWhichMayBeFull() throws Exception {
        final ProgramRun run = sh(30, "readlink /proc/self/fd/1; readlink /proc/self/fd/2 >&2");
        assertEquals(0, run.exit());
        assertTrue(run.out().lines().allMatch(line -> line.startsWith("pipe:")), run.out());
        assertEquals(2, run.out().lines().count());
    }

    @Test
    void whatIsSaidComesWholeAndWhoSaysTooMuchDoesNotEndWell() throws Exception {
        assertEquals(MAX_BYTES, sh(30, "head -c " + MAX_BYTES + " /dev/zero").out().length());
        final ProgramRun run = sh(30, "exec head -c " + 2 * MAX_BYTES + " /dev/zero");
        assertEquals(MAX_BYTES, run.out().length());
        assertNotEquals(0, run.exit());
    }

    @Test
    void halfAnAnswerIsNone() throws Exception {
        final ProgramRun late = new ProgramRun(ProgramRun.End.LATE, -1, "no end within 1 s");
        assertEquals(late, sh(1, "echo 7 COMPLETED; exec sleep 30"));
        assertEquals(late, sh(1, "exec >&- 2>&-; exec sleep 30"));
    }
}
