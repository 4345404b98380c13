package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Group;
import org.ztp.consensus.ThreadHashing;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.LedgerRecord;
import org.ztp.privacy.SharingRules;
import org.ztp.storage.Durability;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.ArchiveAudit;
import org.ztp.storage.archive.ChunkWriter;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.wire.Hash;

/** What is final is in the archive, and comes back from there when the journals are gone. */
@Timeout(120)
final class ArchiveServiceTest {
    @TempDir
    private Path temporary;
    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;
    private long sequence;
    private long height;

    @BeforeEach
    void fillALedger() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        start();
        submitSome(30);
    }

    @AfterEach
    void stop() {
        service.close();
        key.close();
    }

    private void start() throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.BATCH_LINGER, "0ms");
        set.put(Setting.ARCHIVE_DIR, temporary.resolve("archive").toString());
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private void submitSome(final int bundles) throws Exception {
        for (int i = 0; i < bundles; i++) {
            final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()),
                new byte[16], key::sign);
            final byte[] record = ("\1\0\0\0\0line " + sequence).getBytes(StandardCharsets.ISO_8859_1);
            builder.add(record, 0, record.length);
            final Bundle bundle = builder.seal(sequence++);
            final Submitted submitted = (Submitted) call(new ServiceRequest.Submit(
                Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length())));
            assertEquals(Submitted.Status.FINAL, submitted.status());
            height = submitted.height();
        }
    }

    private ServiceReply call(final ServiceRequest request) throws Exception {
        return new LocalConnection(service).call(request).get(30, TimeUnit.SECONDS);
    }

    private FileDisk archiveDisk() {
        return new FileDisk(temporary.resolve("archive").resolve(genesis.chain().toString()).resolve("0"));
    }

    private Archive archive(final Disk disk) {
        final byte[] chain = genesis.chain().toBytes();
        return new Archive(disk, chain, new Link(chain), "test");
    }

    private void delete(final Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void loseAllJournals() throws Exception {
        service.close();
        for (int replica = 0; replica < 4; replica++) {
            delete(directory.journal(replica));
            delete(directory.state(replica));
        }
    }

    private void assertNothingIsLost() throws Exception {
        int found = 0;
        long since = 0;
        do {
            final ServiceReply.LogPage page = (ServiceReply.LogPage) call(
                new ServiceRequest.Log(Optional.empty(), "", since, 1000));
            found += (int) page.entries().stream().filter(entry -> entry.outcome() == 0).count();
            since = page.nextHeight();
        } while (since != 0);
        assertEquals(sequence, found);
    }

    private long[] heights() throws Exception {
        return Pattern.compile("\"indexedHeight\":(\\d+)").matcher(((ServiceReply.StatusText) call(
            new ServiceRequest.Status())).json()).results().mapToLong(one -> Long.parseLong(one.group(1))).toArray();
    }

    @Test
    void aServiceThatLostAllItsJournalsGoesOnFromTheArchive() throws Exception {
        loseAllJournals();
        final ArchiveAudit audit = archive(archiveDisk()).audit();
        assertEquals(List.of(), audit.findings());
        assertEquals(height, audit.height());
        start();
        assertTrue(Arrays.stream(heights()).allMatch(one -> one == height), Arrays.toString(heights()));
        assertNothingIsLost();
        submitSome(10);
        assertNothingIsLost();
        assertTrue(service.faults().counts().keySet().stream().noneMatch(kind -> kind.startsWith("ARCHIVE")));
        service.close();
        assertEquals(height, archive(archiveDisk()).head().height());
    }

    @Test
    void aReplicaThatIsBehindTakesTheRestFromTheArchive() throws Exception {
        call(new ServiceRequest.Fault(2, Harm.STOP));
        final long before = height;
        submitSome(10);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> archive(archiveDisk()).head().height() == height);
        service.close();
        final Group group = new Group(genesis.chain(), 0, List.of(0, 1, 2, 3));
        final ReplicaStore store = ReplicaStore.open(new ReplicaStore.Place(directory.journal(2), directory.safety(2),
            directory.state(2), genesis.chain(), SharingRules.of(genesis, genesis.subClusters().get(0)),
            Durability.OS));
        assertTrue(store.indexedHeight() <= before);
        final Restoration.Outcome outcome = store.restore(new Restoration(archive(archiveDisk()), group,
            GenesisVoters.signatures(genesis)::check, new ThreadHashing(genesis.chain()), GenesisVoters.of(genesis)));
        assertEquals(new Restoration.Outcome(height, ""), outcome);
        assertEquals(height, store.indexedHeight());
        assertEquals(height, store.takeRecovered().height());
        store.close();
        start();
        submitSome(1);
        assertNothingIsLost();
    }

    @Test
    void theArchiveGrowsWhoeverStops() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            call(new ServiceRequest.Fault(replica, Harm.STOP));
            submitSome(3);
            Awaitility.await().atMost(20, TimeUnit.SECONDS)
                .until(() -> archive(archiveDisk()).head().height() == height);
            call(new ServiceRequest.Fault(replica, Harm.RESUME));
        }
        service.close();
        assertEquals(List.of(), archive(archiveDisk()).audit().findings());
    }

    @Test
    void whatIsForgedInTheArchiveIsNotTaken() throws Exception {
        service.close();
        final Group group = new Group(genesis.chain(), 0, List.of(0, 1, 2, 3));
        for (final int kind : new int[] {LedgerRecord.BATCH, LedgerRecord.BLOCK, LedgerRecord.CERTIFICATE}) {
            final SimulatedDisk forged = new SimulatedDisk(kind);
            try (ChunkWriter chunk = archive(forged).newChunk(1, new Link(genesis.chain().toBytes()))) {
                archive(archiveDisk()).replay(1, (at, type, buffer, offset, length) -> {
                    final byte[] payload = new byte[length];
                    buffer.getBytes(offset, payload);
                    payload[length - 1] ^= (byte) (at == 5 && type == kind ? 1 : 0);
                    chunk.append(at, type, new UnsafeBuffer(payload), 0, length);
                });
                chunk.finish(new Link(new byte[Link.BYTES]));
            }
            final int[] taken = new int[1];
            final Restoration.Outcome outcome = new Restoration(archive(forged), group,
                GenesisVoters.signatures(genesis)::check, new ThreadHashing(genesis.chain()),
                GenesisVoters.of(genesis)).run(0, genesis.chain(), Optional.empty(), records -> taken[0] += (int) records.stream()
                    .filter(one -> one.kind() == LedgerRecord.BLOCK).count());
            assertEquals(4, outcome.height());
            assertEquals(4, taken[0]);
            assertFalse(outcome.fault().isEmpty());
        }
    }
}
