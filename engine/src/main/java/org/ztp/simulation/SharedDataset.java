package org.ztp.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.privacy.SecretSharing;
import org.ztp.privacy.ShareCommitment;
import org.ztp.privacy.ShareOpening;
import org.ztp.wire.Hash;

/**
 * A dataset of three chunks with its secrets: what its owner knows, and what each replica would find in its boxes, which
 * are empty here. Secrets, shares and commitments are real.
 */
final class SharedDataset {
    static final int CHUNKS = 3;
    private static final int CHUNK_BYTES = 4096;

    final int subCluster;
    final Hash nonce;
    private final Allocation world;
    private final Secret firsts;
    private final Map<Hash, Secret> openers = new HashMap<>();
    private final Map<TransactionId, Map<Hash, Placed>> parts = new HashMap<>();
    private Publish publish;

    /** A secret shared among the replicas of a sub-cluster; each share with its commitment. */
    private record Secret(byte[] value, byte[][] shares, List<ShareCommitment> commitments) { }

    /** A seeker's part in some transaction, and the opener that it was made with. */
    private record Placed(SeekerPart part, Secret opener) { }

    SharedDataset(final Allocation world, final int subCluster) {
        this.world = world;
        this.subCluster = subCluster;
        nonce = Hash.of(world.randomness.bytes(Hash.BYTES));
        firsts = shared(CHUNKS);
    }

    private Secret shared(final int entries) {
        final byte[] value = world.randomness.bytes(entries * Hash.BYTES);
        final byte[][] shares = SecretSharing.amongReplicas(world.groups.get(subCluster).size())
            .splitAll(value, world.randomness);
        return new Secret(value, shares, Arrays.stream(shares)
            .map(share -> ShareCommitment.of(world.randomness.bytes(Hash.BYTES), share)).toList());
    }

    private static ReplicaBoxes boxes(final Secret secret) {
        final byte[] roots = new byte[secret.shares.length * Hash.BYTES];
        for (int i = 0; i < secret.shares.length; i++) {
            secret.commitments.get(i).root().copyTo(roots, i * Hash.BYTES);
        }
        return new ReplicaBoxes(roots, Collections.nCopies(secret.shares.length, new byte[0]));
    }

    /** A part for a seeker, with an opener of its own. */
    SeekerPart part(final Hash seeker) {
        final Secret opener = shared(1);
        openers.put(seeker, opener);
        return new SeekerPart(seeker, List.of(ChunkRange.all(CHUNKS)), boxes(opener), new byte[0]);
    }

    /** The transaction that publishes it, with parts that were just made. */
    Publish publish(final Contract contract, final List<SeekerPart> seekers) {
        publish = new Publish(nonce, Dataset.of("data", (long) CHUNKS * CHUNK_BYTES, CHUNK_BYTES), new byte[0],
            new byte[CHUNKS * Hash.BYTES], new byte[CHUNKS * Hash.BYTES], boxes(firsts), contract, seekers);
        return publish;
    }

    Publish published() {
        return publish;
    }

    /** The parts that were made last for these seekers are in this transaction. */
    void placed(final TransactionId transaction, final List<SeekerPart> seekers) {
        final Map<Hash, Placed> here = new HashMap<>();
        seekers.forEach(part -> here.put(part.seeker(), new Placed(part, openers.get(part.seeker()))));
        parts.put(transaction, here);
    }

    /** A seeker's part in a transaction. */
    SeekerPart part(final TransactionId transaction, final Hash seeker) {
        return parts.get(transaction).get(seeker).part;
    }

    private Secret opener(final TransactionId transaction, final Hash seeker) {
        return parts.get(transaction).get(seeker).opener;
    }

    private static byte[] vector(final ChunkRange chunks, final byte[] firsts, final byte[] opener) {
        final byte[] vector = Arrays.copyOfRange(firsts, chunks.first() * Hash.BYTES, (chunks.last() + 2) * Hash.BYTES);
        System.arraycopy(opener, 0, vector, vector.length - Hash.BYTES, Hash.BYTES);
        return vector;
    }

    /** What the seeker must get: the first halves of some chunks, and the opener. */
    byte[] secrets(final ChunkRange chunks, final TransactionId part, final Hash seeker) {
        return vector(chunks, firsts.value, opener(part, seeker).value);
    }

    /** A replica's shares of that. */
    byte[] shares(final int number, final ChunkRange chunks, final TransactionId part, final Hash seeker) {
        return vector(chunks, firsts.shares[number], opener(part, seeker).shares[number]);
    }

    /** The same with what it needs to be checked singly. */
    List<ShareOpening> openings(final int number, final ChunkRange chunks, final TransactionId part, final Hash seeker) {
        final List<ShareOpening> openings = new ArrayList<>();
        for (int chunk = chunks.first(); chunk <= chunks.last(); chunk++) {
            openings.add(firsts.commitments.get(number).open(chunk));
        }
        openings.add(opener(part, seeker).commitments.get(number).open(0));
        return openings;
    }
}
