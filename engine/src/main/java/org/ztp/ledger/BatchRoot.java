package org.ztp.ledger;

import org.ztp.merkle.MerkleRoot;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;

/**
 * The root of a batch: RFC 6962 over one leaf a bundle. The leaves, which cost the most, may be written by many threads
 * ({@link BundleHasher#leaf} at 32 times the bundle's position), then one reduces them.
 */
public final class BatchRoot {
    private BatchRoot() {
    }

    /**
     * The reference to a batch.
     *
     * @param hasher of the calling thread
     * @param batch the batch
     * @param leaves 32 bytes a bundle, all written; what they hold afterwards is not defined
     * @param offset where they start
     */
    public static BatchRef reduce(final TreeHasher hasher, final Batch batch, final byte[] leaves, final int offset) {
        MerkleRoot.reduceInPlace(hasher, leaves, offset, batch.bundles().size());
        return new BatchRef(Hash.copyOf(leaves, offset), batch.bundles().size(), batch.transactions(),
            batch.length());
    }

    /** The reference to a batch, with one thread; every bundle's id is computed and set. */
    public static BatchRef of(final BundleHasher hasher, final Batch batch) {
        return reduce(hasher.treeHasher(), batch, leaves(hasher, batch), 0);
    }

    private static byte[] leaves(final BundleHasher hasher, final Batch batch) {
        final byte[] leaves = new byte[Hash.BYTES * batch.bundles().size()];
        int offset = 0;
        for (final Bundle bundle : batch.bundles()) {
            hasher.identify(bundle);
            hasher.leaf(bundle, leaves, offset);
            offset += Hash.BYTES;
        }
        return leaves;
    }
}
