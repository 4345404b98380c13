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
        assertEquals(length + 16, cipher.encrypt(1, plain, 5, length, sealed, keys, randomness));
        final byte[] out = new byte[length + 7];
        assertEquals(length, cipher.decrypt(1, keys, 32, sealed, sealed.length, out, 7));
        assertArrayEquals(Arrays.copyOfRange(plain, 5, plain.length), Arrays.copyOfRange(out, 7, out.length));
    }

    @Test
    void aChunkCannotBeMovedTruncatedOrTakenFromElsewhere() {
        final byte[] sealed = new byte[116];
        final byte[] keys = new byte[3 * 32];
        new ChunkCipher(NONCE, 3).encrypt(1, new byte[100], 0, 100, sealed, keys, randomness);
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
        cipher.encrypt(0, new byte[1], 0, 1, new byte[17], keys, randomness);
        final byte[] before = keys.clone();
        cipher.encrypt(0, new byte[1], 0, 1, new byte[17], keys, randomness);
        assertFalse(Arrays.equals(before, keys));
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.encrypt(2, new byte[1], 0, 1, new byte[17], keys, randomness));
        assertThrows(IndexOutOfBoundsException.class, () -> new ChunkCipher(NONCE, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> new ChunkCipher(NONCE, KeyVector.MAX_CHUNKS + 1));
    }

    @Test
    void nothingOfAChunksSizeIsAllocated() {
        final int length = 1 << 20;
        final byte[] plain = new byte[length];
        final byte[] sealed = new byte[length + 16];
        final byte[] keys = new byte[32];
        final ChunkCipher cipher = new ChunkCipher(NONCE, 1);
        final SystemRandomness system = new SystemRandomness();
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int round = 0; round < 5; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            cipher.encrypt(0, plain, 0, length, sealed, keys, system);
            assertEquals(length, cipher.decrypt(0, keys, 0, sealed, sealed.length, plain, 0));
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < 64 * 1024, "bytes allocated for a chunk of 1 MiB: " + allocated);
    }

    private static int decrypt(final ChunkCipher cipher, final int chunk, final byte[] keys, final byte[] sealed,
                               final int length) {
        return cipher.decrypt(chunk, keys, 32, sealed, length, new byte[100], 0);
    }
}
