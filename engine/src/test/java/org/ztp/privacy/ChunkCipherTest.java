package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SystemRandomness;
import org.ztp.wire.Hash;

/** Chunks are encrypted each under a key of its own, and stay where they belong. */
class ChunkCipherTest {
    private static final Hash NONCE = Hash.sha256(new byte[] {3});
    private final SeededRandomness randomness = new SeededRandomness(81);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 4095, 100_000})
    void aChunkComesBack(final int length) {
        final byte[] plain = randomness.bytes(length + 5);
        final byte[] sealed = new byte[length + 16];
        final byte[] keys = new byte[3 * 32];
        final ChunkCipher cipher = new ChunkCipher(NONCE, 3);
        assertEquals(length + 16, encrypt(cipher, 1, plain, 5, length, sealed, keys, randomness));
        final byte[] out = new byte[length + 7];
        assertEquals(length, cipher.decrypt(1, keys, 32, sealed, sealed.length, out, 7));
        assertArrayEquals(Arrays.copyOfRange(plain, 5, plain.length), Arrays.copyOfRange(out, 7, out.length));
    }

    @Test
    void aChunkCannotBeMovedTruncatedOrTakenFromElsewhere() {
        final byte[] sealed = new byte[116];
        final byte[] keys = new byte[3 * 32];
        encrypt(new ChunkCipher(NONCE, 3), 1, new byte[100], 0, 100, sealed, keys, randomness);
        assertEquals(100, decrypt(new ChunkCipher(NONCE, 3), 1, keys, sealed, 116));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), 2, keys, sealed, 116));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 2), 1, keys, sealed, 116));
        assertEquals(-1, decrypt(new ChunkCipher(Hash.ZERO, 3), 1, keys, sealed, 116));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), 1, keys, sealed, 115));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), 1, keys, sealed, 15));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), 3, keys, sealed, 116));
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), -1, keys, sealed, 116));
        sealed[0] ^= 1;
        assertEquals(-1, decrypt(new ChunkCipher(NONCE, 3), 1, keys, sealed, 116));
    }

    @Test
    void everyEncryptionMakesAKeyOfItsOwn() {
        final ChunkCipher cipher = new ChunkCipher(NONCE, 2);
        final byte[] keys = new byte[64];
        encrypt(cipher, 0, new byte[1], 0, 1, new byte[17], keys, randomness);
        final byte[] before = keys.clone();
        encrypt(cipher, 0, new byte[1], 0, 1, new byte[17], keys, randomness);
        assertFalse(Arrays.equals(before, keys));
        assertThrows(IndexOutOfBoundsException.class,
            () -> encrypt(cipher, 2, new byte[1], 0, 1, new byte[17], keys, randomness));
        assertThrows(IndexOutOfBoundsException.class, () -> new ChunkCipher(NONCE, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> new ChunkCipher(NONCE, KeyVector.MAX_CHUNKS + 1));
    }

    /** What the calls of the pieces allocate until they are compiled is less than any copy of the chunk, or of half of it. */
    @Test
    void nothingOfAChunksSizeIsAllocated() {
        final int length = 1 << 20;
        final byte[] plain = new byte[length];
        final byte[] sealed = new byte[length + 16];
        final byte[] keys = new byte[32];
        final ChunkCipher cipher = new ChunkCipher(NONCE, 1);
        final SystemRandomness system = new SystemRandomness();
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            encrypt(cipher, 0, plain, 0, length, sealed, keys, system);
            assertEquals(length, cipher.decrypt(0, keys, 0, sealed, sealed.length, plain, 0));
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < length / 2, "bytes allocated for a chunk of 1 MiB: " + least);
    }

    /** Piece by piece, of sizes that are no multiple of the cipher's blocks. */
    private static int encrypt(final ChunkCipher cipher, final int chunk, final byte[] plain, final int offset,
                               final int length, final byte[] sealed, final byte[] keys, final Randomness randomness) {
        final byte[] piece = new byte[Math.min(length, 1000)];
        final byte[] out = new byte[piece.length + 32];
        cipher.begin(chunk, length, keys, randomness);
        int written = 0;
        for (int done = 0; done < length;) {
            final int count = Math.min(piece.length, length - done);
            System.arraycopy(plain, offset + done, piece, 0, count);
            final int more = cipher.update(piece, count, out);
            System.arraycopy(out, 0, sealed, written, more);
            written += more;
            done += count;
        }
        final int last = cipher.finish(out);
        System.arraycopy(out, 0, sealed, written, last);
        return written + last;
    }

    private static int decrypt(final ChunkCipher cipher, final int chunk, final byte[] keys, final byte[] sealed,
                               final int length) {
        return cipher.decrypt(chunk, keys, 32, sealed, length, new byte[100], 0);
    }
}
