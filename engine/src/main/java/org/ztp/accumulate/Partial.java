package org.ztp.accumulate;

import java.util.BitSet;
import java.util.Optional;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a member sends to its parent: the combined value of some contributors.
 *
 * @param id           of the accumulation
 * @param attempt      of it
 * @param from         the sending replica, as its transport or signature proves it, 0 .. 65535
 * @param contributors positions of those whose contributions are in the value; not to be changed
 * @param value        the combination; not to be changed
 */
public record Partial<V>(Hash id, int attempt, int from, BitSet contributors, V value) {
    private static final int MAX_CONTRIBUTOR_BYTES = AccumulationPlan.MAX_MEMBERS / Byte.SIZE;

    /** Appends the one encoding; contributors are a bit set, least significant bit first, without zero bytes at the end. */
    public void encode(Monoid<V> monoid, WireWriter out) {
        out.hash(id).u32(attempt).u16(from).bytes32(contributors.toByteArray());
        monoid.encode(value, out);
    }

    /** Reads a partial of the given shape; empty where the bytes are none. */
    public static <V> Optional<Partial<V>> decode(Monoid<V> monoid, WireReader in) {
        Hash id = in.hash();
        int attempt = in.u32();
        int from = in.u16();
        byte[] bits = in.bytes32(MAX_CONTRIBUTOR_BYTES);
        in.require(bits.length == 0 || bits[bits.length - 1] != 0);
        V value = monoid.decode(in);
        return in.failed() ? Optional.empty()
                : Optional.of(new Partial<>(id, attempt, from, BitSet.valueOf(bits), value));
    }
}
