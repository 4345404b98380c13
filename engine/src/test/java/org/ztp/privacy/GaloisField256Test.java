package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The field, exhaustively against multiplication bit by bit. */
class GaloisField256Test {
    @Test
    void multipliesTheExampleOfFips197() {
        assertEquals(0xc1, GaloisField256.multiply(0x57, 0x83));
        assertEquals(0xfe, GaloisField256.multiply(0x57, 0x13));
    }

    @Test
    void allProductsAreThoseOfLongMultiplicationAndDivision() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                assertEquals(slowly(a, b), GaloisField256.multiply(a, b));
            }
        }
    }

    @Test
    void anElementTimesItsInverseIsOne() {
        for (int a = 1; a < 256; a++) {
            assertEquals(1, GaloisField256.multiply(a, GaloisField256.inverse(a)));
        }
        assertThrows(IllegalArgumentException.class, () -> GaloisField256.inverse(0));
    }

    @Test
    void vectorsAreWorkedOnByteByByteForEveryScalarLengthAndOffset() {
        final Random random = new Random(41);
        for (int scalar = 0; scalar < 256; scalar++) {
            final int length = scalar % 41;
            final int offset = scalar % 7;
            final int addedOffset = scalar % 5;
            final byte[] vector = bytes(random, 60);
            final byte[] added = bytes(random, 60);
            final byte[] scaled = vector.clone();
            final byte[] scaledAndAdded = vector.clone();
            final byte[] addScaled = vector.clone();
            for (int i = 0; i < length; i++) {
                final byte other = added[addedOffset + i];
                scaled[offset + i] = (byte) slowly(vector[offset + i] & 0xff, scalar);
                scaledAndAdded[offset + i] = (byte) (scaled[offset + i] ^ other);
                addScaled[offset + i] = (byte) (vector[offset + i] ^ slowly(other & 0xff, scalar));
            }
            final byte[] actual = vector.clone();
            GaloisField256.scale(actual, offset, length, scalar);
            assertArrayEquals(scaled, actual);
            final byte[] actualAndAdded = vector.clone();
            GaloisField256.scaleAndAdd(actualAndAdded, offset, length, scalar, added, addedOffset);
            assertArrayEquals(scaledAndAdded, actualAndAdded);
            final byte[] actualScaled = vector.clone();
            GaloisField256.addScaled(actualScaled, offset, length, scalar, added, addedOffset);
            assertArrayEquals(addScaled, actualScaled);
        }
    }

    @Test
    void rangesOutsideAnArrayAreRefused() {
        final byte[] eight = new byte[8];
        assertThrows(IndexOutOfBoundsException.class, () -> GaloisField256.scale(eight, 1, 8, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> GaloisField256.addScaled(eight, 0, 8, 1, eight, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> GaloisField256.scaleAndAdd(eight, 0, -1, 1, eight, 0));
    }

    private static int slowly(final int a, final int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            if ((b >> bit & 1) != 0) {
                product ^= a << bit;
            }
        }
        for (int bit = 14; bit >= 8; bit--) {
            if ((product >> bit & 1) != 0) {
                product ^= 0x11b << bit - 8;
            }
        }
        return product;
    }

    private static byte[] bytes(final Random random, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
