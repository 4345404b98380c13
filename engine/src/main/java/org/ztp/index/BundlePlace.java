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
    /** Size of an entry. */
    static final int BYTES = 17;

    /** Writes an entry into an array of its size, by way of a writer. */
    static void encode(final WireWriter out, final long height, final int batch, final int bundle,
                       final Outcome.Code outcome, final byte[] entry) {
        out.clear().u64(height).u32(batch).u32(bundle).u8(outcome.code());
        System.arraycopy(out.array(), 0, entry, 0, BYTES);
    }

    static BundlePlace decode(final WireReader in) {
        return new BundlePlace(in.u64(), in.u32(), in.u32(), Outcome.Code.decode(in));
    }
}
