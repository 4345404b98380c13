package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.OutputFile;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.Receiving;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.SeekerRelease;
import org.ztp.release.SingleAnswer;
import org.ztp.release.SingleResult;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.wire.Hash;

/** Publish, request, release and receive through a whole service, also when replicas stop or lie. */
@Timeout(90)
final class SharingServiceTest {
    private static final int CHUNK = 64 << 10;

    @TempDir
    private Path temporary;
    private final SystemRandomness randomness = new SystemRandomness();
    private final SigningKey owner = SigningKey.generate(randomness);
    private final SigningKey seeker = SigningKey.generate(randomness);
    private final SigningKey stranger = SigningKey.generate(randomness);
    private final byte[] plain = new byte[5 * CHUNK + 123];
    private ClusterDirectory directory;
    private Genesis genesis;
    private Service service;
    private SubClusterKeys keys;
    private BlobStore blobs;
    private Publish publish;
    private Hash dataset;

    @BeforeEach
    void publishToANewCluster() throws Exception {
        directory = new ClusterDirectory(temporary.resolve("cluster"));
        genesis = new ClusterCreation(randomness, 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        set.put(Setting.DURABILITY, "os");
        service = Service.start(directory, Configuration.with(set), new Service.Options(true));
        keys = new SubClusterKeys(genesis.chain(), genesis.replicas().stream().map(GenesisReplica::signingKey).toList(),
            genesis.replicas().stream().map(GenesisReplica::sealingKey).toList());
        blobs = new BlobStore(new FileDisk(directory.blobs()), "test");
        new Random(5).nextBytes(plain);
        final Path file = Files.write(temporary.resolve("plain"), plain);
        final Contract contract = new Contract(1, List.of(new Clause(ChunkRange.all(6),
            List.of(Identity.of(key(seeker), "seeker")), Rules.NONE)));
        publish = new Publishing(keys, blobs, randomness, 2).publish(file, "plain", CHUNK, owner.verifyKey(), contract,
            done -> { });
        dataset = Publish.id(genesis.chain(), key(owner), publish.nonce());
        assertEquals(Submitted.Status.FINAL, submit(owner, publish.encode()).status());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private static Hash key(final SigningKey of) {
        return Hash.of(of.verifyKey().bytes());
    }

    private <T extends ServiceReply> T call(final ServiceRequest request, final Class<T> expected) throws Exception {
        return assertInstanceOf(expected, new LocalConnection(service).call(request).get(40, TimeUnit.SECONDS));
    }

    private Submitted submit(final SigningKey signer, final byte[] transaction) throws Exception {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), key(signer), randomness.bytes(16), signer::sign);
        builder.add(transaction, 0, transaction.length);
        final Bundle bundle = builder.seal(0);
        return call(new ServiceRequest.Submit(Arrays.copyOfRange(bundle.array(), bundle.offset(),
            bundle.offset() + bundle.length())), Submitted.class);
    }

    private SeekerRelease ask(final SigningKey who, final ChunkRange chunks, final Outcome.Code expected)
            throws Exception {
        final X25519PrivateKey fresh = X25519PrivateKey.generate(randomness);
        final Submitted asked = submit(who, new Request(dataset, chunks, "test", Hash.of(fresh.publicKey().bytes()), "")
            .encode());
        assertEquals(expected.code(), asked.outcomes().get(0).code(), asked.outcomes().get(0).detail());
        return new SeekerRelease(keys, List.of(0, 1, 2, 3), new TransactionId(asked.bundle(), 0), dataset, chunks, fresh);
    }

    private Optional<ChunkKeys> keysOf(final SeekerRelease release, final byte[] released) {
        return ChunkKeys.join(keys.context(key(owner), publish), publish, publish.part(key(seeker)).orElseThrow(),
            release.chunks(), released, seeker).keys();
    }

    private Optional<ChunkKeys> accumulated(final SeekerRelease release, final List<Integer> without) throws Exception {
        final ServiceReply.Released reply = call(new ServiceRequest.Release(release.request(), without),
            ServiceReply.Released.class);
        return keysOf(release, release.unmask(reply.vector(), reply.participants(), reply.attempt(),
            reply.contractVersion()).orElseThrow());
    }

    private byte[] receive(final ChunkKeys chunkKeys) throws Exception {
        final Path out = temporary.resolve("out");
        Files.deleteIfExists(out);
        try (chunkKeys; OutputFile file = OutputFile.create(out)) {
            new Receiving(blobs, 2).receive(keys.context(key(owner), publish), publish, chunkKeys, file, done -> { });
        }
        return Files.readAllBytes(out);
    }

    private void fault(final int replica, final Harm harm) throws Exception {
        call(new ServiceRequest.Fault(replica, harm), ServiceReply.Done.class);
    }

    @Test
    void theSeekerGetsTheBytesAndAPartOfThem() throws Exception {
        assertArrayEquals(plain, receive(accumulated(ask(seeker, ChunkRange.all(6), Outcome.Code.ALLOWED), List.of())
            .orElseThrow()));
        assertArrayEquals(Arrays.copyOfRange(plain, CHUNK, 3 * CHUNK), receive(accumulated(
            ask(seeker, new ChunkRange(1, 2), Outcome.Code.ALLOWED), List.of()).orElseThrow()));
    }

    @Test
    void aStrangerGetsNothingAndARevokedSeekerNothingMore() throws Exception {
        final SeekerRelease denied = ask(stranger, ChunkRange.all(6), Outcome.Code.DENIED);
        call(new ServiceRequest.Release(denied.request(), List.of()), ServiceReply.Refused.class);
        final SeekerRelease before = ask(seeker, ChunkRange.all(6), Outcome.Code.ALLOWED);
        assertEquals(Submitted.Status.FINAL, submit(owner, new Revoke(dataset, List.of(key(seeker))).encode()).status());
        ask(seeker, ChunkRange.all(6), Outcome.Code.DENIED);
        assertEquals(ServiceReply.Refused.Reason.DENIED, call(new ServiceRequest.Release(before.request(), List.of()),
            ServiceReply.Refused.class).reason());
    }

    @Test
    void anyOneReplicaMayBeAway() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            fault(replica, replica % 2 == 0 ? Harm.HANG : Harm.STOP);
            assertArrayEquals(plain, receive(accumulated(ask(seeker, ChunkRange.all(6), Outcome.Code.ALLOWED),
                List.of()).orElseThrow()), "without " + replica);
            fault(replica, Harm.RESUME);
        }
    }

    @Test
    void wrongSharesAreFoundAndTheirSenderIsNamedAndTheReleaseSucceeds() throws Exception {
        for (int replica = 0; replica < 4; replica++) {
            fault(replica, replica == 1 ? Harm.WRONG_SHARES : Harm.RESUME);
        }
        final SeekerRelease release = ask(seeker, ChunkRange.all(6), Outcome.Code.ALLOWED);
        final ServiceReply.ReleasedSingly singly = call(new ServiceRequest.ReleaseSingly(release.request(),
            ChunkRange.all(6), List.of()), ServiceReply.ReleasedSingly.class);
        final SingleResult result = release.open(ChunkRange.all(6), singly.shares().stream()
            .map(one -> new SingleAnswer(one.replica(), one.sealed())).toList(), singly.contractVersion(), publish,
            publish.part(key(seeker)).orElseThrow());
        assertTrue(singly.shares().size() < 3 || result.bad().containsKey(1), result.bad().toString());
        assertArrayEquals(plain, receive(keysOf(release, result.vector().orElseThrow()).orElseThrow()));
        assertArrayEquals(plain, receive(accumulated(release, List.of(1)).orElseThrow()));
        if (result.bad().containsKey(1)) {
            final Submitted recorded = submit(seeker, result.evidence().get(0).encode());
            assertEquals(Outcome.Code.ACCEPTED.code(), recorded.outcomes().get(0).code(),
                recorded.outcomes().get(0).detail());
        }
    }

    @Test
    void whatStrangersAskIsNotAmongWhatWasDecided() throws Exception {
        for (int i = 0; i < 5; i++) {
            ask(stranger, ChunkRange.all(6), Outcome.Code.DENIED);
        }
        submit(owner, new Revoke(dataset, List.of(key(seeker))).encode());
        final ServiceReply.LogPage decided = call(new ServiceRequest.Log(Optional.of(dataset), true, "",
            LogPlace.from(1), 2), ServiceReply.LogPage.class);
        assertEquals(List.of("PUBLISH", "REVOKE"), decided.entries().stream().map(ServiceReply.LogEntry::kind).toList());
        assertTrue(decided.next().isEmpty());
        assertEquals(7, call(new ServiceRequest.Log(Optional.of(dataset), "", LogPlace.from(1), 100),
            ServiceReply.LogPage.class).entries().size());
    }
}
