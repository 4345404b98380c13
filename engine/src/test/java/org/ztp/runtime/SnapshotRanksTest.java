package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.audit.Progress;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.client.LocalConnection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Message;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

/**
 * Four ranks, of which the last loses its directory, takes over a state, and gets no blocks for as long as the test
 * wants.
 */
@Timeout(180)
final class SnapshotRanksTest {
    private static final int BLANK = 3;
    private static final int BLOCKS = 40;

    @TempDir
    private Path temporary;
    private final SystemRandomness randomness = new SystemRandomness();
    private final SigningKey client = SigningKey.generate(randomness);
    private ClusterDirectory directory;
    private Genesis genesis;
    private RanksOfOneProcess ranks;
    private long sequence;
    private Submitted first;
    private Submitted last;

    @BeforeEach
    void start() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(randomness, 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, "1");
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.BATCH_LINGER, "0ms");
        set.put(Setting.SNAPSHOT_BEHIND, "20");
        set.put(Setting.DETECTOR_REPLACE, "1h");
        ranks = new RanksOfOneProcess(directory, Configuration.with(set));
        submit(0, BLOCKS);
    }

    @AfterEach
    void stop() {
        ranks.close();
        client.close();
    }

    private ServiceReply call(final int rank, final ServiceRequest request) throws Exception {
        return new LocalConnection(ranks.service(rank)).call(request).get(60, TimeUnit.SECONDS);
    }

    /** Records, each final before the next is handed in. */
    private void submit(final int rank, final int records) throws Exception {
        for (int i = 0; i < records; i++) {
            final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(client.verifyKey().bytes()), new byte[16],
                client::sign);
            final byte[] record = new RecordTransaction("", "", new byte[] {(byte) i}).encode();
            builder.add(record, 0, record.length);
            last = assertInstanceOf(Submitted.class, call(rank, new ServiceRequest.Submit(builder.seal(sequence++).array())));
            assertEquals(Submitted.Status.FINAL, last.status());
            first = first == null ? last : first;
        }
    }

    private Path data() {
        return directory.incarnations(BLANK).data();
    }

    private boolean hasGap() throws Exception {
        return ((ServiceReply.StatusText) call(BLANK, new ServiceRequest.Status())).json().contains("blocksMissingAbove");
    }

    /** Loses what it has, gets no blocks of before, and goes on from a snapshot. */
    private void blank() throws Exception {
        call(BLANK, new ServiceRequest.Fault(BLANK, Harm.STOP));
        for (final String part : List.of("journal", "safety", "state")) {
            DirectoryTree.delete(data().resolve(part));
        }
        ranks.lose((to, parcel) -> to == BLANK && parcel instanceof Parcel.Ordering about
            && about.message() instanceof Message.FinalBlocks blocks && blocks.blocks().get(0).block().height() <= BLOCKS / 2);
        call(BLANK, new ServiceRequest.Fault(BLANK, Harm.RESUME));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            submit(0, 1);
            return hasGap() && status().contains("\"mute\":false");
        });
    }

    private String status() throws Exception {
        final String json = ((ServiceReply.StatusText) call(BLANK, new ServiceRequest.Status())).json();
        return json.substring(json.indexOf("\"id\":" + BLANK + ","));
    }

    private VerificationReport verified() {
        return Verification.run(directory, new VerificationOptions(1), Progress.NONE);
    }

    private ServiceReply receipt(final Submitted of) throws Exception {
        return call(BLANK, new ServiceRequest.ReceiptOf(new TransactionId(of.bundle(), 0)));
    }

    private String whole() throws Exception {
        return ((ServiceReply.StatusText) call(BLANK, new ServiceRequest.Status())).json();
    }

    @Test
    void whatRotsOnARankIsGottenAnewWhileAllOtherRanksHaveAll() throws Exception {
        ranks.cut(2);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> status().contains("\"suspects\":[2]"));
        final Path segment = data().resolve("journal").resolve("0000000000000000.seg");
        final byte[] bytes = Files.readAllBytes(segment);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(200); // in the batch of the first record
            file.write(bytes[200] ^ 1);
        }
        assertEquals(Refused.Reason.FAILED, ((Refused) receipt(first)).reason());
        assertTrue(whole().contains("not gotten anew while replica "), whole());
        ranks.mend(2);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receipt(first) instanceof ServiceReply.Receipt);
        assertTrue(whole().contains("gotten anew from peers"), whole());
        submit(BLANK, 3);
    }

    @Test
    void itVotesWithoutTheBlocksAndSaysWhatItCannotKnowYetAndThenHasThemAll() throws Exception {
        blank();
        ranks.cut(2);
        submit(0, 10); // of three replicas, one of which has a gap, each must vote
        submit(BLANK, 3);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receipt(last) instanceof ServiceReply.Receipt);
        for (final ServiceReply reply : List.of(receipt(first),
            call(BLANK, new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(1), 100)))) {
            assertEquals(Refused.Reason.UNAVAILABLE, ((Refused) reply).reason());
            assertTrue(((Refused) reply).message().contains("goes on from a snapshot"), ((Refused) reply).message());
        }
        assertTrue(hasGap());
        ranks.mend(2);
        final VerificationReport during = verified();
        assertEquals(List.of(), during.faults());
        assertTrue(during.notes().toString().contains("replica 3 goes on from a snapshot"), during.notes().toString());

        ranks.lose((to, parcel) -> false);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            submit(0, 1);
            return !hasGap() && !Files.exists(data().resolve("snapshot").resolve("begun"));
        });
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> receipt(last) instanceof ServiceReply.Receipt);
        assertInstanceOf(ServiceReply.Receipt.class, receipt(first));
        ranks.close();
        final VerificationReport after = verified();
        assertEquals(List.of(), after.faults());
        assertEquals(after.height(), after.replicas().get(BLANK).height());
    }

    @Test
    void itGoesOnWithItsGapAfterItWasStoppedAgain() throws Exception {
        blank();
        call(BLANK, new ServiceRequest.Fault(BLANK, Harm.STOP));
        call(BLANK, new ServiceRequest.Fault(BLANK, Harm.RESUME));
        assertTrue(hasGap());
        ranks.cut(2);
        submit(0, 10);
        ranks.close();
        assertEquals(List.of(), verified().faults());
    }
}
