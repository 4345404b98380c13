package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlurmLineTest {
    @Test
    void ranksOutliveEachOtherAndHaveTheEnvironmentOfTheirLauncher() {
        assertEquals(List.of("srun", "--export=ALL", "--mpi=pmix", "--no-kill", "--kill-on-bad-exit=0", "--wait=0", "--nodes=4",
            "--ntasks=4", "--ntasks-per-node=1", "--cpus-per-task=16", "java"),
            new SlurmLine(Optional.empty(), 4, Optional.of("16")).words(List.of("java")));
    }
}
