package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.slurm.TestBed.Answer;

/**
 * A ledger with its journals in its nodes' memory goes from job to job, and over the loss of all nodes. With
 * {@code -Dztp.losses=all} the first job runs until Slurm says that its time is nearly over.
 */
final class MovingJobTest {
    private static final String SUBMISSION = "0123456789abcdef0123456789abcdef";
    private static final int LINES = 60_000;
    private static final boolean ALL = "all".equals(System.getProperty("ztp.losses"));

    @TempDir
    private static Path directory;
    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.up(directory, "--nodes", "8", "--mode", "namespaces", "--lost-after", "90");
    }

    @AfterAll
    static void end() {
        bed.close();
    }

    @Test
    void theSameChainGoesOnAfterTheJobsTimeAndAfterTheLossOfAllNodes() throws Exception {
        final Ledger ledger = new Ledger(bed, "moves").key("alice").set("ZTP_LOCAL", "/dev/shm/ztp")
            .set("ZTP_ARCHIVE", bed.shared().resolve("archive").toString()).set("ZTP_DURABILITY", "archive");
        final String first = ledger.start("--nodes=4", "--nodelist=node[1-4]", "--no-requeue", "--time=2");
        final CompletableFuture<Answer> load = records(ledger, "node2");
        bed.on("node2", "sh", "-c", "until [ -e " + ledger.file("begun") + " ]; do sleep 0.1; done").orThrow();
        if (!ALL) {
            ledger.tellToStop(first); // what Slurm does itself by --signal=B:TERM@60, which with "all" is waited for
        }
        assertEquals("COMPLETED", bed.awaitEnd(first));
        assertTrue(ledger.said(first).contains("stopped ranks=4 of=4"), ledger.said(first));

        Files.createFile(ledger.file("cut"));
        final Answer cut = load.get();
        assertEquals(4, cut.exit(), cut.err());
        final String second = ledger.start("--nodes=4", "--nodelist=node[5-8]", "--no-requeue");
        assertTrue(ledger.height("node6") >= stoppedAt(ledger, first));
        assertTrue(records(ledger, "node6").get().orThrow().startsWith(LINES + " records are final"));
        assertEquals(LINES, accepted(ledger, "node6"));

        // all nodes at once, daemon and all; their memory is gone
        List.of("node5", "node6", "node7", "node8").forEach(bed::crash);
        bed.startAfresh(List.of("node5", "node6", "node7", "node8"));
        final String mute = ledger.start("--nodes=4", "--nodelist=node[1-4]", "--no-requeue");
        assertEquals(4, ledger.on("node1", "record", ledger.file("alice.pub").toString(), "--key",
            ledger.file("alice").toString(), "--timeout", "3").exit());
        assertTrue(ledger.on("node1", "status").orThrow().contains("RECORD_LOST"));
        ledger.stop(mute);
        final String third = ledger.set("ZTP_RECOVER", "yes").start("--nodes=6", "--nodelist=node[1-6]", "--no-requeue");
        assertTrue(ledger.said(third).contains(" spares=2 "), ledger.said(third));
        assertEquals(LINES, accepted(ledger, "node1"));
        assertTrue(records(ledger, "node3").get().orThrow().startsWith(LINES + " records are final"));
        assertEquals(LINES, accepted(ledger, "node1"), "they were final before");
        final Ledger.Place one = ledger.places(third).get(3);
        bed.on(one.node(), "kill", "-9", Long.toString(one.pid())).orThrow();
        ledger.awaitSaid(third, "takes over replica=3");
        ledger.stop(third);
        final Answer verified = bed.head("env", "ZTP_ARCHIVE=" + bed.shared().resolve("archive"), "ZTP_LOCAL=/dev/shm/ztp",
            Path.of(System.getProperty("ztp.home"), "engine/bin/ztp").toString(), "verify", "--dir",
            ledger.directory().toString());
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        assertTrue(verified.out().startsWith("verified to height " + stoppedAt(ledger, third) + ":"), verified.out());
    }

    /** Lines that come one after another, for seconds; the same each time, and so recorded once. */
    private static CompletableFuture<Answer> records(final Ledger ledger, final String node) {
        return CompletableFuture.supplyAsync(() -> bed.on(node, "bash", "-c", "for i in $(seq " + LINES / 1000
            + "); do seq $((i * 1000)) | tail -n 1000; [ $i != 15 ] || touch " + ledger.file("begun")
            + "; [ -e " + ledger.file("cut") + " ] || sleep " + (ALL ? "1.5" : "0.1") + "; done | " + String.join(" ", ledger.words("record", "-", "--key",
            ledger.file("alice").toString(), "--submission", SUBMISSION, "--timeout", "5"))));
    }

    private static long accepted(final Ledger ledger, final String node) {
        return ledger.log(node).filter(line -> line.contains("\"ACCEPTED\"")).count();
    }

    /** The height at which a job's ranks say that they stopped. */
    private static long stoppedAt(final Ledger ledger, final String job) {
        final Matcher told = Pattern.compile("stopped dir=.* height=([0-9]+) rank=").matcher(ledger.said(job));
        long height = 0;
        while (told.find()) {
            height = Math.max(height, Long.parseLong(told.group(1)));
        }
        return height;
    }
}
