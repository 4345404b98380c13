package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A header and the batches that it names, in order; the batches' bytes travel and are stored apart.
 *
 * @param header the header
 * @param batches references to the batches
 * @param hash the header's hash
 */
public record Block(BlockHeader header, List<BatchRef> batches, Hash hash) {
    /** Most batches that a block may name. */
    public static final int MAX_BATCHES = 4096;

    /** Keeps the list as it is. */
    public Block {
        batches = List.copyOf(batches);
    }

    /** A block over its header; the hash is computed. */
    public static Block of(final BlockHeader header, final List<BatchRef> batches) {
        return new Block(header, batches, header.hash());
    }

    /** Its height. */
    public long height() {
        return header.height();
    }

    /** Writes header, then references. */
    public void encode(final WireWriter out) {
        header.encode(out);
        for (final BatchRef ref : batches) {
            ref.encode(out);
        }
    }

    /** Reads one; the reader fails if it is none. That the root fits the references is checked by who trusts it. */
    public static Block decode(final WireReader in) {
        final BlockHeader header = BlockHeader.decode(in);
        in.require(header.batches() <= MAX_BATCHES);
        final List<BatchRef> batches = new ArrayList<>();
        long transactions = 0;
        for (int i = 0; i < header.batches() && !in.failed(); i++) {
            final BatchRef ref = BatchRef.decode(in);
            transactions += ref.transactions();
            batches.add(ref);
        }
        in.require(transactions == header.transactions());
        return new Block(header, batches, in.failed() ? Hash.ZERO : header.hash());
    }
}
