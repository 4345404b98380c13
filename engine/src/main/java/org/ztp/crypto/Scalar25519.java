package org.ztp.crypto;

import java.util.Arrays;

/**
 * Numbers modulo the group order L = 2^252 + c of Ed25519 (RFC 8032, 5.1), public ones. Limbs of 28 bits, so that 2^252
 * begins a limb and is replaced by -c limb by limb. Owned by one thread; nothing is allocated after construction.
 */
final class Scalar25519 {
    /** Bits that a digit of {@link #digits} may stand at. */
    static final int DIGITS = 256;
    private static final int BITS = 28;
    private static final long MASK = (1L << BITS) - 1;
    private static final int LIMBS = 9;
    private static final int WIDE_LIMBS = 19;
    private static final int FACTOR_LIMBS = 5;
    private static final int BYTES = 32;
    /** c = 27742317777372353535851937790883648493. */
    private static final long[] C = {0xcf5d3edL, 0x12631a5L, 0x79cd658L, 0xf9dea2fL, 0x14deL};
    private static final byte[] ORDER = {
        (byte) 0xed, (byte) 0xd3, (byte) 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, (byte) 0xd6, (byte) 0x9c, (byte) 0xf7,
        (byte) 0xa2, (byte) 0xde, (byte) 0xf9, (byte) 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10};

    private final long[] x = new long[WIDE_LIMBS];
    private final long[] factor = new long[FACTOR_LIMBS];

    /** Whether 32 little-endian bytes are a number below L. */
    static boolean isReduced(final byte[] bytes, final int offset) {
        for (int i = BYTES - 1; i >= 0; i--) {
            final int difference = (bytes[offset + i] & 0xff) - (ORDER[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    /** Reduces 64 little-endian bytes modulo L to the first 32 of {@code out}. */
    void reduce(final byte[] wide, final byte[] out) {
        Arrays.fill(x, 0);
        for (int i = 0; i < 2 * BYTES; i++) {
            final int bit = Byte.SIZE * i;
            final long value = (wide[i] & 0xffL) << bit % BITS;
            x[bit / BITS] += value & MASK;
            if (value >>> BITS != 0) {
                x[bit / BITS + 1] += value >>> BITS;
            }
        }
        reduce(out);
    }

    /** Makes the sum of products 0. */
    void clear() {
        Arrays.fill(x, 0);
    }

    /**
     * Adds a product to the sum; as many as an int can count fit in.
     *
     * @param a holds a number below 2^256 in the 32 bytes from {@code aOffset} on
     * @param b holds one in the 16 bytes from {@code bOffset} on
     */
    void addProduct(final byte[] a, final int aOffset, final byte[] b, final int bOffset) {
        for (int j = 0; j < FACTOR_LIMBS; j++) {
            factor[j] = limb(b, bOffset, BYTES / 2, j);
        }
        for (int i = 0; i <= LIMBS; i++) {
            final long limb = limb(a, aOffset, BYTES, i);
            for (int j = 0; j < FACTOR_LIMBS; j++) {
                x[i + j] += limb * factor[j];
            }
        }
        carry(0, WIDE_LIMBS - 1);
    }

    private static long limb(final byte[] bytes, final int offset, final int size, final int index) {
        final int bit = BITS * index;
        long limb = 0;
        for (int at = bit >>> 3, shift = 0; at < size && shift < BITS + Byte.SIZE; at++, shift += Byte.SIZE) {
            limb |= (bytes[offset + at] & 0xffL) << shift;
        }
        return limb >>> (bit & 7) & MASK;
    }

    /** Writes the sum of products modulo L, 32 bytes; the sum is lost. */
    void reduce(final byte[] out) {
        for (int top = WIDE_LIMBS - 1; top >= LIMBS; top--) {
            fold(top, x[top]);
            x[top] = 0;
            carry(top - LIMBS, top - 1);
        }
        // What is left above 2^252 is a few bits, with a sign; then at most a few L are too few or too many.
        final long rest = x[LIMBS - 1] >> BITS;
        x[LIMBS - 1] &= MASK;
        fold(LIMBS, rest);
        carry(0, LIMBS - 1);
        while (x[LIMBS - 1] < 0) {
            addOrder(1);
        }
        store(out);
        while (!isReduced(out, 0)) {
            addOrder(-1);
            store(out);
        }
    }

    /** Replaces t times the worth of a limb by what it is modulo L. */
    private void fold(final int top, final long t) {
        for (int j = 0; j < C.length; j++) {
            x[top - LIMBS + j] -= t * C[j];
        }
    }

    private void carry(final int from, final int to) {
        for (int k = from; k < to; k++) {
            x[k + 1] += x[k] >> BITS;
            x[k] &= MASK;
        }
    }

    private void addOrder(final int sign) {
        for (int j = 0; j < C.length; j++) {
            x[j] += sign * C[j];
        }
        x[LIMBS - 1] += sign * (MASK + 1);
        carry(0, LIMBS - 1);
    }

    private void store(final byte[] out) {
        long window = 0;
        int bits = 0;
        int limb = 0;
        for (int i = 0; i < BYTES; i++) {
            if (bits < Byte.SIZE && limb < LIMBS) {
                window |= x[limb++] << bits;
                bits += BITS;
            }
            out[i] = (byte) window;
            window >>>= Byte.SIZE;
            bits -= Byte.SIZE;
        }
    }

    /**
     * Writes a number as a sum of digits times powers of two: each digit is 0, or odd and at most {@code largest} in
     * absolute value, so few are not 0.
     *
     * @param bytes holds the number, little-endian
     * @param offset where it starts
     * @param size how many bytes it has; it is below 2^(8 size - 3), or {@code out} is longer than that
     * @param largest 2^k - 1, at most 127
     * @param out 8 size digits or more
     */
    static void digits(final byte[] bytes, final int offset, final int size, final int largest, final byte[] out) {
        final int bits = Byte.SIZE * size;
        for (int i = 0; i < bits; i++) {
            out[i] = (byte) (bytes[offset + (i >>> 3)] >>> (i & 7) & 1);
        }
        Arrays.fill(out, bits, out.length, (byte) 0);
        for (int i = 0; i < out.length; i++) {
            if (out[i] == 0) {
                continue;
            }
            for (int b = 1; i + b < out.length && 1 << b <= 2 * largest; b++) {
                if (out[i + b] == 0) {
                    continue;
                }
                if (out[i] + (out[i + b] << b) <= largest) {
                    out[i] += (byte) (out[i + b] << b);
                    out[i + b] = 0;
                } else if (out[i] - (out[i + b] << b) >= -largest) {
                    out[i] -= (byte) (out[i + b] << b);
                    increment(out, i + b);
                } else {
                    break;
                }
            }
        }
    }

    private static void increment(final byte[] digits, final int from) {
        for (int k = from; k < digits.length; k++) {
            if (digits[k] == 0) {
                digits[k] = 1;
                return;
            }
            digits[k] = 0;
        }
    }
}
