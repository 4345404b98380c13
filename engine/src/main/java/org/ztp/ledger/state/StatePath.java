package org.ztp.ledger.state;

import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A subtree of a state: of all keys whose SHA-256 begins with these bits.
 *
 * @param depth how many bits, 0 (all of the tree) .. {@value #MAX_DEPTH}
 * @param bits the bits, most significant first; zeros behind them
 */
public record StatePath(int depth, Hash bits) {
    /** All bits of a key's hash. */
    static final int MAX_DEPTH = 8 * Hash.BYTES;
    /** The whole tree. */
    public static final StatePath ROOT = new StatePath(0, Hash.ZERO);

    /** Refuses bits beyond the depth. */
    public StatePath {
        if (!isPath(depth, bits)) {
            throw new IllegalArgumentException("no path: depth=" + depth + " bits=" + bits);
        }
    }

    private static boolean isPath(final int depth, final Hash bits) {
        boolean zeros = depth >= 0 && depth <= MAX_DEPTH;
        final byte[] bytes = bits.toBytes();
        for (int i = Math.max(0, depth); i < MAX_DEPTH; i++) {
            zeros &= !StateTree.bit(bytes, i);
        }
        return zeros;
    }

    /** The half of it whose next bit is 0 or 1. */
    StatePath child(final boolean right) {
        final byte[] next = bits.toBytes();
        if (right) {
            next[depth >>> 3] |= (byte) (0x80 >>> (depth & 7));
        }
        return new StatePath(depth + 1, Hash.of(next));
    }

    /** Writes 34 bytes: the depth u16 and the bits. */
    public void encode(final WireWriter out) {
        out.u16(depth).hash(bits);
    }

    /** Reads one; the reader fails if it is none. */
    public static StatePath decode(final WireReader in) {
        final int depth = in.u16();
        final Hash bits = in.hash();
        in.require(isPath(depth, bits));
        return in.failed() ? ROOT : new StatePath(depth, bits);
    }
}
