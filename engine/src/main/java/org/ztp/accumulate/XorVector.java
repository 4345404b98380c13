package org.ztp.accumulate;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Vectors of bytes under XOR: masked shares of keys. Encoded as a 32-bit length and the bytes.
 *
 * @param length bytes of each vector, 1 .. 2^30
 */
public record XorVector(int length) implements Monoid<byte[]> {
    private static final int MAX_LENGTH = 1 << 30;

    /** Checks the length. */
    public XorVector {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("vector bytes: actual=" + length + " allowed=1.." + MAX_LENGTH);
        }
    }

    @Override
    public byte[] identity() {
        return new byte[length];
    }

    @Override
    public boolean accepts(byte[] value) {
        return value.length == length;
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
        for (int i = 0; i < length; i++) {
            left[i] ^= right[i];
        }
        return left;
    }

    @Override
    public void encode(byte[] value, WireWriter out) {
        out.bytes32(value);
    }

    @Override
    public byte[] decode(WireReader in) {
        byte[] value = in.bytes32(length);
        in.require(accepts(value));
        return value;
    }
}
