package org.ztp.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.DatasetContext;
import org.ztp.privacy.OutputFile;
import org.ztp.privacy.ParticipantSet;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.Receiving;
import org.ztp.privacy.ReplicaShares;
import org.ztp.privacy.SharingException;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.wire.Hash;

/** An owner, a seeker and the keys of four replicas, whose shares are joined here: no ledger is asked. */
final class FilesSharing implements AutoCloseable {
    private static final int REPLICAS = 4;

    private final Randomness randomness = new SystemRandomness();
    private final List<SigningKey> nodes =
        IntStream.range(0, REPLICAS).mapToObj(replica -> SigningKey.generate(randomness)).toList();
    private final SubClusterKeys keys = new SubClusterKeys(Hash.sha256(new byte[] {1}),
        nodes.stream().map(SigningKey::verifyKey).toList(),
        nodes.stream().map(node -> node.verifyKey().toX25519()).toList());
    private final SigningKey owner = SigningKey.generate(randomness);
    private final SigningKey seeker = SigningKey.generate(randomness);
    private final FilesPlan plan;
    private final BlobStore store;
    private Publish publish;

    FilesSharing(final FilesPlan plan, final Path blobs) {
        this.plan = plan;
        store = new BlobStore(new FileDisk(blobs, PastCache.BOTH_WAYS), "bench");
    }

    /** Publishes a file: its ciphertexts are durable when this returns. */
    void publish(final Path file) throws SharingException {
        publish = new Publishing(keys, store, randomness, plan.threads()).publish(file, "file", plan.chunkBytes(),
            owner.verifyKey(), new Contract(1, List.of(new Clause(new ChunkRange(0, plan.chunks() - 1),
                List.of(Identity.of(hash(seeker), "seeker")), Rules.NONE))), bytes -> { });
    }

    /** Decrypts all of it to another file, which is durable when this returns. */
    void receive(final Path to) throws SharingException {
        try (ChunkKeys chunkKeys = keysOfChunks(); OutputFile out = OutputFile.create(to)) {
            new Receiving(store, plan.threads()).receive(context(), publish, chunkKeys, out, bytes -> { });
        }
    }

    private ChunkKeys keysOfChunks() {
        final ChunkRange all = new ChunkRange(0, plan.chunks() - 1);
        final SeekerPart part = publish.part(hash(seeker)).orElseThrow();
        final List<byte[]> shares = new ArrayList<>();
        for (int replica = 0; replica < keys.sharing().threshold(); replica++) {
            try (X25519PrivateKey node = nodes.get(replica).toX25519();
                 ReplicaShares own = ReplicaShares.open(context(), replica, node, publish).orElseThrow()) {
                shares.add(own.vector(all, part).orElseThrow());
            }
        }
        final byte[] released = keys.sharing().join(
            ParticipantSet.of(IntStream.range(0, shares.size()).toArray()), shares.toArray(byte[][]::new));
        return ChunkKeys.join(context(), publish, part, all, released, seeker).keys().orElseThrow();
    }

    private DatasetContext context() {
        return keys.context(hash(owner), publish);
    }

    private static Hash hash(final SigningKey key) {
        return Hash.of(key.verifyKey().bytes());
    }

    @Override
    public void close() {
        nodes.forEach(SigningKey::close);
        owner.close();
        seeker.close();
    }
}
