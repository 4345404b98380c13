package org.ztp.index;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * How far the index is.
 *
 * @param height height of the block that was applied last, 0 for none
 * @param block its hash, that of the genesis for none
 * @param stateDigest digest of the state after it
 * @param floor journal position at or after which everything lies that is not in the index
 */
public record Applied(long height, Hash block, Hash stateDigest, long floor) {
    byte[] encode() {
        return new WireWriter(80).u64(height).hash(block).hash(stateDigest).u64(floor).toBytes();
    }

    static Applied decode(final WireReader in) {
        return new Applied(in.u64(), in.hash(), in.hash(), in.u64());
    }
}
