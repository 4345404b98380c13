package org.ztp.crypto;

import static org.ztp.crypto.Field25519.LIMBS;
import static org.ztp.crypto.Field25519.add;
import static org.ztp.crypto.Field25519.multiply;
import static org.ztp.crypto.Field25519.square;
import static org.ztp.crypto.Field25519.subtract;

/**
 * A point (X : Y : Z : T) of edwards25519, x = X/Z, y = Y/Z, x y = T/Z, with the formulas of Hisil, Wong, Carter and
 * Dawson (Twisted Edwards curves revisited, 2008, 3.1 and 3.3), which hold for all points. Public values only. Owned
 * by one thread; nothing is allocated after construction.
 */
final class EdwardsPoint {
    /** Longs of a point in a table: Y + X, Y - X, 2 Z, 2 d T. */
    static final int ENTRY = 4 * LIMBS;
    private static final long[] D =
        {929955233495203L, 466365720129213L, 1662059464998953L, 2033849074728123L, 1442794654840575L};
    private static final long[] TWICE_D =
        {1859910466990425L, 932731440258426L, 1072319116312658L, 1815898335770999L, 633789495995903L};
    private static final long[] ROOT_OF_MINUS_ONE =
        {1718705420411056L, 234908883556509L, 2233514472574048L, 2117202627021982L, 765476049583133L};

    private final long[] x = new long[LIMBS];
    private final long[] y = new long[LIMBS];
    private final long[] z = new long[LIMBS];
    private final long[] t = new long[LIMBS];
    private final long[] a = new long[LIMBS];
    private final long[] b = new long[LIMBS];
    private final long[] c = new long[LIMBS];
    private final long[] d = new long[LIMBS];
    private final byte[] bytes = new byte[Field25519.BYTES];

    /** Makes it the neutral point. */
    void setNeutral() {
        Field25519.set(x, 0);
        Field25519.set(y, 1);
        Field25519.set(z, 1);
        Field25519.set(t, 0);
    }

    /**
     * Makes it the point that 32 bytes encode (RFC 8032, 5.1.3).
     *
     * @return false, and the point is lost, if y is not below p or that of no point, or if x is 0 and its sign set: so
     *         every point has one encoding
     */
    boolean decode(final byte[] source, final int offset) {
        if (!Field25519.isCanonical(source, offset)) {
            return false;
        }
        Field25519.decode(y, source, offset);
        Field25519.set(z, 1);
        square(a, y);
        multiply(b, a, D);
        subtract(a, a, z);  // u = y^2 - 1
        add(b, b, z);       // v = d y^2 + 1
        square(c, b);
        multiply(c, c, b);  // v^3
        square(x, c);
        multiply(x, x, b);  // v^7
        multiply(x, x, a);  // u v^7
        multiply(c, c, a);  // u v^3
        Field25519.power22523(t, x, d, z, y);
        multiply(x, t, c);  // u v^3 (u v^7)^((p - 5) / 8)
        square(t, x);
        multiply(t, t, b);  // v x^2, which is u or -u, or there is no root
        if (!isEqual(t, a)) {
            Field25519.set(c, 0);
            subtract(a, c, a);
            if (!isEqual(t, a)) {
                return false;
            }
            multiply(x, x, ROOT_OF_MINUS_ONE);
        }
        Field25519.decode(y, source, offset);
        Field25519.set(z, 1);
        Field25519.encode(bytes, 0, x, c);
        if ((bytes[0] & 1) != 0 != source[offset + Field25519.BYTES - 1] < 0) {
            if (isZero(bytes)) {
                return false;
            }
            Field25519.set(c, 0);
            subtract(x, c, x);
        }
        multiply(t, x, y);
        return true;
    }

    /** Whether eight times it is the neutral point; the point is lost. */
    boolean isOfSmallOrder() {
        twice(false);
        twice(false);
        twice(false);
        Field25519.set(d, 0);
        return isEqual(x, d) && isEqual(y, z);
    }

    private boolean isEqual(final long[] one, final long[] other) {
        subtract(d, one, other);
        Field25519.encode(bytes, 0, d, c);
        return isZero(bytes);
    }

    private static boolean isZero(final byte[] encoded) {
        int bits = 0;
        for (final byte each : encoded) {
            bits |= each;
        }
        return bits == 0;
    }

    /** Doubles it. T is needed by additions only: a doubling that another one follows leaves it out. */
    void twice(final boolean withT) {
        square(a, x);
        square(b, y);
        square(c, z);
        add(c, c, c);
        add(d, x, y);
        square(d, d);
        add(t, a, b);       // H
        subtract(d, t, d);  // E
        subtract(a, a, b);  // G
        add(c, c, a);       // F
        multiply(x, d, c);
        multiply(y, a, t);
        multiply(z, c, a);
        if (withT) {
            multiply(t, d, t);
        }
    }

    /** Adds a point of a table. */
    void addEntry(final long[] table, final int at) {
        entry(table, at, at + LIMBS);
        add(t, d, c);       // G = D + C
        subtract(d, d, c);  // F = D - C
        finish(d, t);
    }

    /** Subtracts a point of a table. */
    void subtractEntry(final long[] table, final int at) {
        entry(table, at + LIMBS, at);
        subtract(t, d, c);
        add(d, d, c);
        finish(d, t);
    }

    private void entry(final long[] table, final int sum, final int difference) {
        subtract(a, y, x);
        add(b, y, x);
        multiply(a, a, table, difference);
        multiply(b, b, table, sum);
        multiply(d, z, table, Math.min(sum, difference) + 2 * LIMBS);
        multiply(c, t, table, Math.min(sum, difference) + 3 * LIMBS);
    }

    private void finish(final long[] f, final long[] g) {
        subtract(c, b, a);  // E
        add(a, b, a);       // H
        multiply(x, c, f);
        multiply(y, g, a);
        multiply(z, f, g);
        multiply(t, c, a);
    }

    /** Writes it into a table. */
    void store(final long[] table, final int at) {
        add(a, y, x);
        System.arraycopy(a, 0, table, at, LIMBS);
        subtract(a, y, x);
        System.arraycopy(a, 0, table, at + LIMBS, LIMBS);
        add(a, z, z);
        System.arraycopy(a, 0, table, at + 2 * LIMBS, LIMBS);
        multiply(a, t, TWICE_D);
        System.arraycopy(a, 0, table, at + 3 * LIMBS, LIMBS);
    }

    /** Makes it another point. */
    void set(final EdwardsPoint other) {
        Field25519.copy(x, other.x);
        Field25519.copy(y, other.y);
        Field25519.copy(z, other.z);
        Field25519.copy(t, other.t);
    }

    /** Writes its one encoding of 32 bytes; the point is lost. */
    void encode(final byte[] out, final int offset) {
        Field25519.invert(t, z, a, b, c);
        multiply(x, x, t);
        multiply(y, y, t);
        Field25519.encode(out, offset, x, c);
        final byte sign = (byte) (out[offset] << 7);
        Field25519.encode(out, offset, y, c);
        out[offset + Field25519.BYTES - 1] |= sign;
    }
}
