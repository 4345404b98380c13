package org.ztp.ledger;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A batch as a block names it: 44 bytes, a leaf of the block's tree.
 *
 * @param root root over the batch's bundles
 * @param bundles number of bundles, 1 or more
 * @param transactions number of transactions, 1 or more
 * @param bytes size of the encoded batch
 */
public record BatchRef(Hash root, int bundles, int transactions, int bytes) {
    /** Encoded size. */
    public static final int BYTES = Hash.BYTES + 4 + 4 + 4;

    /** Writes the 44 bytes. */
    public void encode(final WireWriter out) {
        out.hash(root).u32(bundles).u32(transactions).u32(bytes);
    }

    /** Reads the 44 bytes; the reader fails if they are none. */
    public static BatchRef decode(final WireReader in) {
        final BatchRef ref = new BatchRef(in.hash(), in.u32(), in.u32(), in.u32());
        in.require(ref.bundles > 0 && ref.transactions >= ref.bundles && ref.bytes > 0);
        return ref;
    }
}
