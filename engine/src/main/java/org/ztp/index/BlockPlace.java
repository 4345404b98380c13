package org.ztp.index;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Where a final block is.
 *
 * @param position position of its record in the journal
 * @param hash its hash
 */
public record BlockPlace(long position, Hash hash) {
    byte[] encode() {
        return new WireWriter(40).u64(position).hash(hash).toBytes();
    }

    static BlockPlace decode(final WireReader in) {
        return new BlockPlace(in.u64(), in.hash());
    }
}
