package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that another one preempts, with journals in its nodes' memory. */
final class PreemptionTest {
    private static final int LINES = 1_000;

    @TempDir
    private static Path directory;
    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.up(directory, "--nodes", "4", "--mode", "namespaces", "--lost-after", "90",
            "--conf", "PreemptType=preempt/partition_prio", "--conf", "PreemptMode=REQUEUE",
            "--conf", "PartitionName=main Nodes=ALL Default=YES State=UP PriorityTier=1 GraceTime=30",
            "--conf", "PartitionName=urgent Nodes=ALL State=UP PriorityTier=2 PreemptMode=OFF");
    }

    @AfterAll
    static void end() {
        bed.close();
    }

    @Test
    void itEndsInOrderWithinItsGraceTimeIsQueuedAgainAndGoesOn() throws Exception {
        final Ledger ledger = new Ledger(bed, "preempted").key("alice").set("ZTP_LOCAL", "/dev/shm/ztp")
            .set("ZTP_ARCHIVE", bed.shared().resolve("archive").toString());
        final String job = ledger.start("--nodes=4");
        record(ledger);
        final String urgent = bed.submit("--partition=urgent", "--nodes=4", "--time=1", "--wrap", "hostname");
        assertEquals("COMPLETED", bed.awaitEnd(urgent));
        assertTrue(ledger.said(job).contains("stopped ranks=4 of=4\npreempted: job " + job + " goes back into the queue\n"),
            ledger.said(job));

        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> bed.jobState(job).equals("PENDING"));
        // Slurm itself lets it wait for minutes; within the second of the requeue a node takes it for the job that ended
        bed.head("scontrol", "update", "JobId=" + job, "StartTime=now+3seconds").orThrow();
        ledger.awaitSaid(job, "ready ", 2);
        record(ledger);
        assertEquals(2L * LINES, ledger.log("node3").filter(line -> line.contains("\"ACCEPTED\"")).count());
        assertEquals("COMPLETED", ledger.stop(job));
    }

    private static void record(final Ledger ledger) throws Exception {
        Files.writeString(ledger.file("lines"), "line\n".repeat(LINES));
        assertTrue(ledger.on("node2", "record", ledger.file("lines").toString(), "--key",
            ledger.file("alice").toString()).orThrow().startsWith(LINES + " records are final"));
    }
}
