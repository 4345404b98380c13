package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.config.Setting;
import org.ztp.runtime.ServedLedger;
import org.ztp.storage.disk.DirectoryTree;

/**
 * What real services write is verified: while they write it, after they ended, and after replicas died and came back.
 */
@Timeout(60)
class LiveVerificationTest {
    @TempDir
    Path parent;
    private ServedLedger ledger;

    @BeforeEach
    void makeCluster() throws Exception {
        ledger = new ServedLedger(parent.resolve("cluster"));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void start(final String durability) throws Exception {
        ledger.start(Map.of(Setting.THREADS, "2", Setting.DURABILITY, durability, Setting.BATCH_LINGER,
            Setting.BATCH_LINGER.defaultText()));
    }

    private VerificationReport verify() {
        final VerificationReport report = Verification.run(ledger.directory(), SampleCluster.OPTIONS, Progress.NONE);
        assertEquals(List.of(), report.faults());
        return report;
    }

    @Test
    void aServiceIsVerifiedWhileItWritesAndWhenItHasEnded() throws Exception {
        assertEquals(0, verify().height());
        for (final String durability : List.of("os", "memory")) {
            start(durability);
            ledger.submitTogether(20);
            final List<CompletableFuture<ServiceReply>> replies = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                for (int j = 0; j < 50; j++) {
                    replies.add(ledger.submitNext());
                }
                assertTrue(verify().running());
            }
            for (final CompletableFuture<ServiceReply> one : replies) {
                one.get(20, TimeUnit.SECONDS);
            }
            ledger.service().drain(TimeUnit.SECONDS.toNanos(5));
            ledger.stop();
        }
        assertEquals(ledger.sequence(), verify().counts().transactions());
        assertEquals(ledger.sequence(), 1_040);
    }

    @Test
    void replicasThatDiedAndCameBackLeaveAWholeLedger() throws Exception {
        start("os");
        for (int replica = 0; replica < 4; replica++) {
            ledger.submitTogether(10);
            fault(replica, Harm.STOP);
            ledger.submitTogether(10);
            fault(replica, Harm.RESUME);
            ledger.submitTogether(3);
        }
        ledger.stop();
        assertEquals(ledger.sequence(), verify().counts().transactions());
    }

    @Test
    void aReplicaThatLostItsDiskIsWholeAgainWhenItHasCaughtUp() throws Exception {
        start("os");
        ledger.submitTogether(30);
        ledger.stop();
        verify();
        DirectoryTree.delete(ledger.directory().journal(2));
        DirectoryTree.delete(ledger.directory().safety(2));
        DirectoryTree.delete(ledger.directory().state(2));
        assertFalse(Verification.run(ledger.directory(), SampleCluster.OPTIONS, Progress.NONE).consistent());
        catchUp();
        final VerificationReport report = verify();
        assertTrue(report.notes().stream().anyMatch(note -> note.reason().contains("replaced one that was lost")),
            report.notes().toString());
    }

    @Test
    void aReplicaWhoseJournalWasDamagedIsWholeAgainWhenItHasCaughtUp() throws Exception {
        start("os");
        ledger.submitTogether(30);
        ledger.stop();
        final Path segment = ledger.directory().journal(1).resolve("0000000000000000.seg");
        final byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 1;
        Files.write(segment, bytes);
        assertFalse(Verification.run(ledger.directory(), SampleCluster.OPTIONS, Progress.NONE).consistent());
        catchUp();
        assertEquals(ledger.sequence(), verify().counts().transactions());
    }

    /** Runs the service until all replicas are at the height of a last bundle, or above if a batch came again. */
    private void catchUp() throws Exception {
        start("os");
        ledger.submitTogether(5);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> ledger.replicasAtHeight("height") == 4);
        ledger.stop();
    }

    private void fault(final int replica, final Harm harm) throws Exception {
        assertTrue(ledger.call(new ServiceRequest.Fault(replica, harm)) instanceof ServiceReply.Done);
    }
}
