package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.NodeKey;
import org.ztp.cluster.SubCluster;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Action;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.ThreadHashing;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.SharingRules;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseGroup;
import org.ztp.release.ReleaseMessage;
import org.ztp.release.Standing;
import org.ztp.storage.Durability;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

/** A replica that comes up alone with a request that its ledger allows, while its peers tell it where they stand. */
@Timeout(90)
final class BehindReplicaTest {
    private static final int SELF = 3;
    private static final ChunkRange CHUNKS = ChunkRange.all(2);
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path temporary;
    private final SystemRandomness randomness = new SystemRandomness();
    private final BlockingQueue<ReleaseMessage> toTheGateway = new LinkedBlockingQueue<>();

    private static Hash key(final SigningKey of) {
        return Hash.of(of.verifyKey().bytes());
    }

    private Hash submit(final Service service, final SigningKey signer, final byte[] transaction) throws Exception {
        final BundleBuilder builder = new BundleBuilder(service.genesis().chain(), key(signer), randomness.bytes(16),
            signer::sign);
        builder.add(transaction, 0, transaction.length);
        final Bundle bundle = builder.seal(0);
        final Submitted said = assertInstanceOf(Submitted.class, new LocalConnection(service).call(
            new ServiceRequest.Submit(Arrays.copyOfRange(bundle.array(), bundle.offset(),
                bundle.offset() + bundle.length()))).get(40, TimeUnit.SECONDS));
        assertEquals(Submitted.Status.FINAL, said.status());
        return said.bundle();
    }

    /** A request that all four replicas have on their disks as allowed. */
    private TransactionId requested(final ClusterDirectory directory, final Genesis genesis, final SubClusterKeys keys)
            throws Exception {
        final SigningKey owner = SigningKey.generate(randomness);
        final SigningKey seeker = SigningKey.generate(randomness);
        final Path file = Files.write(temporary.resolve("plain"), new byte[8 << 10]);
        try (Service service = Service.start(directory, Configuration.with(Map.of(Setting.DURABILITY, "os")),
            new Service.Options(true))) {
            final Publish publish = new Publishing(keys, new BlobStore(new FileDisk(directory.blobs()), "test"),
                randomness, 2).publish(file, "plain", 4 << 10, owner.verifyKey(), new Contract(1,
                List.of(new Clause(CHUNKS, List.of(Identity.of(key(seeker), "")), Rules.NONE))), done -> { });
            submit(service, owner, publish.encode());
            final Hash fresh = Hash.of(X25519PrivateKey.generate(randomness).publicKey().bytes());
            return new TransactionId(submit(service, seeker, new Request(Publish.id(genesis.chain(), key(owner),
                publish.nonce()), CHUNKS, "", fresh, "").encode()), 0);
        }
    }

    @Test
    void givesNothingWhileItsPeersAreFurtherAndAllWhenItIsAsFar() throws Exception {
        final ClusterDirectory directory = new ClusterDirectory(temporary.resolve("cluster"));
        final Genesis genesis = new ClusterCreation(randomness, 1_700_000_000_000L).create(directory.root(), 4, 4,
            Genesis.Limits.DEFAULT, "");
        NewReplicas.prepare(directory, genesis);
        final SubCluster home = genesis.subClusters().get(0);
        final SubClusterKeys keys = SubClusterKeys.of(genesis, home);
        final TransactionId request = requested(directory, genesis, keys);
        final ReplicaStores stores = ReplicaStores.open(new ReplicaStore.Place(directory.journal(SELF),
            directory.safety(SELF), directory.state(SELF), genesis.chain(), SharingRules.of(genesis, home), Durability.OS));
        final NodeKey node = directory.readNodeKey(genesis, SELF);
        final SharedThread thread = new SharedThread("behind", 20).start();
        final Replica replica = new Replica(SELF, stores, node.signingKey()::sign,
            new ShareVault(new ReleaseGroup(genesis.chain(), home.members(), SELF), keys, node),
            new Replica.Setting(new Group(genesis.chain(), 0, home.members()), Limits.defaults(), this::send,
                new FaultHook(), 20, new ReplicaSignatures(GenesisVoters.signatures(genesis)), SECOND,
                GenesisVoters.of(genesis), thread), new Alone(genesis.chain()));
        replica.start();
        try {
            final long height = replica.standing().finalHeight();
            final Standing.Allowed allowed = assertInstanceOf(Standing.Allowed.class,
                Standing.of((StateReader) replica.state(), request, System.currentTimeMillis()));
            final ReleaseMessage behind = call(replica, request, 1, allowed, height, height + 5);
            assertEquals(Standing.Reason.BEHIND, assertInstanceOf(ReleaseMessage.Declined.class, behind).reason());
            final ReleaseMessage given = call(replica, request, 2, allowed, height, height);
            assertInstanceOf(ReleaseMessage.Singly.class, given, given.toString());
        } finally {
            replica.close();
            thread.stop();
        }
    }

    private boolean send(final int to, final Parcel parcel) {
        return to != 0 || !(parcel instanceof Parcel.Releasing said) || toTheGateway.add(said.message());
    }

    /** Calls it as replica 0, while all tell again and again how far they are, 1 and 2 the truth; what it answers. */
    private ReleaseMessage call(final Replica replica, final TransactionId request, final long run,
                                final Standing.Allowed allowed, final long told, final long height)
            throws InterruptedException {
        ReleaseMessage answer = null;
        for (boolean called = false; answer == null; called = true) {
            for (final int peer : List.of(0, 1, 2)) {
                final long said = peer == 0 ? told : height;
                replica.onParcel(peer, new Parcel.Ordering(new Message.Status(1, said, 1, said, false, false)));
            }
            if (!called) {
                replica.onParcel(0, new Parcel.Releasing(new ReleaseMessage.SinglyCall(request, run,
                    allowed.terms().digest(), CHUNKS, 10 * SECOND)));
            }
            answer = toTheGateway.poll(50, TimeUnit.MILLISECONDS);
        }
        return answer;
    }

    /** The rest of its node, which does no more than must be. */
    private static final class Alone implements Replica.Surroundings {
        private final Hash chain;

        Alone(final Hash chain) {
            this.chain = chain;
        }

        @Override
        public void check(final Batch batch, final BatchRef expected, final Consumer<Boolean> done) {
            done.accept(true);
        }

        @Override
        public BatchHashing hashing() {
            return new ThreadHashing(chain);
        }

        @Override
        public void finalized(final Action.Finalized said) { }

        @Override
        public boolean serve(final Runnable reading) {
            reading.run();
            return true;
        }

        @Override
        public void answered(final int replica, final ReleaseAction answer) { }

        @Override
        public void halted(final int replica, final Throwable cause) {
            throw new AssertionError("replica " + replica + " halted", cause);
        }

        @Override
        public void renew(final Replica life) { }

        @Override
        public boolean rebuilds(final int replica, final Throwable cause) {
            return false;
        }

        @Override
        public boolean cutsRot(final Replica life, final String place) {
            return false;
        }
    }
}
