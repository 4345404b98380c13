package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
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
