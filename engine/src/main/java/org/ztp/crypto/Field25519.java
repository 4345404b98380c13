package org.ztp.crypto;

/**
 * Arithmetic modulo p = 2^255 - 19 on public values: not constant in time, so never for secrets. An element is five
 * signed limbs, the i-th worth 2^(51 i), of at most 2^53 in absolute value where an operation reads them; what an
 * operation but {@link #add} and {@link #subtract} writes is at most 2^51 + 1. Results may overlap operands. Nothing
 * is allocated.
 *
 * <p>A product a b is split exactly into 2^51 high + low, where high = floor(a b / 2^51) is the upper half of the 128
 * bits of (2^6 a)(2^7 b), and low stands in the lower half above 13 zeros. So no sum overflows: with limbs of 2^53 a
 * column is at most 5 (2^55 + 2^51), and 20 of these stay below 2^62.
 */
final class Field25519 {
    /** Limbs of an element. */
    static final int LIMBS = 5;
    /** Bytes of an encoded element. */
    static final int BYTES = 32;
    private static final int BITS = 51;
    private static final long MASK = (1L << BITS) - 1;

    private Field25519() {
    }

    static void set(final long[] r, final long value) {
        r[0] = value;
        r[1] = 0;
        r[2] = 0;
        r[3] = 0;
        r[4] = 0;
    }

    static void copy(final long[] r, final long[] a) {
        System.arraycopy(a, 0, r, 0, LIMBS);
    }

    static void add(final long[] r, final long[] a, final long[] b) {
        for (int i = 0; i < LIMBS; i++) {
            r[i] = a[i] + b[i];
        }
    }

    static void subtract(final long[] r, final long[] a, final long[] b) {
        for (int i = 0; i < LIMBS; i++) {
            r[i] = a[i] - b[i];
        }
    }

    static void multiply(final long[] r, final long[] a, final long[] b) {
        multiply(r, a, b, 0);
    }

    /** The product of an element and of another that starts at an offset. */
    static void multiply(final long[] r, final long[] a, final long[] b, final int at) {
        final long a0 = a[0] << 6;
        final long a1 = a[1] << 6;
        final long a2 = a[2] << 6;
        final long a3 = a[3] << 6;
        final long a4 = a[4] << 6;
        final long b0 = b[at] << 7;
        final long b1 = b[at + 1] << 7;
        final long b2 = b[at + 2] << 7;
        final long b3 = b[at + 3] << 7;
        final long b4 = b[at + 4] << 7;
        final long c0 = low(a0, b0);
        final long c1 = high(a0, b0) + low(a0, b1) + low(a1, b0);
        final long c2 = high(a0, b1) + high(a1, b0) + low(a0, b2) + low(a1, b1) + low(a2, b0);
        final long c3 = high(a0, b2) + high(a1, b1) + high(a2, b0)
            + low(a0, b3) + low(a1, b2) + low(a2, b1) + low(a3, b0);
        final long c4 = high(a0, b3) + high(a1, b2) + high(a2, b1) + high(a3, b0)
            + low(a0, b4) + low(a1, b3) + low(a2, b2) + low(a3, b1) + low(a4, b0);
        final long c5 = high(a0, b4) + high(a1, b3) + high(a2, b2) + high(a3, b1) + high(a4, b0)
            + low(a1, b4) + low(a2, b3) + low(a3, b2) + low(a4, b1);
        final long c6 = high(a1, b4) + high(a2, b3) + high(a3, b2) + high(a4, b1)
            + low(a2, b4) + low(a3, b3) + low(a4, b2);
        final long c7 = high(a2, b4) + high(a3, b3) + high(a4, b2) + low(a3, b4) + low(a4, b3);
        final long c8 = high(a3, b4) + high(a4, b3) + low(a4, b4);
        final long c9 = high(a4, b4);
        carry(r, c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9);
    }

    /** The square: products of two different limbs count twice, as 2^7 a times 2^7 b does by itself. */
    static void square(final long[] r, final long[] a) {
        final long a0 = a[0] << 7;
        final long a1 = a[1] << 7;
        final long a2 = a[2] << 7;
        final long a3 = a[3] << 7;
        final long a4 = a[4] << 7;
        final long c0 = low(a0 >> 1, a0);
        final long c1 = high(a0 >> 1, a0) + low(a0, a1);
        final long c2 = high(a0, a1) + low(a0, a2) + low(a1 >> 1, a1);
        final long c3 = high(a0, a2) + high(a1 >> 1, a1) + low(a0, a3) + low(a1, a2);
        final long c4 = high(a0, a3) + high(a1, a2) + low(a0, a4) + low(a1, a3) + low(a2 >> 1, a2);
        final long c5 = high(a0, a4) + high(a1, a3) + high(a2 >> 1, a2) + low(a1, a4) + low(a2, a3);
        final long c6 = high(a1, a4) + high(a2, a3) + low(a2, a4) + low(a3 >> 1, a3);
        final long c7 = high(a2, a4) + high(a3 >> 1, a3) + low(a3, a4);
        final long c8 = high(a3, a4) + low(a4 >> 1, a4);
        final long c9 = high(a4 >> 1, a4);
        carry(r, c0 + 19 * c5, c1 + 19 * c6, c2 + 19 * c7, c3 + 19 * c8, c4 + 19 * c9);
    }

    /** The upper part of a product of limbs that were shifted by 13 bits together: what counts 2^51. */
    private static long high(final long a, final long b) {
        return Math.multiplyHigh(a, b);
    }

    /** The lower 51 bits of it. */
    private static long low(final long a, final long b) {
        return a * b >>> 13;
    }

    private static void carry(final long[] r, final long c0, final long c1, final long c2, final long c3,
                              final long c4) {
        final long d1 = c1 + (c0 >> BITS);
        final long d2 = c2 + (d1 >> BITS);
        final long d3 = c3 + (d2 >> BITS);
        final long d4 = c4 + (d3 >> BITS);
        final long d0 = (c0 & MASK) + 19 * (d4 >> BITS);
        r[0] = d0 & MASK;
        r[1] = (d1 & MASK) + (d0 >> BITS);
        r[2] = d2 & MASK;
        r[3] = d3 & MASK;
        r[4] = d4 & MASK;
    }

    private static void square(final long[] r, final long[] a, final int times) {
        square(r, a);
        for (int i = 1; i < times; i++) {
            square(r, r);
        }
    }

    /** r = a^(2^252 - 3) = a^((p - 5) / 8); t0, t1, t2 are overwritten, and must be others than a and r. */
    static void power22523(final long[] r, final long[] a, final long[] t0, final long[] t1, final long[] t2) {
        power2To250(t0, t1, t2, a);
        square(t0, t0, 2);
        multiply(r, t0, a);
    }

    /** r = a^(p - 2) = 1 / a, 0 for 0; t0, t1, t2 are overwritten, and must be others than a and r. */
    static void invert(final long[] r, final long[] a, final long[] t0, final long[] t1, final long[] t2) {
        power2To250(t0, t1, t2, a);
        square(t1, a);
        multiply(t1, t1, a);
        square(t2, a, 3);
        multiply(t1, t1, t2);
        square(t0, t0, 5);
        multiply(r, t0, t1);
    }

    /** t0 = a^(2^250 - 1). */
    private static void power2To250(final long[] t0, final long[] t1, final long[] t2, final long[] a) {
        square(t0, a);
        multiply(t0, t0, a);
        square(t1, t0, 2);
        multiply(t0, t1, t0);
        square(t1, t0);
        multiply(t0, t1, a);
        square(t1, t0, 5);
        multiply(t0, t1, t0);
        square(t1, t0, 10);
        multiply(t1, t1, t0);
        square(t2, t1, 20);
        multiply(t1, t2, t1);
        square(t1, t1, 10);
        multiply(t0, t1, t0);
        square(t1, t0, 50);
        multiply(t1, t1, t0);
        square(t2, t1, 100);
        multiply(t1, t2, t1);
        square(t1, t1, 50);
        multiply(t0, t1, t0);
    }

    /** Whether 32 bytes, little-endian, are a number below p; the uppermost bit is not looked at. */
    static boolean isCanonical(final byte[] bytes, final int offset) {
        if ((bytes[offset + BYTES - 1] & 0x7f) != 0x7f || (bytes[offset] & 0xff) < 0xed) {
            return true;
        }
        for (int i = 1; i < BYTES - 1; i++) {
            if (bytes[offset + i] != -1) {
                return true;
            }
        }
        return false;
    }

    /** Reads 32 bytes, little-endian; the uppermost bit is not looked at. */
    static void decode(final long[] r, final byte[] bytes, final int offset) {
        for (int i = 0; i < LIMBS; i++) {
            long limb = 0;
            final int bit = BITS * i;
            for (int k = 0; k < Long.BYTES; k++) {
                final int at = (bit >>> 3) + k;
                limb |= at < BYTES ? (bytes[offset + at] & 0xffL) << Byte.SIZE * k : 0;
            }
            r[i] = limb >>> (bit & 7) & MASK;
        }
    }

    /** Writes 32 bytes, little-endian: the one number below p that the element stands for; c is overwritten. */
    static void encode(final byte[] out, final int offset, final long[] a, final long[] c) {
        // With limbs of at most 2^53, the element plus 8 p is positive and below 16 p; folded twice, it is below 2 p, and
        // then p or more exactly if adding 19 makes it reach 2^255.
        c[0] = a[0] + 8 * (MASK - 18);
        for (int i = 1; i < LIMBS; i++) {
            c[i] = a[i] + 8 * MASK;
        }
        fold(c);
        fold(c);
        long q = c[0] + 19 >> BITS;
        for (int i = 1; i < LIMBS; i++) {
            q = c[i] + q >> BITS;
        }
        c[0] += 19 * q;
        for (int i = 0; i < LIMBS - 1; i++) {
            c[i + 1] += c[i] >> BITS;
            c[i] &= MASK;
        }
        c[4] &= MASK;
        for (int i = 0; i < BYTES; i++) {
            final int limb = Byte.SIZE * i / BITS;
            final int shift = Byte.SIZE * i % BITS;
            final long above = shift > BITS - Byte.SIZE && limb + 1 < LIMBS ? c[limb + 1] << BITS - shift : 0;
            out[offset + i] = (byte) (c[limb] >>> shift | above);
        }
    }

    private static void fold(final long[] c) {
        for (int i = 0; i < LIMBS - 1; i++) {
            c[i + 1] += c[i] >> BITS;
            c[i] &= MASK;
        }
        c[0] += 19 * (c[4] >> BITS);
        c[4] &= MASK;
    }
}
