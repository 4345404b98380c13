package org.ztp.index;

import org.ztp.ledger.Outcome;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Where a bundle is, and whether it counted.
 *
 * @param height height of its block
 * @param batch position of its batch in the block
 * @param bundle position in the batch
 * @param outcome ACCEPTED if it counted, else DUPLICATE or TOO_FAR_AHEAD
 */
public record BundlePlace(long height, int batch, int bundle, Outcome.Code outcome) {
    byte[] encode() {
        return new WireWriter(17).u64(height).u32(batch).u32(bundle).u8(outcome.code()).toBytes();
    }

    static BundlePlace decode(final WireReader in) {
        return new BundlePlace(in.u64(), in.u32(), in.u32(), Outcome.Code.decode(in));
    }
}
