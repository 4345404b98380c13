package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.ProgramRun;

class SlurmJobTest {
    @TempDir
    private Path directory;

    /** Asks a rank to stop twice, with the Slurm of its PATH. */
    static final class Asking {
        public static void main(final String[] arguments) throws InterruptedException {
            final SlurmJob job = SlurmJob.here(Map.of("SLURM_JOB_ID", "7"), 1, System.out::println);
            job.joined(0, ProcessHandle.current().pid(), "node1");
            job.askToStop(Set.of(0));
            job.askToStop(Set.of(0));
            System.out.println("running " + job.running());
        }
    }

    private void program(final String name, final String script) throws IOException {
        final Path made = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertTrue(made.toFile().setExecutable(true));
    }

    @Test
    void aStepThatDoesNotStartToAskRanksIsToldOnce() throws Exception {
        program("squeue", "case $* in *%T) echo RUNNING;; *) echo node1;; esac");
        program("scontrol", "echo node1");
        program("sinfo", "echo node1 allocated");
        program("srun", "echo \"srun: unrecognized option '--overlap'\" >&2; echo 'Try srun --help' >&2; exit 1");
        final List<String> words = MpiJob.java("-XX:TieredStopAtLevel=1");
        words.add(Asking.class.getName());
        final ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        final Process process = builder.start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("the step that asks ranks to stop failed: srun: unrecognized option '--overlap'\nrunning [0]\n", said);
    }

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
