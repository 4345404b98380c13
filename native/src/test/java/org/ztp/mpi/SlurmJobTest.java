package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;

class SlurmJobTest {
    @Test
    void aJobHasEndedWhenSlurmSaysSoOrDoesNotKnowIt() {
        assertTrue(SlurmJob.isActive("7", 0, "7 RUNNING\n"));
        assertTrue(SlurmJob.isActive("7", 0, "7 COMPLETING\n"));
        assertFalse(SlurmJob.isActive("7", 0, "7 COMPLETED\n"));
        assertFalse(SlurmJob.isActive("7", 0, "8 PENDING\n7 COMPLETED\n"), "of an array Slurm tells all jobs");
        assertFalse(SlurmJob.isActive("7", 0, ""));
        assertFalse(SlurmJob.isActive("7", 1, "slurm_load_jobs error: Invalid job id specified\n"));
    }

    @Test
    void anAnswerThatDoesNotComeEndsNoJob() {
        for (final String said : new String[] {"",
            "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"}) {
            final CommandException unknown = assertThrows(CommandException.class, () -> SlurmJob.isActive("7", 1, said));
            assertEquals(Exit.UNAVAILABLE, unknown.exit());
            assertThrows(CommandException.class, () -> SlurmJob.isActive("7", -1, said));
        }
    }

    @Test
    void theTimeThatIsLeftIsWhatTheEnvironmentTells() {
        assertEquals(90, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "1090"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "990"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "soon"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of(), 1_000));
    }
}
