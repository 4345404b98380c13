package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.wire.Hash;

/**
 * A replica's own shares of one dataset, opened with its node key from the PUBLISH alone and checked against what was
 * committed to, so that it never contributes a share that a bad dealer gave it. Serves any number of requests, on one
 * thread, each at the cost of what it asks for; {@link #close()} overwrites the shares.
 */
public final class ReplicaShares implements AutoCloseable {
    private final DatasetContext context;
    private final int replica;
    private final X25519PrivateKey node;
    private final ShareBox firsts;
    private final ShareCommitment commitment;

    private ReplicaShares(final DatasetContext context, final int replica, final X25519PrivateKey node,
                          final ShareBox firsts, final ShareCommitment commitment) {
        this.context = context;
        this.replica = replica;
        this.node = node;
        this.firsts = firsts;
        this.commitment = commitment;
    }

    /**
     * Opens the shares of a dataset.
     *
     * @param context what the dataset's boxes are bound to, see {@link SubClusterKeys#context}
     * @param replica the replica's place in the sub-cluster
     * @param node its X25519 key; must stay open as long as this object
     * @param publish the dataset's PUBLISH
     * @return empty if the owner gave this replica nothing that fits: a bad dealer
     */
    public static Optional<ReplicaShares> open(final DatasetContext context, final int replica,
                                               final X25519PrivateKey node, final Publish publish) {
        return ShareBox.openChunks(context, replica, publish.dataset().chunks(), node,
            publish.shares().boxes().get(replica)).flatMap(box -> {
                final ReplicaShares opened = new ReplicaShares(context, replica, node, box, box.commitment());
                if (opened.commitment.root().equals(publish.shares().root(replica))) {
                    return Optional.of(opened);
                }
                opened.close();
                return Optional.empty();
            });
    }

    /**
     * What the replica contributes to a release before it is masked: its shares of the first halves of the chunks,
     * then that of the seeker's opener; 32 bytes each. Its caller overwrites it.
     *
     * @param chunks what was asked for
     * @param part the seeker's part
     * @return empty if the owner gave this replica no share of the opener that fits
     */
    public Optional<byte[]> vector(final ChunkRange chunks, final SeekerPart part) {
        return opener(part).map(opener -> {
            try (opener) {
                return vector(chunks, opener);
            }
        });
    }

    /** The same with an opener's share that {@link #opener} gave. */
    public byte[] vector(final ChunkRange chunks, final ShareBox opener) {
        final byte[] vector = new byte[(chunks.count() + 1) * KeyVector.ENTRY_BYTES];
        firsts.copyShares(chunks.first(), chunks.count(), vector, 0);
        opener.copyShares(0, 1, vector, chunks.count() * KeyVector.ENTRY_BYTES);
        return vector;
    }

    /** Bytes of memory that it takes: a share, a salt and twice a hash for each chunk. */
    public long bytes() {
        return (long) firsts.entries() * (KeyVector.ENTRY_BYTES + ShareCommitment.SALT_BYTES + 2 * Hash.BYTES);
    }

    /**
     * The same shares, each with the proof that it is the committed one: for a seeker whose accumulated release turned
     * out wrong. The caller closes them.
     *
     * @return the openings of the chunks in order, then that of the opener; empty as for {@link #vector}
     */
    public Optional<List<ShareOpening>> openings(final ChunkRange chunks, final SeekerPart part) {
        return opener(part).map(opener -> {
            try (opener; ShareCommitment own = opener.commitment()) {
                final List<ShareOpening> openings = new ArrayList<>();
                for (int chunk = chunks.first(); chunk <= chunks.last(); chunk++) {
                    openings.add(commitment.open(chunk));
                }
                openings.add(own.open(0));
                return openings;
            }
        });
    }

    /**
     * Opens this replica's share of a seeker's opener; its caller closes it.
     *
     * @return empty if the owner gave this replica none that fits
     */
    public Optional<ShareBox> opener(final SeekerPart part) {
        final Optional<VerifyKey> seeker = VerifyKey.decode(part.seeker().toBytes(), 0);
        if (seeker.isEmpty()) {
            return Optional.empty();
        }
        final Hash root = part.opener().root(replica);
        return ShareBox.openOpener(context, replica, seeker.get(), node, part.opener().boxes().get(replica))
            .filter(box -> {
                final boolean fits = box.root().equals(root);
                if (!fits) {
                    box.close();
                }
                return fits;
            });
    }

    @Override
    public void close() {
        firsts.close();
        commitment.close();
    }
}
