package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlurmLineTest {
    @Test
    void ranksOutliveEachOtherAndHaveTheEnvironmentOfTheirLauncher() {
        assertEquals(List.of("srun", "--export=ALL", "--mpi=pmix", "--no-kill", "--kill-on-bad-exit=0", "--wait=0", "--nodes=4",
            "--ntasks=4", "--ntasks-per-node=1", "--cpus-per-task=16", "java"),
            new SlurmLine(Optional.empty(), 4, List.of(), Optional.of("16")).words(List.of("java")));
    }

    @Test
    void nodesThatDoNotComeUpAreLeftOut() {
        final List<String> nodes = List.of("n1", "n3");
        assertTrue(new SlurmLine(Optional.empty(), 2, nodes, Optional.empty()).words(List.of("java")).contains("--nodelist=n1,n3"));
        final List<String> words = new SlurmLine(Optional.of(Path.of("mpirun")), 2, nodes, Optional.empty()).words(List.of("java"));
        assertEquals("n1,n3", words.get(words.indexOf("--host") + 1));
    }
}
