package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.GenesisVoters;
import org.ztp.config.Setting;
import org.ztp.consensus.Group;
import org.ztp.consensus.ThreadHashing;
import org.ztp.ledger.LedgerRecord;
import org.ztp.privacy.SharingRules;
import org.ztp.storage.Durability;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.ArchiveAudit;
import org.ztp.storage.archive.ChunkWriter;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.SimulatedDisk;

/** What is final is in the archive, and comes back from there when the journals are gone. */
@Timeout(120)
final class ArchiveServiceTest {
    @TempDir
    private Path temporary;
    private ServedLedger ledger;

    @BeforeEach
    void fillALedger() throws Exception {
        ledger = new ServedLedger(temporary.resolve("cluster"));
        start();
        ledger.submitSome(30);
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void start() throws Exception {
        ledger.start(Map.of(Setting.ARCHIVE_DIR, temporary.resolve("archive").toString()));
    }

    private FileDisk archiveDisk() {
        return new FileDisk(temporary.resolve("archive").resolve(ledger.genesis().chain().toString()).resolve("0"));
    }

    private Archive archive(final Disk disk) {
        final byte[] chain = ledger.genesis().chain().toBytes();
        return new Archive(disk, chain, new Link(chain), "test");
    }

    private void awaitTheArchive() {
        Awaitility.await().atMost(20, TimeUnit.SECONDS)
            .until(() -> archive(archiveDisk()).head().height() >= ledger.height());
    }

    private void loseAllJournals() throws Exception {
        ledger.stop();
        for (int replica = 0; replica < 4; replica++) {
            DirectoryTree.delete(ledger.directory().journal(replica));
            DirectoryTree.delete(ledger.directory().state(replica));
        }
    }

    private void assertNothingIsLost() throws Exception {
        assertEquals(ledger.sequence(), ledger.accepted());
    }

    @Test
    void aServiceThatLostAllItsJournalsGoesOnFromTheArchive() throws Exception {
        loseAllJournals();
        final ArchiveAudit audit = archive(archiveDisk()).audit();
        assertEquals(List.of(), audit.findings());
        assertTrue(audit.height() >= ledger.height());
        start();
        assertEquals(4, ledger.replicasAtHeight("indexedHeight"), ledger.status());
        assertNothingIsLost();
        ledger.submitSome(10);
        assertNothingIsLost();
        assertTrue(ledger.service().faults().counts().keySet().stream().noneMatch(kind -> kind.startsWith("ARCHIVE")));
        ledger.stop();
        assertTrue(archive(archiveDisk()).head().height() >= ledger.height());
    }

    @Test
    void aReplicaThatIsBehindTakesTheRestFromTheArchive() throws Exception {
        ledger.call(new ServiceRequest.Fault(2, Harm.STOP));
        final long before = ledger.height();
        ledger.submitSome(10);
        awaitTheArchive();
        ledger.stop();
        final Group group = new Group(ledger.genesis().chain(), 0, List.of(0, 1, 2, 3));
        final ReplicaStore store = ReplicaStore.open(new ReplicaStore.Place(ledger.directory().journal(2), ledger.directory().safety(2),
            ledger.directory().state(2), ledger.genesis().chain(), SharingRules.of(ledger.genesis(), ledger.genesis().subClusters().get(0)),
            Durability.OS));
        assertTrue(store.indexedHeight() <= before);
        final Restoration.Outcome outcome = store.restore(new Restoration(archive(archiveDisk()), group,
            GenesisVoters.signatures(ledger.genesis())::check, new ThreadHashing(ledger.genesis().chain()), GenesisVoters.of(ledger.genesis())));
        assertEquals("", outcome.fault());
        assertTrue(outcome.height() >= ledger.height());
        assertEquals(outcome.height(), store.indexedHeight());
        assertEquals(outcome.height(), store.takeRecovered().height());
        store.close();
        start();
        ledger.submitSome(1);
        assertNothingIsLost();
    }

    @Test
    void theArchiveGrowsWhoeverStops() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            ledger.call(new ServiceRequest.Fault(replica, Harm.STOP));
            ledger.submitSome(3);
            awaitTheArchive();
            ledger.call(new ServiceRequest.Fault(replica, Harm.RESUME));
        }
        ledger.stop();
        assertEquals(List.of(), archive(archiveDisk()).audit().findings());
    }

    @Test
    void whatIsDamagedInTheArchiveIsFoundAndMendedFromJournals() throws Exception {
        ledger.stop();
        final Path chunk;
        try (Stream<Path> files = Files.list(temporary.resolve("archive").resolve(ledger.genesis().chain().toString())
            .resolve("0"))) {
            chunk = files.filter(file -> file.toString().endsWith(".chunk")).sorted().findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(chunk);
        bytes[bytes.length / 2] ^= 1;
        Files.write(chunk, bytes);
        assertTrue(verified().faults().stream().anyMatch(fault -> fault.file().equals(chunk.toString())),
            verified().faults().toString());
        start();
        ledger.submitSome(1);
        Awaitility.await().atMost(20, TimeUnit.SECONDS)
            .until(() -> ledger.service().faults().counts().containsKey("ARCHIVE_MENDED"));
        ledger.stop();
        assertEquals(List.of(), verified().faults());
        assertTrue(verified().height() >= ledger.height());
    }

    @Test
    void whateverFailsAtTheEndTheReplicasAreClosedAndItIsSaid() throws Exception {
        ledger.stop();
        final Path plans = Plans.start(temporary.resolve("plans"), this::start);
        ledger.submitSome(1);
        Files.createFile(plans.resolve("0.archive.exception"));
        ledger.stop();
        assertEquals(List.of("the archive could not be closed: java.lang.IllegalStateException: planned at ARCHIVE"),
            ledger.service().unfinished());
        start(); // it would not, were a journal or a lock still held
        ledger.submitSome(1);
        assertNothingIsLost();
    }

    private VerificationReport verified() {
        return Verification.run(ledger.directory(), new VerificationOptions(1, Optional.empty(),
            Optional.of(temporary.resolve("archive"))), (stage, bytes, total) -> { });
    }

    @Test
    void whatIsForgedInTheArchiveIsNotTaken() throws Exception {
        ledger.stop();
        final Group group = new Group(ledger.genesis().chain(), 0, List.of(0, 1, 2, 3));
        for (final int kind : new int[] {LedgerRecord.BATCH, LedgerRecord.BLOCK, LedgerRecord.CERTIFICATE}) {
            final long[] forgedAt = new long[1];
            final SimulatedDisk forged = new SimulatedDisk(kind);
            try (ChunkWriter chunk = archive(forged).newChunk(1, new Link(ledger.genesis().chain().toBytes()))) {
                archive(archiveDisk()).replay(1, (at, type, buffer, offset, length) -> {
                    final byte[] payload = new byte[length];
                    buffer.getBytes(offset, payload);
                    if (forgedAt[0] == 0 && at >= 5 && type == kind) {
                        forgedAt[0] = at;
                        payload[length - 1] ^= 1;
                    }
                    chunk.append(at, type, new UnsafeBuffer(payload), 0, length);
                });
                chunk.finish(new Link(new byte[Link.BYTES]));
            }
            final int[] taken = new int[1];
            final Restoration.Outcome outcome = new Restoration(archive(forged), group,
                GenesisVoters.signatures(ledger.genesis())::check, new ThreadHashing(ledger.genesis().chain()),
                GenesisVoters.of(ledger.genesis())).run(0, ledger.genesis().chain(), Optional.empty(), records -> taken[0] += (int) records.stream()
                    .filter(one -> one.kind() == LedgerRecord.BLOCK).count());
            assertEquals(forgedAt[0] - 1, outcome.height());
            assertEquals(forgedAt[0] - 1, taken[0]);
            assertFalse(outcome.fault().isEmpty());
        }
    }
}
