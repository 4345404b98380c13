package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.storage.disk.DirectoryTree;

/** Whatever one replica finds damaged or missing when it starts, it comes back, and nothing final is lost. */
@Timeout(120)
final class RecoveryTest {
    @TempDir
    private Path temporary;
    private final Random random = new Random(11);
    private ServedLedger ledger;

    @BeforeEach
    void fillALedger() throws Exception {
        ledger = new ServedLedger(temporary.resolve("cluster"));
        ledger.start(Map.of());
        ledger.submitSome(60);
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void restartAndCompare(final String what) throws Exception {
        ledger.start(Map.of());
        ledger.submitSome(3);
        Awaitility.await(what).atMost(20, TimeUnit.SECONDS).untilAsserted(
            () -> assertEquals(4, ledger.replicasAtHeight("indexedHeight"), ledger.status()));
        assertEquals(ledger.sequence(), ledger.accepted(), what);
    }

    private List<Path> files(final Path below) throws Exception {
        try (Stream<Path> all = Files.walk(below)) {
            return new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
    }

    @Test
    void anIndexThatIsGoneIsRebuilt() throws Exception {
        ledger.stop();
        for (int replica = 0; replica < 4; replica++) {
            DirectoryTree.delete(ledger.directory().state(replica));
        }
        restartAndCompare("no index");
    }

    @Test
    void aJournalCutAnywhereIsFilledUpFromThePeers() throws Exception {
        for (int i = 0; i < 12; i++) {
            ledger.stop();
            final Path journal = files(ledger.directory().journal(i % 4)).get(0);
            final long size = i < 4 ? random.nextInt((int) Files.size(journal)) : Files.size(journal) - 1 - random.nextInt(400);
            try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
                file.setLength(size);
            }
            restartAndCompare("replica " + i % 4 + " cut at " + size);
        }
    }

    @Test
    void aFlippedByteAnywhereIsRepairedFromThePeers() throws Exception {
        for (int i = 0; i < 8; i++) {
            ledger.stop();
            final Path journal = files(ledger.directory().journal(i % 4)).get(0);
            final long at = random.nextInt((int) Files.size(journal));
            try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
                file.seek(at);
                final int before = file.read();
                file.seek(at);
                file.write(before ^ 1 << random.nextInt(8));
            }
            restartAndCompare("replica " + i % 4 + " flipped at " + at);
        }
    }

    /** Replica 0 is the one that is asked while all have the same. */
    private void rotWhere(final String text) throws Exception {
        final Path journal = files(ledger.directory().journal(0)).get(0);
        try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
            final byte[] bytes = new byte[(int) file.length()];
            file.readFully(bytes);
            final int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
            file.seek(at);
            file.write(bytes[at] ^ 1);
        }
    }

    private boolean isRefused(final TransactionId name, final ServiceReply.Refused.Reason reason) throws Exception {
        return ledger.call(new ServiceRequest.ReceiptOf(name)) instanceof ServiceReply.Refused refused
            && refused.reason() == reason;
    }

    @Test
    void whatRotsWhileTheServiceRunsIsToldAndGottenAnewFromPeersThatHaveAll() throws Exception {
        final ServiceReply.Submitted told = (ServiceReply.Submitted) ledger.submitNext().get(30, TimeUnit.SECONDS);
        final String text = "line " + (ledger.sequence() - 1);
        ledger.submitSome(5);
        Awaitility.await().until(() -> ledger.replicasAtHeight("indexedHeight") == 4);
        final TransactionId name = new TransactionId(told.bundle(), 0);
        ledger.call(new ServiceRequest.Fault(3, ServiceRequest.Fault.Harm.STOP));
        rotWhere(text);
        Awaitility.await("it is there, and cannot be read").until(
            () -> isRefused(name, ServiceReply.Refused.Reason.FAILED));
        assertTrue(ledger.status().contains("not gotten anew while replica "), ledger.status());
        ledger.call(new ServiceRequest.Fault(3, ServiceRequest.Fault.Harm.RESUME));
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> {
            isRefused(name, ServiceReply.Refused.Reason.FAILED);
            return Files.exists(ledger.directory().journal(0).resolve("quarantine-1"));
        });
        assertTrue(ledger.status().contains("gotten anew from peers"), ledger.status());
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> !ledger.status().contains("stopped")
            && ledger.replicasAtHeight("indexedHeight") == 4
            && ledger.call(new ServiceRequest.ReceiptOf(name)) instanceof ServiceReply.Receipt);
        ledger.submitSome(3);
        assertEquals(ledger.sequence(), ledger.accepted());
        ledger.stop();
        assertEquals(List.of(), Verification.run(ledger.directory(), new VerificationOptions(1), (stage, bytes, total) -> { })
            .faults());
    }

    @Test
    void aReplicaThatLostItsSafetyRecordOrEverythingFollowsAndNothingIsLost() throws Exception {
        ledger.stop();
        DirectoryTree.delete(ledger.directory().safety(2));
        restartAndCompare("no safety record");
        Awaitility.await("votes again").atMost(40, TimeUnit.SECONDS).until(() -> !ledger.status().contains("\"mute\":true"));
        ledger.stop();
        DirectoryTree.delete(ledger.directory().safety(3));
        DirectoryTree.delete(ledger.directory().journal(3));
        DirectoryTree.delete(ledger.directory().state(3));
        restartAndCompare("blank");
    }
}
