package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
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
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.SubClusters;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Recovered;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKeys;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.SharingRules;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.SeekerRelease;
import org.ztp.storage.Durability;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.wire.Hash;

/** Twelve replicas of one process as three sub-clusters, on real files. */
@Timeout(120)
final class SubClustersServiceTest {
    @TempDir
    private Path temporary;
    private final SystemRandomness randomness = new SystemRandomness();
    private final SigningKey key = SigningKey.generate(randomness);
    private final SigningKey seeker = SigningKey.generate(randomness);
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;

    @BeforeEach
    void makeCluster() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(randomness, 1_700_000_000_000L).create(directory.root(), 12, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        start();
    }

    @AfterEach
    void stop() {
        service.close();
        key.close();
        seeker.close();
    }

    private void start() throws Exception {
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.THREADS, "2");
        set.put(Setting.DURABILITY, "os");
        set.put(Setting.EPOCH_INTERVAL, "40ms");
        set.put(Setting.VIEW_TIMEOUT, "3s");
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
    }

    private static Hash keyOf(final SigningKey of) {
        return Hash.of(of.verifyKey().bytes());
    }

    private static byte[] submission(final int number) {
        return Arrays.copyOf(("submission " + number).getBytes(StandardCharsets.US_ASCII), Bundle.SUBMISSION_BYTES);
    }

    private static byte[] record(final String text) {
        return ("\1\0\0\0\0" + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] bundle(final SigningKey signer, final byte[] submission, final long sequence,
                          final byte[]... transactions) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), keyOf(signer), submission, signer::sign);
        for (final byte[] transaction : transactions) {
            builder.add(transaction, 0, transaction.length);
        }
        final Bundle bundle = builder.seal(sequence);
        return Arrays.copyOfRange(bundle.array(), bundle.offset(), bundle.offset() + bundle.length());
    }

    private CompletableFuture<ServiceReply> send(final ServiceRequest request) {
        return new LocalConnection(service).call(request);
    }

    private <T extends ServiceReply> T call(final ServiceRequest request, final Class<T> expected) throws Exception {
        return assertInstanceOf(expected, send(request).get(40, TimeUnit.SECONDS));
    }

    private Submitted submit(final byte[] bundle) throws Exception {
        return call(new ServiceRequest.Submit(bundle), Submitted.class);
    }

    private Submitted submit(final SigningKey signer, final byte[] transaction) throws Exception {
        return submit(bundle(signer, randomness.bytes(16), 0, transaction));
    }

    /** A submission whose records belong to a sub-cluster. */
    private byte[] submissionOf(final int subCluster) {
        int number = 0;
        while (SubClusters.homeOfRecords(keyOf(key), submission(number), 3) != subCluster) {
            number++;
        }
        return submission(number);
    }

    private Config status() throws Exception {
        return ConfigFactory.parseString(call(new ServiceRequest.Status(), ServiceReply.StatusText.class).json());
    }

    private List<Long> epochHeights() throws Exception {
        final Config status = status();
        return !status.hasPath("epoch") ? List.of() : status.getConfigList("epoch.heads").stream()
            .map((Config head) -> head.getLong("height")).toList();
    }

    /** Whether an epoch covers so many blocks of each sub-cluster; a view change may have added one. */
    private boolean areCovered(final long... heights) throws Exception {
        final List<Long> covered = epochHeights();
        for (int i = 0; i < heights.length; i++) {
            if (covered.isEmpty() || covered.get(i) < heights[i]) {
                return false;
            }
        }
        return true;
    }

    private void fault(final int replica, final Harm harm) throws Exception {
        call(new ServiceRequest.Fault(replica, harm), ServiceReply.Done.class);
    }

    private VerificationReport verify() {
        return Verification.run(directory, new VerificationOptions(2), Progress.NONE);
    }

    @Test
    void recordsSpreadOverAllSubClustersAndEachIsThereOnceAlsoAfterARestart() throws Exception {
        final Map<Integer, Submitted> first = new TreeMap<>();
        for (int i = 0; i < 24; i++) {
            first.put(i, submit(bundle(key, submission(i), 0, record("r" + i), record("s" + i))));
            assertEquals(Submitted.Status.FINAL, first.get(i).status());
        }
        final ServiceReply.LogPage page = wholeLog();
        assertEquals(48, page.entries().size());
        final Map<Integer, Integer> spread = new TreeMap<>();
        page.entries().forEach(entry -> spread.merge(entry.subCluster(), 1, Integer::sum));
        assertEquals(3, spread.size(), spread.toString());
        for (final Submitted one : first.values()) {
            final byte[] receipt = call(new ServiceRequest.ReceiptOf(new TransactionId(one.bundle(), 1)),
                ServiceReply.Receipt.class).receipt();
            assertTrue(new ReceiptVerifier(genesis.chain(), GenesisVoters.of(genesis),
                GenesisVoters.clients(new VerifyKeys(4))).verify(Receipt.decode(receipt).orElseThrow()).good());
        }
        service.drain(5_000_000_000L);
        service.close();
        assertTrue(verify().consistent(), verify().faults().toString());
        start();
        for (int i = 0; i < 24; i++) {
            final Submitted again = submit(bundle(key, submission(i), 0, record("r" + i), record("s" + i)));
            assertEquals(Submitted.Status.DUPLICATE, again.status());
            assertEquals(first.get(i).height(), again.height());
        }
    }

    private ServiceReply.LogPage wholeLog() throws Exception {
        return new ServiceReply.LogPage(log("", 7), Optional.empty());
    }

    /** The log in pages of so many entries. */
    private List<ServiceReply.LogEntry> log(final String entity, final int most) throws Exception {
        final List<ServiceReply.LogEntry> entries = new ArrayList<>();
        Optional<LogPlace> since = Optional.of(LogPlace.from(1));
        while (since.isPresent()) {
            final LogPlace from = since.get();
            final ServiceReply.LogPage page = call(new ServiceRequest.Log(Optional.empty(), entity, from, most),
                ServiceReply.LogPage.class);
            entries.addAll(page.entries());
            assertTrue(page.entries().size() <= most, page.entries().size() + " entries");
            assertTrue(page.next().stream().allMatch(next -> next.compareTo(from) > 0));
            since = page.next();
        }
        return entries;
    }

    @Test
    void aPageOfTheLogEndsInsideABlock() throws Exception {
        final byte[][] records = new byte[20][];
        for (int i = 0; i < records.length; i++) {
            records[i] = new RecordTransaction(i % 2 == 0 ? "even" : "odd", "", new byte[0]).encode();
        }
        for (int subCluster = 0; subCluster < 3; subCluster++) {
            submit(bundle(key, submissionOf(subCluster), 0, records));
        }
        final List<ServiceReply.LogEntry> whole = log("", 300);
        assertEquals(60, Set.copyOf(whole).size());
        assertTrue(whole.stream().mapToLong(ServiceReply.LogEntry::height).distinct().count() < 20);
        assertEquals(whole, log("", 7));
        assertEquals(whole, log("", 3));
        final List<ServiceReply.LogEntry> even = whole.stream().filter(entry -> entry.subject().equals("even")).toList();
        assertEquals(30, even.size());
        assertEquals(even, log("even", 7));
    }

    @Test
    void aHaltedSubClusterHoldsBackNeitherTheOthersNorTheEpochs() throws Exception {
        final byte[][] submissions = {submissionOf(0), submissionOf(1), submissionOf(2)};
        for (int round = 0; round < 4; round++) {
            for (final byte[] one : submissions) {
                assertEquals(Submitted.Status.FINAL, submit(bundle(key, one, round, record("before"))).status());
            }
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(4, 4, 4));
        for (int replica = 4; replica < 8; replica++) {
            fault(replica, Harm.STOP);
        }
        final CompletableFuture<ServiceReply> waiting = send(new ServiceRequest.Submit(
            bundle(key, submissions[1], 4, record("waits"))));
        for (int round = 4; round < 24; round++) {
            for (final int live : List.of(0, 2)) {
                assertEquals(Submitted.Status.FINAL,
                    submit(bundle(key, submissions[live], round, record("meanwhile"))).status());
            }
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(24, 4, 24));
        final Config status = status();
        assertEquals(List.of(false, true, false), status.getConfigList("epoch.heads").stream()
            .map((Config head) -> head.getBoolean("carried")).toList());
        assertEquals(List.of(true, false, true), status.getConfigList("subClusters").stream()
            .map((Config group) -> group.getBoolean("hasQuorum")).toList());
        assertFalse(waiting.isDone());
        for (int replica = 4; replica < 8; replica++) {
            fault(replica, Harm.RESUME);
        }
        assertEquals(Submitted.Status.FINAL, ((Submitted) waiting.get(40, TimeUnit.SECONDS)).status());
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(24, 5, 24));
        assertFalse(status().getConfigList("epoch.heads").get(1).getBoolean("carried"));
        submit(bundle(key, submissions[0], 24, record("names the epoch")));
        service.close();
        final VerificationReport report = verify();
        assertTrue(report.consistent(), report.faults().toString());
        start();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(25, 5, 24));
    }

    @Test
    void theLogNamesSubClustersThatDoNotAnswerAndHasWhatTheOthersHave() throws Exception {
        for (int i = 0; i < 12; i++) {
            submit(bundle(key, submission(i), 0, record("r" + i)));
        }
        final List<ServiceReply.LogEntry> all = wholeLog().entries();
        final ServiceRequest.Log asked = new ServiceRequest.Log(Optional.empty(), "", LogPlace.from(1), 1_000);
        for (final int replica : genesis.subClusters().get(1).members()) {
            fault(replica, Harm.STOP);
        }
        final ServiceReply.LogPage page = call(asked, ServiceReply.LogPage.class);
        assertEquals(List.of(1), page.missing());
        assertEquals(all.stream().filter(entry -> entry.subCluster() != 1).toList(), page.entries());
        for (final int subCluster : List.of(0, 2)) {
            for (final int replica : genesis.subClusters().get(subCluster).members()) {
                fault(replica, Harm.STOP);
            }
        }
        assertEquals(ServiceReply.Refused.Reason.UNAVAILABLE, call(asked, ServiceReply.Refused.class).reason());
    }

    @Test
    void blocksNameTheNewestEpochAndNumbersRiseAlongEachChain() throws Exception {
        final byte[][] submissions = {submissionOf(0), submissionOf(1), submissionOf(2)};
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 3; i++) {
                submit(bundle(key, submissions[i], round, record("x")));
            }
            final int all = round + 1;
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(all, all, all));
        }
        for (int i = 0; i < 3; i++) {
            long last = -1;
            final Config group = status().getConfigList("subClusters").get(i);
            last = group.getConfigList("replicas").get(0).getLong("epoch");
            assertTrue(last >= 15, "the last block of sub-cluster " + i + " names epoch " + last);
        }
        final VerificationReport live = verify();
        assertTrue(live.consistent(), live.faults().toString());
    }

    /**
     * All replicas of one sub-cluster together can't speak for another: their next block names a head of their making.
     */
    @Test
    void anEpochWithAHeadThatItsSubClusterDidNotCertifyIsFound() throws Exception {
        for (int i = 0; i < 3; i++) {
            submit(bundle(key, submissionOf(i), 0, record("x")));
        }
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> areCovered(1, 1, 1));
        for (int i = 1; status().getConfigList("subClusters").get(0).getConfigList("replicas").get(0).getLong("epoch") == 0; i++) {
            submit(bundle(key, submissionOf(0), i, record("names the epoch")));
        }
        service.close();
        final Recovered before = recovered();
        final Block honest = colluding(before, before.height() + 1, before.block(), before.epoch().orElseThrow());
        assertEquals(List.of(), inJournals(verify()));
        final List<EpochHead> heads = new ArrayList<>(before.epoch().orElseThrow().heads());
        heads.set(1, new EpochHead(false, certificate(1, heads.get(1).height() + 5, honest.hash())));
        colluding(before, honest.height() + 1, honest.hash(), Epoch.of(genesis.chain(), heads).orElseThrow());
        final List<String> found = inJournals(verify());
        assertTrue(found.toString().contains("epoch") && found.toString().contains("sub-cluster 1"), found.toString());
    }

    /** Beside them there is the fault that safety records do not remember what was signed behind their backs. */
    private static List<String> inJournals(final VerificationReport report) {
        return report.faults().stream().map(Object::toString).filter(fault -> fault.contains("/journal")).toList();
    }

    private Recovered recovered() {
        final ReplicaStore store = ReplicaStore.open(new ReplicaStore.Place(directory.journal(0), directory.safety(0),
            directory.state(0), genesis.chain(), SharingRules.of(genesis, genesis.subClusters().get(0)), Durability.OS));
        try {
            return store.takeRecovered();
        } finally {
            store.close();
        }
    }

    /** Signed by replicas of sub-cluster 0, whatever it says. */
    private Certificate certificate(final int subCluster, final long height, final Hash block) throws Exception {
        final byte[] voted = Certificate.votedBytes(genesis.chain(), subCluster, Phase.COMMIT, 1, height, block);
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (int replica = 0; replica < 3; replica++) {
            votes.add(new Certificate.Signature(replica, directory.readNodeKey(genesis, replica).signingKey().sign(voted)));
        }
        return new Certificate(Phase.COMMIT, 1, height, block, votes);
    }

    /** A block without batches, with its certificate at the end of each journal of sub-cluster 0. */
    private Block colluding(final Recovered before, final long height, final Hash parent, final Epoch epoch)
            throws Exception {
        final boolean named = epoch.number() == before.epoch().orElseThrow().number();
        final Block block = Block.of(new BlockHeader(0, 1, height, 1, before.timeMillis(), genesis.chain(), parent,
            BlockRoot.of(List.of()), before.state().digest(), epoch.number(), epoch.root(), 0, 0), List.of(),
            named ? Optional.empty() : Optional.of(epoch));
        final byte[] certificate = LedgerRecord.encode(certificate(0, height, block.hash()));
        final byte[] bytes = LedgerRecord.encode(block);
        for (int replica = 0; replica < 4; replica++) {
            final Journal journal = Journal.open(new FileDisk(directory.journal(replica)), JournalOptions.of(
                genesis.chain().toBytes(), Durability.OS), Journal.START,
                (position, type, buffer, offset, length) -> { });
            journal.append(LedgerRecord.BLOCK, new UnsafeBuffer(bytes), 0, bytes.length);
            journal.append(LedgerRecord.CERTIFICATE, new UnsafeBuffer(certificate), 0, certificate.length);
            journal.close();
        }
        return block;
    }

    private Publish publish(final int subCluster) throws Exception {
        final SubClusterKeys keys = SubClusterKeys.of(genesis, genesis.subClusters().get(subCluster));
        final Contract contract = new Contract(1, List.of(new Clause(ChunkRange.all(1),
            List.of(Identity.of(keyOf(seeker), "seeker")), new Rules(0, 0, 0, 0, false, 1,
                List.of(Identity.of(keyOf(key), "owner"))))));
        final Publish publish = publish(keys, contract);
        final Submitted submitted = submit(key, publish.encode());
        assertEquals(Outcome.Code.ACCEPTED.code(), submitted.outcomes().get(0).code(),
            submitted.outcomes().get(0).detail());
        return publish;
    }

    private Hash id(final Publish publish) {
        return Publish.id(genesis.chain(), keyOf(key), publish.nonce());
    }

    private Publish publish(final SubClusterKeys keys, final Contract contract) throws Exception {
        final Path file = Files.write(temporary.resolve("plain"), record("secret"));
        return new Publishing(keys, new BlobStore(new FileDisk(directory.blobs()), "test"), randomness, 1)
            .publish(file, "plain", 4096, key.verifyKey(), contract, done -> { });
    }

    @Test
    void sharingWorksInEachSubClusterAndWhatIsAboutADatasetGoesToItsHome() throws Exception {
        for (int subCluster = 0; subCluster < 3; subCluster++) {
            final Publish publish = publish(subCluster);
            final Hash dataset = id(publish);
            final SubClusterKeys keys = SubClusterKeys.of(genesis, dataset);
            assertEquals(subCluster, keys.subCluster());
            final X25519PrivateKey fresh = X25519PrivateKey.generate(randomness);
            final Submitted asked = submit(seeker, new Request(dataset, ChunkRange.all(1), "test",
                Hash.of(fresh.publicKey().bytes()), "").encode());
            assertEquals(Outcome.Code.PENDING.code(), asked.outcomes().get(0).code());
            final TransactionId request = new TransactionId(asked.bundle(), 0);
            assertEquals(Outcome.Code.ALLOWED.code(), submit(key, new Approve(request).encode()).outcomes().get(0)
                .code());
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> RequestState.parse(call(
                new ServiceRequest.RequestState(request), ServiceReply.RequestStanding.class).state()).orElseThrow()
                .status() == RequestState.Status.ALLOWED);
            final ServiceReply.Released released = call(new ServiceRequest.Release(request, List.of()),
                ServiceReply.Released.class);
            final SeekerRelease release = new SeekerRelease(keys, genesis.subClusters().get(subCluster).members(),
                request, dataset, ChunkRange.all(1), fresh);
            final byte[] vector = release.unmask(released.vector(), released.participants(), released.attempt(),
                released.contractVersion()).orElseThrow();
            ChunkKeys.join(keys.context(keyOf(key), publish), publish, publish.part(keyOf(seeker)).orElseThrow(),
                ChunkRange.all(1), vector, seeker).keys().orElseThrow().close();
            assertEquals(3, call(new ServiceRequest.Log(Optional.of(dataset), "", LogPlace.from(1), 100),
                ServiceReply.LogPage.class).entries().size());
        }
    }

    @Test
    void oneBundleIsAboutDatasetsOfOneSubCluster() throws Exception {
        final byte[] one = new Request(id(publish(0)), ChunkRange.all(1), "", keyOf(key), "").encode();
        final byte[] other = new Request(id(publish(1)), ChunkRange.all(1), "", keyOf(key), "").encode();
        final Refused refused = call(new ServiceRequest.Submit(bundle(seeker, randomness.bytes(16), 0, one, other)),
            Refused.class);
        assertEquals(Refused.Reason.BAD_REQUEST, refused.reason());
        assertTrue(refused.message().contains("different sub-clusters: [0, 1]"), refused.message());
        assertEquals(Submitted.Status.FINAL, submit(bundle(seeker, randomness.bytes(16), 0, one, record("with it")))
            .status());
        final Refused unknown = call(new ServiceRequest.Submit(bundle(key, randomness.bytes(16), 0,
            new Approve(new TransactionId(genesis.chain(), 0)).encode())), Refused.class);
        assertEquals(Refused.Reason.NOT_FOUND, unknown.reason());
        fault(8, Harm.STOP);
        fault(9, Harm.STOP);
        fault(10, Harm.STOP);
        fault(11, Harm.STOP);
        assertEquals(Refused.Reason.UNAVAILABLE, call(new ServiceRequest.ReceiptOf(
            new TransactionId(genesis.chain(), 0)), Refused.class).reason(), "sub-cluster 2 may know it");
    }
}
