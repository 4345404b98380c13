package org.ztp.privacy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Arithmetic in GF(2^8) with the polynomial of AES, x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2). Addition is XOR.
 *
 * <p>Vectors are worked on eight bytes at a time in a long, one doubling for each bit of the scalar, and several longs at
 * a time in the processor's vectors. So the time and the memory accesses depend on the scalars, which are public (replica
 * numbers and Lagrange coefficients), and on the length, but never on the bytes of a secret, as those of a look-up table
 * would.
 */
public final class GaloisField256 {
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);
    private static final long LOW_SEVEN = 0x7f7f7f7f7f7f7f7fL;
    private static final long LOWEST = 0x0101010101010101L;
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
        final Scratch scratch = SCRATCH.get();
        for (int at = 0; at < length; at += Scratch.BYTES) {
            final int part = Math.min(Scratch.BYTES, length - at);
            scratch.product(vector, offset + at, part, scalar);
            scratch.store(vector, offset + at, part);
        }
        scratch.clear(length);
    }

    /** {@code vector = vector * scalar + added}, over ranges of the same length: one step of Horner's rule. */
    public static void scaleAndAdd(final byte[] vector, final int offset, final int length, final int scalar,
                                   final byte[] added, final int addedOffset) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        Objects.checkFromIndexSize(addedOffset, length, added.length);
        final Scratch scratch = SCRATCH.get();
        for (int at = 0; at < length; at += Scratch.BYTES) {
            final int part = Math.min(Scratch.BYTES, length - at);
            scratch.product(vector, offset + at, part, scalar);
            scratch.add(added, addedOffset + at, part);
            scratch.store(vector, offset + at, part);
        }
        scratch.clear(length);
    }

    /** {@code vector = vector + scalar * added}, over ranges of the same length. */
    public static void addScaled(final byte[] vector, final int offset, final int length, final int scalar,
                                 final byte[] added, final int addedOffset) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        Objects.checkFromIndexSize(addedOffset, length, added.length);
        final Scratch scratch = SCRATCH.get();
        for (int at = 0; at < length; at += Scratch.BYTES) {
            final int part = Math.min(Scratch.BYTES, length - at);
            scratch.product(added, addedOffset + at, part, scalar);
            scratch.add(vector, offset + at, part);
            scratch.store(vector, offset + at, part);
        }
        scratch.clear(length);
    }

    /** {@code vector = vector + added}, over ranges of the same length. */
    public static void add(final byte[] vector, final int offset, final int length, final byte[] added,
                           final int addedOffset) {
        Objects.checkFromIndexSize(offset, length, vector.length);
        Objects.checkFromIndexSize(addedOffset, length, added.length);
        for (int i = 0; i < length; i++) {
            vector[offset + i] ^= added[addedOffset + i];
        }
    }

    /** Eight products at once. */
    private static long multiply(final long eight, final int scalar) {
        long sum = 0;
        long doubled = eight;
        for (int bits = scalar; bits != 0; bits >>>= 1) {
            sum ^= doubled & -(bits & 1L);
            doubled = twice(doubled);
        }
        return sum;
    }

    /** Eight doublings at once: where the uppermost bit was set, 0x1b = 1 + 2 + 8 + 16 is added. */
    private static long twice(final long eight) {
        final long carried = eight >>> 7 & LOWEST;
        return (eight & LOW_SEVEN) << 1 ^ carried ^ carried << 1 ^ carried << 3 ^ carried << 4;
    }

    /**
     * A part of a vector while it is multiplied, of at most {@value #BYTES} bytes, so that it stays in the first cache.
     * Each step is a loop over arrays of longs that is small enough for the compiler to use the processor's vectors. One
     * for each thread; what it held is overwritten.
     */
    private static final class Scratch {
        static final int BYTES = 4_096;

        private final long[] doubled = new long[BYTES / Long.BYTES];
        private final long[] sum = new long[BYTES / Long.BYTES];

        /** The sum becomes a range times a scalar. */
        void product(final byte[] vector, final int offset, final int length, final int scalar) {
            final int longs = load(vector, offset, length, doubled);
            if ((scalar & 1) != 0) {
                System.arraycopy(doubled, 0, sum, 0, longs);
            } else {
                Arrays.fill(sum, 0, longs, 0);
            }
            for (int bits = scalar >>> 1; bits != 0; bits >>>= 1) {
                twice(doubled, longs);
                if ((bits & 1) != 0) {
                    add(sum, doubled, longs);
                }
            }
        }

        /** The sum becomes itself plus a range. */
        void add(final byte[] vector, final int offset, final int length) {
            add(sum, doubled, load(vector, offset, length, doubled));
        }

        void store(final byte[] vector, final int offset, final int length) {
            final ByteBuffer range = ByteBuffer.wrap(vector, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            final int whole = length / Long.BYTES;
            range.asLongBuffer().put(sum, 0, whole);
            for (int i = whole * Long.BYTES; i < length; i++) {
                vector[offset + i] = (byte) (sum[whole] >>> Byte.SIZE * (i % Long.BYTES));
            }
        }

        /** Overwrites as much as a range of this length has used. */
        void clear(final int length) {
            final int longs = Math.min(doubled.length, (length + Long.BYTES - 1) / Long.BYTES);
            Arrays.fill(doubled, 0, longs, 0);
            Arrays.fill(sum, 0, longs, 0);
        }

        /** How many longs a range fills, the last one perhaps in part. */
        private static int load(final byte[] vector, final int offset, final int length, final long[] into) {
            final ByteBuffer range = ByteBuffer.wrap(vector, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            final int whole = length / Long.BYTES;
            range.asLongBuffer().get(into, 0, whole);
            if (whole * Long.BYTES == length) {
                return whole;
            }
            long last = 0;
            for (int i = length - 1; i >= whole * Long.BYTES; i--) {
                last = last << Byte.SIZE | vector[offset + i] & 0xff;
            }
            into[whole] = last;
            return whole + 1;
        }

        private static void twice(final long[] vector, final int longs) {
            for (int i = 0; i < longs; i++) {
                vector[i] = GaloisField256.twice(vector[i]);
            }
        }

        private static void add(final long[] vector, final long[] added, final int longs) {
            for (int i = 0; i < longs; i++) {
                vector[i] ^= added[i];
            }
        }
    }
}
