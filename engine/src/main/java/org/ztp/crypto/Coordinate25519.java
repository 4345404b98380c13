package org.ztp.crypto;

import java.math.BigInteger;

/** Coordinates of points as numbers, for what is done once a key; {@link Field25519} is for what is done often. */
final class Coordinate25519 {
    /** The field's order, 2^255 - 19. */
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static final int BYTES = 32;

    private Coordinate25519() {
    }

    /** The number that 32 bytes are, little-endian (RFC 7748, section 5), below 2^256. */
    static BigInteger of(final byte[] littleEndian) {
        final byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[BYTES - 1 - i] = littleEndian[i];
        }
        return new BigInteger(1, bigEndian);
    }

    /** The 32 bytes of a number below 2^256. */
    static byte[] bytes(final BigInteger number) {
        final byte[] littleEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            littleEndian[i] = number.shiftRight(Byte.SIZE * i).byteValue();
        }
        return littleEndian;
    }
}
