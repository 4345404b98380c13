package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in jobs of a real Slurm, one rank on each node. */
final class LedgerJobTest {
    @TempDir
    private static Path directory;
    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.up(directory, "--nodes", "7", "--cpus", "4", "--mode", "namespaces", "--lost-after", "90");
    }

    @AfterAll
    static void end() {
        bed.close();
    }

    @Test
    void oneLineStartsALedgerThatStepsAndOtherJobsUse() throws IOException {
        final Ledger ledger = new Ledger(bed, "use").key("alice").key("bob");
        Files.writeString(ledger.file("conf"), "threads = ${SLURM_CPUS_PER_TASK}\nview.timeout = 600ms\n");
        final String job = ledger.set("ZTP_CONFIG", ledger.file("conf").toString()).start("--nodes=4");
        assertEquals(List.of("node1", "node2", "node3", "node4"),
            ledger.places(job).values().stream().map(Ledger.Place::node).sorted().toList());
        final byte[] plain = new byte[3_000_000];
        new Random(1).nextBytes(plain);
        Files.write(ledger.file("data"), plain);
        Files.writeString(ledger.file("policy"), "seekers = [\"" + ledger.file("bob.pub") + "\"]\n");
        Files.writeString(ledger.file("lines"), "line\n".repeat(1_000));

        final String dataset = step(job, "node2", ledger.words("publish", ledger.file("data").toString(), "--key",
            ledger.file("alice").toString(), "--policy", ledger.file("policy").toString()));
        final String out = ledger.file("out").toString();
        bed.head(another("node3", ledger.words("request", dataset.lines().reduce((a, b) -> b).orElseThrow(), "--key",
            ledger.file("bob").toString(), "--out", out))).orThrow();
        assertEquals(-1, Files.mismatch(ledger.file("data"), Path.of(out)));
        assertTrue(bed.head(another("node4", ledger.words("record", ledger.file("lines").toString(), "--key",
            ledger.file("bob").toString()))).orThrow().startsWith("1000 records are final"));
        assertTrue(step(job, "node1", ledger.words("verify")).startsWith("verified to height "));

        final String second = ledger.submit("--nodes=4", "--nodelist=node[1-4]");
        assertEquals("FAILED", bed.awaitEnd(second));
        assertTrue(ledger.said(second).startsWith("ztp: " + ledger.directory() + " is used by job " + job
            + ", which has not ended\n"), ledger.said(second));
        assertEquals("COMPLETED", ledger.stop(job));
        assertTrue(ledger.said(job).contains("stopped ranks=4 of=4"), ledger.said(job));
        assertTrue(ledger.on("node7", "verify").orThrow().contains("1002 transactions"));
    }

    @Test
    void whatIsAmissIsToldInOneLine() throws IOException {
        final Path home = Path.of(System.getProperty("ztp.home"));
        Files.writeString(bed.shared().resolve("amiss.sh"), """
            #!/bin/bash
            run() { echo "case $1"; shift; env "$@" bash %1$s/slurm/ztp.sbatch 2>&1; echo "exit $?"; }
            %1$s/engine/bin/ztp init --dir four --replicas 4 --quiet
            run new ZTP_DIR=$PWD/few
            run old ZTP_DIR=$PWD/four
            run nowhere ZTP_DIR=/proc/none/ledger SLURM_JOB_NUM_NODES=4
            run home ZTP_DIR=$PWD/four ZTP_HOME=/none
            run launcher ZTP_DIR=$PWD/four ZTP_LAUNCH=rsh SLURM_JOB_NUM_NODES=4
            run variable ZTP_DIR=$PWD/four ZTP_DURABILITY=os ZTP_CONFIG=%1$s/tuning/profiles/laptop.conf SLURM_JOB_NUM_NODES=4
            run place ZTP_DIR=$PWD/four ZTP_LOCAL=/tmp ZTP_CONFIG=%1$s/tuning/profiles/laptop.conf SLURM_JOB_NUM_NODES=4
            mount --bind four four && mount -o remount,bind,ro four
            run read-only ZTP_DIR=$PWD/four SLURM_JOB_NUM_NODES=4
            umount four
            mount --bind /dev/null ${SLURM_CONF%%/*}/munge.socket
            run munge ZTP_DIR=$PWD/four ZTP_HOME=%1$s SLURM_JOB_NUM_NODES=4
            umount ${SLURM_CONF%%/*}/munge.socket
            """.formatted(home));
        final String job = bed.submit("--nodes=3", "--time=2", "--output=amiss.out",
            "--export=ALL,ZTP_HOME=" + home, "amiss.sh");
        assertEquals("COMPLETED", bed.awaitEnd(job));
        final String said = Files.readString(bed.shared().resolve("amiss.out"));
        told(said, "new", "ztp: too few replicas: expected=4 or more actual=3", 2);
        told(said, "old", "ztp: nodes of job " + job + ": expected=4 or more actual=3", 2);
        told(said, "nowhere", "ztp: no such file: /proc/none", 2);
        told(said, "home", "ztp.sbatch: no ztp was found at /none/engine/bin/ztp", 2);
        told(said, "launcher", "ztp: --with: expected=srun|mpirun actual=rsh", 2);
        told(said, "variable", "ztp: durability: expected=os by ZTP_DURABILITY actual=disk by the configuration", 2);
        told(said, "place", "ztp: local.dir: expected=/tmp by ZTP_LOCAL actual=none by the configuration", 2);
        told(said, "read-only", "ztp: the cluster's directory cannot be written: ", 2);
        told(said, "munge", "ztp: Slurm does not answer on this node: ", 4);
        assertTrue(said.contains("hint: munge does not run here"), said);
    }

    /** A user's first launch is in a job: the jar is there, and nobody has asked whether it fits. Then it is read-only. */
    @Test
    void openMpiIsTriedOnOneNodeOfAJobAndNothingIsWrittenThatIsThere() throws IOException {
        final Path home = Path.of(System.getProperty("ztp.home"));
        Files.writeString(bed.shared().resolve("first.sh"), """
            #!/bin/bash
            set -eu
            jar=$(%1$s/native/setup.sh | sed -n s/^MPI_JAR=//p)
            export XDG_CACHE_HOME=$PWD/cache
            own=cache/ztp/$(basename "$(dirname "$jar")")
            mkdir -p "$own"
            cp "$jar" "$own"
            %1$s/native/setup.sh
            echo "noted $(ls "$own" | grep -c ^fits-)"
            mount --bind cache cache && mount -o remount,bind,ro cache
            %1$s/native/setup.sh
            umount cache
            echo "all is done"
            """.formatted(home));
        final String job = bed.submit("--nodes=4", "--time=3", "--output=first.out", "first.sh");
        final String state = bed.awaitEnd(job);
        final String said = Files.readString(bed.shared().resolve("first.out"));
        assertEquals("COMPLETED", state, said);
        assertTrue(said.contains("noted 1\n") && said.endsWith("all is done\n"), said);
    }

    @Test
    void aDoctorInAStepOfSeveralNodesFindsThatMpirunStartsProcesses() {
        final TestBed.Answer answer = bed.head("env", "OMPI_ALLOW_RUN_AS_ROOT=1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "srun", "-N4", "--ntasks-per-node=1", Path.of(System.getProperty("ztp.home")).resolve("engine/bin/ztp").toString(), "doctor");
        assertEquals(4, answer.out().lines().filter(line -> line.contains("mpirun starts processes")).count(),
            answer::toString);
    }

    @Test
    void aJobWithoutAFileRunsNoProgramThatLiesAboutWhereItWasSubmitted() throws IOException {
        for (final Path about : List.of(bed.shared(), directory)) {
            final Path stray = Files.createDirectories(about.resolve("engine/bin")).resolve("ztp");
            Files.writeString(stray, "#!/bin/sh\necho a stray program\n");
            assertTrue(stray.toFile().setExecutable(true));
        }
        final String job = bed.submit("--nodes=1", "--time=2", "--output=wrapped.out", "--wrap",
            "bash " + Path.of(System.getProperty("ztp.home")).resolve("slurm/ztp.sbatch"));
        assertEquals("FAILED", bed.awaitEnd(job));
        assertTrue(Files.readString(bed.shared().resolve("wrapped.out")).startsWith("ztp.sbatch: no ztp was found at all\n"));
    }

    /** One line, its hint, and the exit code. */
    private static void told(final String said, final String name, final String line, final int exit) {
        final List<String> lines = said.lines().toList();
        final int at = lines.indexOf("case " + name);
        assertTrue(at >= 0 && lines.get(at + 1).startsWith(line) && lines.get(at + 2).startsWith("hint: ")
            && lines.get(at + 3).equals("exit " + exit), name + " in " + said);
    }

    /** A step of a job. */
    private static String step(final String job, final String node, final String... words) {
        return bed.head(join(List.of("srun", "--jobid=" + job, "--overlap", "-N1", "-n1", "-w", node), words)).orThrow();
    }

    /** Another job on a node. */
    private static String[] another(final String node, final String... words) {
        return join(List.of("srun", "-N1", "-n1", "-w", node), words);
    }

    private static String[] join(final List<String> first, final String... rest) {
        return Stream.concat(first.stream(), Arrays.stream(rest)).toArray(String[]::new);
    }
}
