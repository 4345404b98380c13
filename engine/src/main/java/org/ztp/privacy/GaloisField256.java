package org.ztp.privacy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Arithmetic in GF(2^8) with the polynomial of AES, x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2). Addition is XOR.
 *
 * <p>Vectors are worked on eight bytes at a time in a long, one doubling for each bit of the scalar. So the time and
 * the memory accesses depend on the scalars, which are public (replica numbers and Lagrange coefficients), and on the
 * length, but never on the bytes of a secret, as those of a look-up table would.
 */
public final class GaloisField256 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long LOWEST = 0x0101010101010101L;
    private static final int REDUCTION = 0x1b;
    private static final int EXPONENT_OF_INVERSE = 254;

    private GaloisField256() {
    }

    /** The product of two elements, each 0 .. 255. */
    public static int multiply(final int a, final int b) {
        return (int) (multiply((long) a & 0xff, b & 0xff) & 0xff);
    }

    /**
     * The element that gives 1 when multiplied with {@code a}.
     *
     * @param a 1 .. 255
     */
    public static int inverse(final int a) {
        if (a < 1 || a > 255) {
            throw new IllegalArgumentException("no inverse: element=" + a);
        }
        int power = 1;
        for (int i = 0; i < EXPONENT_OF_INVERSE; i++) {
            power = multiply(power, a);
        }
        return power;
    }

    /** {@code vector = vector * scalar}, over a range. */
    public static void scale(final byte[] vector, final int offset, final int length, final int scalar) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        final int longs = offset + (length & -Long.BYTES);
        int at = offset;
        for (; at < longs; at += Long.BYTES) {
            LONGS.set(vector, at, multiply((long) LONGS.get(vector, at), scalar));
        }
        for (; at < offset + length; at++) {
            vector[at] = (byte) multiply((long) vector[at] & 0xff, scalar);
        }
    }

    /** {@code vector = vector * scalar + added}, over ranges of the same length: one step of Horner's rule. */
    public static void scaleAndAdd(final byte[] vector, final int offset, final int length, final int scalar,
                                   final byte[] added, final int addedOffset) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        Objects.checkFromIndexSize(addedOffset, length, added.length);
        final int longs = length & -Long.BYTES;
        int i = 0;
        for (; i < longs; i += Long.BYTES) {
            LONGS.set(vector, offset + i, multiply((long) LONGS.get(vector, offset + i), scalar)
                ^ (long) LONGS.get(added, addedOffset + i));
        }
        for (; i < length; i++) {
            vector[offset + i] = (byte) (multiply((long) vector[offset + i] & 0xff, scalar) ^ added[addedOffset + i]);
        }
    }

    /** {@code vector = vector + scalar * added}, over ranges of the same length. */
    public static void addScaled(final byte[] vector, final int offset, final int length, final int scalar,
                                 final byte[] added, final int addedOffset) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        Objects.checkFromIndexSize(addedOffset, length, added.length);
        final int longs = length & -Long.BYTES;
        int i = 0;
        for (; i < longs; i += Long.BYTES) {
            LONGS.set(vector, offset + i, (long) LONGS.get(vector, offset + i)
                ^ multiply((long) LONGS.get(added, addedOffset + i), scalar));
        }
        for (; i < length; i++) {
            vector[offset + i] ^= (byte) multiply((long) added[addedOffset + i] & 0xff, scalar);
        }
    }

    /** {@code vector = vector + added}, over ranges of the same length. */
    public static void add(final byte[] vector, final int offset, final int length, final byte[] added,
                           final int addedOffset) {
        addScaled(vector, offset, length, 1, added, addedOffset);
    }

    /** Eight products at once. */
    private static long multiply(final long eight, final int scalar) {
        long sum = 0;
        long doubled = eight;
        for (int bits = scalar; bits != 0; bits >>>= 1) {
            sum ^= doubled & -(bits & 1L);
            doubled = (doubled & LOW_SEVEN) << 1 ^ (doubled >>> 7 & LOWEST) * REDUCTION;
        }
        return sum;
    }
}
