package org.ztp.release;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.KeyCommitments;
import org.ztp.privacy.SecretSharing;
import org.ztp.privacy.ShareCommitment;
import org.ztp.privacy.ShareOpening;
import org.ztp.privacy.SingleShares;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.wire.Hash;

/** Secrets shared among replicas, with all keys: what the ledger, the nodes and the seeker hold. */
final class Shared {
    static final Hash CHAIN = Hash.sha256(new byte[] {1});
    static final Hash DATASET = Hash.sha256(new byte[] {2});
    static final Hash NONCE = Hash.sha256(new byte[] {3});
    static final Hash SEEKER = Hash.sha256(new byte[] {7});
    static final TransactionId REQUEST = new TransactionId(Hash.sha256(new byte[] {4}), 7);
    static final int DATASET_CHUNKS = 9;
    static final ChunkRange CHUNKS = new ChunkRange(2, 7);

    final List<Integer> ids;
    final List<SigningKey> nodes = new ArrayList<>();
    final SubClusterKeys keys;
    final X25519PrivateKey fresh;
    final Terms terms;
    final Publish publish;
    final SeekerPart part;
    final SeededRandomness randomness;
    private final byte[] firsts;
    private final byte[] opener;
    private final byte[][] firstShares;
    private final byte[][] openerShares;
    private final List<ShareCommitment> chunkCommitments = new ArrayList<>();
    private final List<ShareCommitment> openerCommitments = new ArrayList<>();

    /** Among n replicas whose ids are not their numbers. */
    Shared(final int n, final long seed) {
        randomness = new SeededRandomness(seed);
        ids = IntStream.range(0, n).mapToObj(i -> 3 * i + 5).toList();
        firsts = randomness.bytes(DATASET_CHUNKS * 32);
        opener = randomness.bytes(32);
        fresh = X25519PrivateKey.generate(randomness);
        final SecretSharing sharing = SecretSharing.amongReplicas(n);
        firstShares = sharing.splitAll(firsts, randomness);
        openerShares = sharing.splitAll(opener, randomness);
        final byte[] chunkRoots = new byte[n * 32];
        final byte[] openerRoots = new byte[n * 32];
        for (int number = 0; number < n; number++) {
            final SigningKey node = SigningKey.generate(randomness);
            nodes.add(node);
            chunkCommitments.add(ShareCommitment.of(randomness.bytes(32), firstShares[number]));
            openerCommitments.add(ShareCommitment.of(randomness.bytes(32), openerShares[number]));
            chunkCommitments.get(number).root().copyTo(chunkRoots, number * 32);
            openerCommitments.get(number).root().copyTo(openerRoots, number * 32);
        }
        keys = new SubClusterKeys(CHAIN, nodes.stream().map(SigningKey::verifyKey).toList(),
            nodes.stream().map(node -> node.verifyKey().toX25519()).toList());
        part = new SeekerPart(SEEKER, List.of(CHUNKS), boxes(n, openerRoots), new byte[0]);
        publish = new Publish(NONCE, Dataset.of("data", DATASET_CHUNKS * 4096L, 4096), new byte[0], new byte[0],
            new byte[0], boxes(n, chunkRoots),
            new Contract(1, List.of(new Clause(ChunkRange.all(DATASET_CHUNKS), List.of(), Rules.NONE))), List.of(part));
        terms = terms(3);
    }

    /** The boxes are empty: here the replicas know their shares. */
    private static ReplicaBoxes boxes(final int n, final byte[] roots) {
        return new ReplicaBoxes(roots, Collections.nCopies(n, new byte[0]));
    }

    /** What the ledger says at a version of the contract. */
    Terms terms(final int version) {
        return new Terms(DATASET, new TransactionId(Hash.sha256(new byte[] {5}), 0),
            new TransactionId(Hash.sha256(new byte[] {6}), 1), DATASET_CHUNKS, CHUNKS, SEEKER,
            fresh.publicKey(), version);
    }

    ReleaseGroup group(final int number) {
        return new ReleaseGroup(CHAIN, ids, ids.get(number));
    }

    SeekerRelease seeker() {
        return new SeekerRelease(keys, ids, REQUEST, DATASET, CHUNKS, fresh);
    }

    /** A replica's shares of some chunks, and of the opener. */
    byte[] shares(final int number, final ChunkRange chunks) {
        final byte[] vector = Arrays.copyOfRange(firstShares[number], chunks.first() * 32,
            (chunks.last() + 2) * 32);
        System.arraycopy(openerShares[number], 0, vector, vector.length - 32, 32);
        return vector;
    }

    List<ShareOpening> openings(final int number, final ChunkRange chunks) {
        final List<ShareOpening> openings = new ArrayList<>();
        for (int chunk = chunks.first(); chunk <= chunks.last(); chunk++) {
            openings.add(chunkCommitments.get(number).open(chunk));
        }
        openings.add(openerCommitments.get(number).open(0));
        return openings;
    }

    byte[] contribution(final int number, final ReleaseAction.Contribute what) {
        try (X25519PrivateKey key = nodes.get(number).toX25519()) {
            return Contribution.compute(group(number), key, what, shares(number, what.terms().chunks()));
        }
    }

    byte[] sealed(final int number, final ReleaseAction.Seal what, final List<ShareOpening> openings) {
        return SingleShares.seal(what.name(), number, nodes.get(number), openings, what.terms().freshKey(), randomness);
    }

    /** What was committed to for the shares that evidence is about. */
    Hash root(final Evidence evidence) {
        return (evidence.about() == Evidence.About.CHUNK ? publish.shares() : part.opener()).root(evidence.replica());
    }

    /** What the seeker must get. */
    byte[] secrets(final ChunkRange chunks) {
        final byte[] vector = Arrays.copyOfRange(firsts, chunks.first() * 32, (chunks.last() + 2) * 32);
        System.arraycopy(opener, 0, vector, vector.length - 32, 32);
        return vector;
    }

    /** Entries of a vector that do not fit what was committed to, as a seeker finds them; the opener's is the last. */
    BitSet wrong(final ChunkRange chunks, final byte[] vector) {
        final KeyCommitments commitments = new KeyCommitments(NONCE);
        final byte[] secrets = secrets(chunks);
        final byte[] commitment = new byte[32];
        final BitSet wrong = new BitSet();
        for (int i = 0; i <= chunks.count(); i++) {
            commitments.commit(chunks.first() + i, secrets, i * 32, commitment, 0);
            wrong.set(i, !commitments.matches(chunks.first() + i, vector, i * 32, Hash.of(commitment)));
        }
        return wrong;
    }
}
