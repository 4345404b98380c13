package org.ztp.crypto;

/**
 * A sum of points, each times a number of 128 bits of its own: Straus' way (Straus, Addition chains of vectors, 1964),
 * in which all points share 128 doublings, and each takes about 26 additions from a table of its odd multiples 1 to 7.
 * (By count Pippenger's buckets would need fewer from some 300 points on.) Public values only. Owned by one thread; allocates
 * nothing after construction.
 */
final class RandomPointSum {
    /** Size of a number that a point is multiplied with. */
    static final int FACTOR_BYTES = 16;
    private static final int LARGEST_ODD_MULTIPLE = 7;
    private static final int MULTIPLES = (LARGEST_ODD_MULTIPLE + 1) / 2;
    private static final int DIGITS = Byte.SIZE * FACTOR_BYTES + 1;

    private final EdwardsPoint multiple = new EdwardsPoint();
    private final long[] two = new long[EdwardsPoint.ENTRY];
    private final byte[] digitsOfOne = new byte[DIGITS];
    private final long[] tables;
    /** For each bit, the digits of all points one after another. */
    private final byte[] digits;
    private final int most;
    private int count;

    /** Room for so many points. */
    RandomPointSum(final int most) {
        this.most = most;
        tables = new long[most * MULTIPLES * EdwardsPoint.ENTRY];
        digits = new byte[most * DIGITS];
    }

    /** Forgets the points. */
    void clear() {
        count = 0;
    }

    /** Takes a point, and the 16 bytes from {@code offset} on. */
    void add(final EdwardsPoint point, final byte[] factor, final int offset) {
        final int table = count * MULTIPLES * EdwardsPoint.ENTRY;
        multiple.set(point);
        multiple.twice(true);
        multiple.store(two, 0);
        multiple.set(point);
        multiple.store(tables, table);
        for (int i = 1; i < MULTIPLES; i++) {
            multiple.addEntry(two, 0);
            multiple.store(tables, table + i * EdwardsPoint.ENTRY);
        }
        Scalar25519.digits(factor, offset, FACTOR_BYTES, LARGEST_ODD_MULTIPLE, digitsOfOne);
        for (int bit = 0; bit < DIGITS; bit++) {
            digits[bit * most + count] = digitsOfOne[bit];
        }
        count++;
    }

    /** Highest bit of any digit. */
    int topBit() {
        return DIGITS - 1;
    }

    /** Adds the digits that stand at a bit; the sum is doubled between one bit and the next lower one. */
    void addTo(final EdwardsPoint sum, final int bit) {
        for (int i = 0; i < count; i++) {
            final int digit = digits[bit * most + i];
            if (digit > 0) {
                sum.addEntry(tables, (i * MULTIPLES + (digit >>> 1)) * EdwardsPoint.ENTRY);
            } else if (digit < 0) {
                sum.subtractEntry(tables, (i * MULTIPLES + (-digit >>> 1)) * EdwardsPoint.ENTRY);
            }
        }
    }
}
