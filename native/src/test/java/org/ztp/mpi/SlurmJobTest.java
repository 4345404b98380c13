package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SlurmJobTest {
    @Test
    void theTimeThatIsLeftIsWhatTheEnvironmentTells() {
        assertEquals(90, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "1090"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "990"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "soon"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of(), 1_000));
    }
}
