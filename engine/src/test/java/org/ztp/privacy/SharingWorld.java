package org.ztp.privacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.ContractRules;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.Disk;
import org.ztp.wire.Hash;

/** Four replicas, an owner and seekers with their keys, and what the network would do between them. */
final class SharingWorld {
    static final int REPLICAS = 4;
    static final int CHUNK = 4096;
    static final Hash CHAIN = Hash.sha256(new byte[] {77});
    static final TransactionId REQUEST = new TransactionId(Hash.sha256(new byte[] {78}), 2);

    final List<SigningKey> nodes = IntStream.range(0, REPLICAS).mapToObj(j -> key("node " + j)).toList();
    final SubClusterKeys keys = new SubClusterKeys(CHAIN, nodes.stream().map(SigningKey::verifyKey).toList(),
        nodes.stream().map(node -> node.verifyKey().toX25519()).toList());
    final SigningKey owner = key("owner");
    final X25519PrivateKey fresh = X25519PrivateKey.generate(new SeededRandomness(5));
    final BlobStore store;

    SharingWorld(final Disk disk) {
        store = new BlobStore(disk, "test");
    }

    static SigningKey key(final String name) {
        return SigningKey.generate(new SeededRandomness(name.hashCode()));
    }

    static Hash hash(final SigningKey key) {
        return Hash.of(key.verifyKey().bytes());
    }

    static List<Identity> people(final String... names) {
        return Identity.sorted(Stream.of(names).map(name -> Identity.of(hash(key(name)), name)).toList());
    }

    /** A contract without rules for all chunks. */
    static Contract contract(final int version, final int chunks, final String... seekers) {
        return new Contract(version, List.of(new Clause(ChunkRange.all(chunks), people(seekers), Rules.NONE)));
    }

    /** Applies a transaction of the name that requests have here. */
    static Result apply(final ContractRules rules, final StateView state, final Hash client, final byte[] transaction) {
        return rules.apply(state, new TransactionContext(1, 1_767_225_600_000L, client, REQUEST.bundle(),
            REQUEST.index()), transaction, 0, transaction.length);
    }

    static byte[] file(final Path path, final int bytes) throws IOException {
        final byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        Files.write(path, content);
        return content;
    }

    Publishing publishing(final int threads) {
        return new Publishing(keys, store, new SystemRandomness(), threads);
    }

    Publish publish(final Path file, final Contract contract) throws SharingException {
        return publishing(2).publish(file, "data", CHUNK, owner.verifyKey(), contract, bytes -> { });
    }

    DatasetContext context(final Publish publish) {
        return keys.context(hash(owner), publish);
    }

    /** A replica's contribution before masking. */
    byte[] vector(final int replica, final Publish publish, final SeekerPart part, final ChunkRange chunks) {
        try (X25519PrivateKey node = nodes.get(replica).toX25519();
                ReplicaShares shares = ReplicaShares.open(context(publish), replica, node, publish).orElseThrow()) {
            return shares.vector(chunks, part).orElseThrow();
        }
    }

    /** What the seeker has after accumulation and unmasking, from these replicas. */
    byte[] release(final Publish publish, final SeekerPart part, final ChunkRange chunks, final int... replicas) {
        final List<byte[]> vectors = new ArrayList<>();
        for (final int replica : replicas) {
            vectors.add(vector(replica, publish, part, chunks));
        }
        return accumulate(vectors, replicas);
    }

    /** Masks contributions, XORs them and takes the masks off. */
    byte[] accumulate(final List<byte[]> vectors, final int... replicas) {
        final ReleaseContext context =
            new ReleaseContext(CHAIN, REQUEST.bundle(), REQUEST.index(), 1, ParticipantSet.of(replicas), 0);
        final byte[] sum = new byte[vectors.get(0).length];
        for (int i = 0; i < replicas.length; i++) {
            try (X25519PrivateKey node = nodes.get(replicas[i]).toX25519()) {
                Masking.contribute(keys.sharing(), replicas[i], node, fresh.publicKey(), context, vectors.get(i));
            }
            for (int at = 0; at < sum.length; at++) {
                sum[at] ^= vectors.get(i)[at];
            }
        }
        Masking.unmask(fresh, keys.sealing(), context, sum);
        return sum;
    }

    /** The whole way of a request from the release on. */
    void receive(final Publish publish, final SeekerPart part, final ChunkRange chunks, final byte[] released,
                 final String seeker, final Path out) throws SharingException {
        try (ChunkKeys joined = ChunkKeys.join(context(publish), publish, part, chunks, released, key(seeker)).keys()
                .orElseThrow(); OutputFile file = OutputFile.create(out)) {
            new Receiving(store, 2).receive(context(publish), publish, joined, file, bytes -> { });
        }
    }
}
