package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;

/** The keyed digest is what its words say, computed in another way; and each byte and the length count. */
class KeyedDigestTest {
    private static final int SIZE = 300 * KeyedDigest.BLOCK + 77;
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    private static final BigInteger TWO_128 = BigInteger.ONE.shiftLeft(128);

    private final byte[] keyBytes = new SeededRandomness(1).bytes(KeyedDigest.BLOCK);
    private final KeyedDigest.Key key = new KeyedDigest.Key((out, offset, length) ->
        System.arraycopy(keyBytes, 0, out, offset, length));
    private final byte[] message = new SeededRandomness(2).bytes(SIZE);

    @Test
    void itIsTheHashOfSumsOfProducts() {
        for (final int size : new int[] {0, 1, 8, 15, 16, 1_023, 1_024, 1_025, 256 * 1_024, 257 * 1_024, SIZE}) {
            assertEquals(expected(Arrays.copyOf(message, size)), digest(message, size, SIZE), "size " + size);
        }
        Arrays.fill(message, (byte) 0xff);
        assertEquals(expected(message), digest(message, SIZE, SIZE));
    }

    @Test
    void itDoesNotMatterInWhichSlicesAMessageIsFed() {
        final Hash whole = digest(message, SIZE, SIZE);
        for (final int slice : new int[] {1, 7, 270, 1_024, 1_500, 26_000}) {
            assertEquals(whole, digest(message, SIZE, slice), "slices of " + slice);
        }
    }

    @Test
    void eachByteAndTheLengthCount() {
        final Set<Hash> seen = new HashSet<>();
        seen.add(digest(message, SIZE, SIZE));
        for (int at = 0; at < SIZE; at += 997) {
            message[at]++;
            seen.add(digest(message, SIZE, SIZE));
            message[at]--;
        }
        assertEquals(2 + (SIZE - 1) / 997, seen.size());
        final byte[] zeros = new byte[SIZE];
        seen.clear();
        for (int size = 0; size < 64; size++) {
            seen.add(digest(zeros, size, SIZE));
        }
        assertEquals(64, seen.size());
        final KeyedDigest other = new KeyedDigest(new KeyedDigest.Key(new SeededRandomness(3)));
        assertNotEquals(digest(message, SIZE, SIZE), other.update(message, 0, SIZE).digest());
    }

    private Hash digest(final byte[] bytes, final int size, final int slice) {
        final KeyedDigest digest = new KeyedDigest(key);
        digest.update(bytes, 0, Math.min(3, size)).digest(); // what was before does not count
        for (int at = 0; at < size; at += slice) {
            digest.update(bytes, at, Math.min(slice, size - at));
        }
        return digest.digest();
    }

    private Hash expected(final byte[] bytes) {
        final int blocks = (bytes.length + KeyedDigest.BLOCK - 1) / KeyedDigest.BLOCK;
        final byte[] padded = Arrays.copyOf(bytes, blocks * KeyedDigest.BLOCK);
        final byte[] sums = new byte[16 * blocks + 8];
        for (int block = 0; block < blocks; block++) {
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < KeyedDigest.BLOCK; i += 16) {
                sum = sum.add(word(padded, block * KeyedDigest.BLOCK + i, i)
                    .multiply(word(padded, block * KeyedDigest.BLOCK + i + 8, i + 8))).mod(TWO_128);
            }
            littleEndian(sum, sums, 16 * block, 16);
        }
        littleEndian(BigInteger.valueOf(bytes.length), sums, 16 * blocks, 8);
        return Hash.sha256(sums);
    }

    private BigInteger word(final byte[] bytes, final int at, final int keyAt) {
        return number(bytes, at).add(number(keyBytes, keyAt)).mod(TWO_64);
    }

    private static BigInteger number(final byte[] bytes, final int at) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 7; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(bytes[at + i] & 0xff));
        }
        return number;
    }

    private static void littleEndian(final BigInteger number, final byte[] out, final int at, final int size) {
        for (int i = 0; i < size; i++) {
            out[at + i] = number.shiftRight(8 * i).byteValue();
        }
    }
}
