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
        bed = TestBed.up(directory, "--nodes", "7", "--cpus", "4", "--mode", "namespaces", "--lost-after", "5");
    }

    @AfterAll
    static void end() {
        bed.close();
    }

    @Test
    void oneLineStartsALedgerThatStepsAndOtherJobsUse() throws IOException {
        final Ledger ledger = new Ledger(bed, "use").key("alice").key("bob");
        final String job = ledger.start("--nodes=4");
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

        assertEquals("COMPLETED", ledger.stop(job));
        assertTrue(ledger.said(job).contains("stopped ranks=4 of=4"), ledger.said(job));
        assertTrue(ledger.on("node7", "verify").orThrow().contains("1002 transactions"));
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
