package org.ztp.ledger.state;

import java.util.List;
import org.ztp.ledger.Outcome;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * How the state answers for the outcomes of a block with transactions that are no records: under the key 'o' and the
 * block's height (u64) stands the RFC 6962 root over its outcomes (one leaf each, in their order) and their number.
 * Such a value never changes, so the state after any later block proves it.
 */
public final class OutcomeRoot {
    /** Size of the value: the root and a number (u32). */
    public static final int VALUE_BYTES = Hash.BYTES + 4;
    private static final int PREFIX = 'o';

    private OutcomeRoot() {
    }

    /** The key for a height: 9 bytes. */
    public static byte[] key(final long height) {
        return new WireWriter(16).u8(PREFIX).u64(height).toBytes();
    }

    /** The value for the tree of a block's outcomes. */
    public static byte[] value(final Hash root, final int count) {
        return new WireWriter(VALUE_BYTES).hash(root).u32(count).toBytes();
    }

    /** The tree over outcomes, each a leaf. */
    public static MerkleTree tree(final List<Outcome> outcomes) {
        final TreeHasher hasher = new TreeHasher();
        final byte[] leaves = new byte[Hash.BYTES * outcomes.size()];
        for (int i = 0; i < outcomes.size(); i++) {
            System.arraycopy(leaf(hasher, outcomes.get(i)), 0, leaves, i * Hash.BYTES, Hash.BYTES);
        }
        return MerkleTree.of(hasher, leaves, 0, outcomes.size());
    }

    /** The leaf hash of an outcome, 32 bytes. */
    public static byte[] leaf(final TreeHasher hasher, final Outcome outcome) {
        final WireWriter out = new WireWriter();
        outcome.encode(out);
        final byte[] hash = new byte[Hash.BYTES];
        hasher.leaf(out.array(), 0, out.size(), hash, 0);
        return hash;
    }
}
