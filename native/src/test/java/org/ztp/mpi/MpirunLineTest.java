package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What mpirun makes of its line. */
@Timeout(120)
final class MpirunLineTest {
    @TempDir
    private Path segments;

    @Test
    void allRanksOfOneHostAreOnItInsideAnAllocationOfOthersToo() throws Exception {
        final MpirunLine line = new MpirunLine(Path.of(MpiJob.found().getProperty("MPIRUN")), 3, Optional.of(segments));
        final ProcessBuilder builder = new ProcessBuilder(line.words(List.of("sh", "-c", "echo $OMPI_COMM_WORLD_RANK on $(hostname)")))
            .redirectErrorStream(true);
        MpiJob.setEnvironment(builder);
        builder.environment().putAll(Map.of("SLURM_JOBID", "7", "SLURM_JOB_ID", "7", "SLURM_NODELIST", "nodea,nodeb",
            "SLURM_JOB_NODELIST", "nodea,nodeb", "SLURM_NNODES", "2", "SLURM_TASKS_PER_NODE", "2(x2)"));
        final Process process = builder.start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        final Process here = new ProcessBuilder("hostname").start();
        final String name = new String(here.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(Set.of("0 on " + name, "1 on " + name, "2 on " + name), Set.copyOf(said.lines().toList()));
    }
}
