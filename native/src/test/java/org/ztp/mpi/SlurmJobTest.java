package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.cli.ProgramRun;

class SlurmJobTest {
    @Test
    void theTimeThatIsLeftIsWhatTheEnvironmentTells() {
        assertEquals(90, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "1090"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "990"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of("SLURM_JOB_END_TIME", "soon"), 1_000));
        assertEquals(0, SlurmJob.secondsLeft(Map.of(), 1_000));
    }

    private static Set<String> left(final int exit, final String out) {
        return SlurmJob.left(Set.of("node1", "node2"), new ProgramRun(ProgramRun.End.ENDED, exit, out));
    }

    @Test
    void aNodeHasLeftTheJobOnlyIfSlurmNamesOthers() {
        assertEquals(Set.of("node2"), left(0, "node1\nnode3\n"));
        assertEquals(Set.of(), left(0, "node1\nnode2\n"));
        assertEquals(Set.of(), left(0, ""), "whose answer is lost says nothing of any rank");
        assertEquals(Set.of(), left(0, "\n"));
        assertEquals(Set.of(), left(1, "node1\n"));
    }
}
