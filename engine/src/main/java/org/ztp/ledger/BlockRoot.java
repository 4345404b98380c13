package org.ztp.ledger;

import java.util.List;
import org.ztp.merkle.MerkleRoot;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** The root of a block: RFC 6962 over one leaf a batch reference (44 bytes); of the empty tree if there are none. */
public final class BlockRoot {
    private BlockRoot() {
    }

    /** The root over batch references in their order. */
    public static Hash of(final List<BatchRef> refs) {
        final TreeHasher hasher = new TreeHasher();
        final byte[] hashes = leaves(hasher, refs);
        MerkleRoot.reduceInPlace(hasher, hashes, 0, refs.size());
        return Hash.copyOf(hashes, 0);
    }

    /** Whether a block's references are those that its header stands for: root and both counts. */
    public static boolean fits(final Block block) {
        long transactions = 0;
        for (final BatchRef ref : block.batches()) {
            transactions += ref.transactions();
        }
        return block.header().batches() == block.batches().size() && block.header().transactions() == transactions
            && block.header().transactionsRoot().equals(of(block.batches()));
    }

    /** One leaf hash a reference; room for the root of none. */
    public static byte[] leaves(final TreeHasher hasher, final List<BatchRef> refs) {
        final byte[] hashes = new byte[Math.max(1, refs.size()) * Hash.BYTES];
        final WireWriter leaf = new WireWriter(BatchRef.BYTES);
        for (int i = 0; i < refs.size(); i++) {
            refs.get(i).encode(leaf.clear());
            hasher.leaf(leaf.array(), 0, leaf.size(), hashes, i * Hash.BYTES);
        }
        return hashes;
    }
}
