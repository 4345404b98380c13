package org.ztp.crypto;

/**
 * Multiples of one point P, so that a multiple by a number of 253 bits takes 31 doublings, which several points share,
 * instead of 252: for each of 8 parts of 32 bits, the odd multiples of 2^(32 part) P. Immutable; any thread may use it.
 */
final class PointTable {
    private static final int PARTS = 8;
    /** Bits of a part, and so doublings that a multiple takes, and one less. */
    static final int PART_BITS = Scalar25519.DIGITS / PARTS;

    private final int largest;
    private final int perPart;
    private final long[] entries;

    /**
     * The table of a point.
     *
     * @param encoded 32 bytes of the point
     * @param largest largest odd multiple, 2^k - 1, at most 127; the table takes 640 (largest + 1) bytes
     * @throws IllegalArgumentException if the bytes are not the encoding of a point
     */
    PointTable(final byte[] encoded, final int largest) {
        this.largest = largest;
        perPart = (largest + 1) / 2;
        entries = new long[PARTS * perPart * EdwardsPoint.ENTRY];
        final EdwardsPoint power = new EdwardsPoint();
        final EdwardsPoint multiple = new EdwardsPoint();
        final long[] two = new long[EdwardsPoint.ENTRY];
        if (!power.decode(encoded, 0)) {
            throw new IllegalArgumentException("not the encoding of a point");
        }
        for (int part = 0; part < PARTS; part++) {
            multiple.set(power);
            multiple.twice(true);
            multiple.store(two, 0);
            multiple.set(power);
            for (int i = 0; i < perPart; i++) {
                multiple.store(entries, at(part, 2 * i + 1));
                multiple.addEntry(two, 0);
            }
            for (int i = 0; i < PART_BITS; i++) {
                power.twice(i == PART_BITS - 1);
            }
        }
    }

    private int at(final int part, final int odd) {
        return (part * perPart + (odd >>> 1)) * EdwardsPoint.ENTRY;
    }

    /** The digits of a number below 2^253, as {@link #addTo} wants them. */
    void digits(final byte[] number, final int offset, final byte[] out) {
        Scalar25519.digits(number, offset, Field25519.BYTES, largest, out);
    }

    /** Adds, in each part, the digit that stands at one of its bits; or subtracts it. */
    void addTo(final EdwardsPoint sum, final byte[] digits, final int bit, final boolean negated) {
        for (int part = 0; part < PARTS; part++) {
            final int digit = digits[part * PART_BITS + bit];
            if (digit == 0) {
                continue;
            }
            if (digit > 0 != negated) {
                sum.addEntry(entries, at(part, Math.abs(digit)));
            } else {
                sum.subtractEntry(entries, at(part, Math.abs(digit)));
            }
        }
    }

    /** Makes a point the sum of one table's multiple and, negated, of another's. */
    static void difference(final EdwardsPoint sum, final PointTable plus, final byte[] plusDigits,
                           final PointTable minus, final byte[] minusDigits) {
        sum.setNeutral();
        for (int bit = PART_BITS - 1; bit >= 0; bit--) {
            sum.twice(true);
            plus.addTo(sum, plusDigits, bit, false);
            minus.addTo(sum, minusDigits, bit, true);
        }
    }
}
