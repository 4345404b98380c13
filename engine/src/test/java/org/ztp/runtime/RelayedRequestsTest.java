package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.LogPlace;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.SubClusters;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKeys;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.SeekerRelease;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.transport.Parcel;
import org.ztp.transport.RelayMessage;
import org.ztp.wire.Hash;

/** Eight ranks as two sub-clusters: whichever rank a client speaks with, the right sub-cluster answers. */
@Timeout(180)
final class RelayedRequestsTest {
    /** A rank of sub-cluster 0, and one of sub-cluster 1. */
    private static final int NEAR = 1;
    private static final int FAR = 6;

    @TempDir
    private Path temporary;
    private final SystemRandomness randomness = new SystemRandomness();
    private final SigningKey owner = SigningKey.generate(randomness);
    private final SigningKey seeker = SigningKey.generate(randomness);
    private ClusterDirectory directory;
    private Genesis genesis;
    private RanksOfOneProcess ranks;

    @BeforeEach
    void start() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(randomness, 1_700_000_000_000L).create(directory.root(), 8, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, "1");
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.VIEW_TIMEOUT, "3s");
        set.put(Setting.DETECTOR_LIMIT, "2s");
        set.put(Setting.DETECTOR_REPLACE, "1h");
        ranks = new RanksOfOneProcess(directory, Configuration.with(set));
    }

    @AfterEach
    void stop() {
        ranks.close();
        owner.close();
        seeker.close();
    }

    private static Hash keyOf(final SigningKey of) {
        return Hash.of(of.verifyKey().bytes());
    }

    private static byte[] record(final String text) {
        return new RecordTransaction("", "", text.getBytes(StandardCharsets.UTF_8)).encode();
    }

    private byte[] bundle(final SigningKey signer, final byte[] submission, final long sequence, final byte[] transaction) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), keyOf(signer), submission, signer::sign);
        builder.add(transaction, 0, transaction.length);
        return builder.seal(sequence).array();
    }

    private byte[] submissionOf(final int subCluster) {
        return SubClusters.of(genesis).newSubmission(keyOf(owner), subCluster, randomness);
    }

    private CompletableFuture<ServiceReply> send(final int rank, final ServiceRequest request) {
        return new LocalConnection(ranks.service(rank)).call(request);
    }

    private <T extends ServiceReply> T call(final int rank, final ServiceRequest request, final Class<T> expected)
            throws Exception {
        return assertInstanceOf(expected, send(rank, request).get(60, TimeUnit.SECONDS));
    }

    private Submitted submit(final int rank, final byte[] bundle) throws Exception {
        return call(rank, new ServiceRequest.Submit(bundle), Submitted.class);
    }

    private Submitted submit(final int rank, final SigningKey signer, final byte[] transaction) throws Exception {
        return submit(rank, bundle(signer, randomness.bytes(16), 0, transaction));
    }

    @Test
    void whateverRankIsAskedARecordIsOnOneChainOnceAndIsProven() throws Exception {
        for (int home = 0; home < 2; home++) {
            final byte[] bundle = bundle(owner, submissionOf(home), 0, record("r" + home));
            final Submitted first = submit(NEAR, bundle);
            assertEquals(Submitted.Status.FINAL, first.status());
            final Submitted again = submit(FAR, bundle);
            assertEquals(first.height(), again.height());
            for (final int rank : List.of(NEAR, FAR)) {
                final byte[] receipt = call(rank, new ServiceRequest.ReceiptOf(new TransactionId(first.bundle(), 0)),
                    ServiceReply.Receipt.class).receipt();
                assertTrue(new ReceiptVerifier(genesis.chain(), GenesisVoters.of(genesis),
                    GenesisVoters.clients(new VerifyKeys(4))).verify(Receipt.decode(receipt).orElseThrow()).good());
            }
        }
        for (final int rank : List.of(NEAR, FAR)) {
            assertEquals(Map.of(0, 1L, 1, 1L), call(rank, new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(1), 100),
                ServiceReply.LogPage.class).entries().stream().collect(Collectors.groupingBy(
                    ServiceReply.LogEntry::subCluster, Collectors.counting())));
        }
        assertEquals(Refused.Reason.NOT_FOUND, call(NEAR, new ServiceRequest.ReceiptOf(
            new TransactionId(genesis.chain(), 0)), Refused.class).reason());
    }

    @Test
    void aDatasetIsSharedThroughRanksOfTheOtherSubCluster() throws Exception {
        final SubClusterKeys keys = SubClusterKeys.of(genesis, genesis.subClusters().get(1));
        final Contract contract = new Contract(1, List.of(new Clause(ChunkRange.all(1),
            List.of(Identity.of(keyOf(seeker), "seeker")), new Rules(0, 0, 0, 0, false, 1,
                List.of(Identity.of(keyOf(owner), "owner"))))));
        final Publish publish = new Publishing(keys, new BlobStore(new FileDisk(directory.blobs()), "test"), randomness, 1)
            .publish(Files.writeString(temporary.resolve("plain"), "secret"), "plain", 4096, owner.verifyKey(), contract,
                done -> { });
        assertEquals(Outcome.Code.ACCEPTED.code(), submit(NEAR, owner, publish.encode()).outcomes().get(0).code());
        final Hash dataset = Publish.id(genesis.chain(), keyOf(owner), publish.nonce());
        final X25519PrivateKey fresh = X25519PrivateKey.generate(randomness);
        final Submitted asked = submit(NEAR, seeker, new Request(dataset, ChunkRange.all(1), "test",
            Hash.of(fresh.publicKey().bytes()), "").encode());
        final TransactionId request = new TransactionId(asked.bundle(), 0);
        assertEquals(Outcome.Code.ALLOWED.code(), submit(NEAR, owner, new Approve(request).encode()).outcomes().get(0)
            .code());
        final ServiceReply.Released released = call(NEAR, new ServiceRequest.Release(request, List.of()),
            ServiceReply.Released.class);
        final byte[] vector = new SeekerRelease(keys, genesis.subClusters().get(1).members(), request, dataset,
            ChunkRange.all(1), fresh).unmask(released.vector(), released.participants(), released.attempt(),
            released.contractVersion()).orElseThrow();
        ChunkKeys.join(keys.context(keyOf(owner), publish), publish, publish.part(keyOf(seeker)).orElseThrow(),
            ChunkRange.all(1), vector, seeker).keys().orElseThrow().close();
        assertEquals(3, call(NEAR, new ServiceRequest.Log(Optional.of(dataset), "", LogPlace.from(1), 100),
            ServiceReply.LogPage.class).entries().size());
    }

    @Test
    void whatIsAskedOfAMemberThatFallsSilentIsAskedOfAnother() throws Exception {
        final byte[] submission = submissionOf(1);
        assertEquals(Submitted.Status.FINAL, submit(NEAR, bundle(owner, submission, 0, record("a"))).status());
        ranks.cut(5); // which rank 1 asks first
        final int before = ranks.relayed();
        assertEquals(Submitted.Status.FINAL, submit(NEAR, bundle(owner, submission, 1, record("b"))).status());
        assertTrue(ranks.relayed() > before);
    }

    @Test
    void aSubClusterThatIsGoneHoldsBackNobodyElse() throws Exception {
        final byte[] here = submissionOf(0);
        final byte[] there = submissionOf(1);
        assertEquals(Submitted.Status.FINAL, submit(NEAR, bundle(owner, there, 0, record("before"))).status());
        for (int rank = 4; rank < 8; rank++) {
            ranks.cut(rank);
        }
        final int many = Relay.MAX_OPEN + 8;
        final byte[] waits = bundle(owner, there, 1, record("waits"));
        final List<CompletableFuture<ServiceReply>> waiting = java.util.stream.IntStream.range(0, many)
            .mapToObj(i -> send(NEAR, new ServiceRequest.Submit(waits))).toList();
        for (int i = 0; i < 5; i++) {
            assertEquals(Submitted.Status.FINAL, submit(NEAR, bundle(owner, here, i, record("meanwhile " + i))).status());
        }
        int busy = 0;
        int refused = 0;
        for (final CompletableFuture<ServiceReply> one : waiting) {
            final ServiceReply reply = one.get(60, TimeUnit.SECONDS);
            busy += reply instanceof ServiceReply.Busy ? 1 : 0;
            refused += reply instanceof Refused no && no.reason() == Refused.Reason.UNAVAILABLE
                && no.message().contains("sub-cluster 1") ? 1 : 0;
        }
        assertEquals(many, busy + refused);
        assertTrue(busy >= 8, "beyond the bound: " + busy);
        assertEquals(Refused.Reason.UNAVAILABLE, call(NEAR, new ServiceRequest.ReceiptOf(
            new TransactionId(genesis.chain(), 0)), Refused.class).reason(), "sub-cluster 1 may know it");
        for (int rank = 4; rank < 8; rank++) {
            ranks.mend(rank);
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> send(NEAR, new ServiceRequest.Submit(waits))
            .get(60, TimeUnit.SECONDS) instanceof Submitted submitted && submitted.height() > 0);
    }

    @Test
    void aRankThatHandsABundleToTheWrongSubClusterGetsItOnNoChainThere() throws Exception {
        final byte[] bundle = bundle(owner, submissionOf(0), 0, record("once"));
        assertEquals(Submitted.Status.FINAL, submit(NEAR, bundle).status());
        assertTrue(ranks.say(NEAR, FAR, new Parcel.Relaying(new RelayMessage.Ask(1,
            RequestCodec.encode(new ServiceRequest.Submit(bundle))))));
        assertEquals(Submitted.Status.FINAL, submit(FAR, bundle(owner, submissionOf(1), 0, record("after"))).status());
        assertEquals(2, call(FAR, new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(1), 100), ServiceReply.LogPage.class)
            .entries().size());
    }

    @Test
    void whatOnlyClientsOfANodeMayDoIsNotDoneForOtherRanks() throws Exception {
        final byte[] stop = RequestCodec.encode(new ServiceRequest.Fault(FAR, ServiceRequest.Fault.Harm.STOP));
        assertTrue(ranks.say(NEAR, FAR, new Parcel.Relaying(new RelayMessage.Ask(1, stop))));
        assertFalse(ranks.say(NEAR, FAR, new Parcel.Relaying(new RelayMessage.Ask(1, new byte[] {99}))));
        assertFalse(ranks.say(NEAR, FAR, new Parcel.Relaying(new RelayMessage.Answer(1, new byte[] {8}))), "nobody asked");
        assertEquals(Submitted.Status.FINAL, submit(FAR, bundle(owner, submissionOf(1), 0, record("runs"))).status());
    }
}
