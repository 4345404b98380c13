package org.ztp.ledger.receipt;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Where a transaction stands in its block; each number counts from 0.
 *
 * @param batch position of its batch in the block
 * @param bundle position of its bundle in the batch
 * @param transaction position in the bundle
 */
public record Position(int batch, int bundle, int transaction) {
    void encode(final WireWriter out) {
        out.u32(batch).u32(bundle).u32(transaction);
    }

    static Position decode(final WireReader in) {
        return new Position(in.u32(), in.u32(), in.u32());
    }
}
