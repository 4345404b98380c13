package org.ztp.crypto;

import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * The key stream of AES-256 in counter mode (NIST SP 800-38A): an endless sequence of bytes that looks random to
 * whoever lacks the key, and can be read from any block on. Block b of 16 bytes is AES(key, b as a 128-bit big-endian
 * number). A key serves one purpose only. Owned by one thread.
 */
public final class KeyStream implements AutoCloseable {
    /** Length of a key: 32 bytes. */
    public static final int KEY_BYTES = 32;
    /** Positions are multiples of a block: 16 bytes. */
    public static final int BLOCK_BYTES = 16;

    private final Cipher cipher;
    private final RawKey key;
    private final byte[] counter = new byte[BLOCK_BYTES];

    /**
     * @param key 32 bytes; copied
     */
    public KeyStream(final byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("key stream key length: expected=32 actual=" + key.length);
        }
        this.key = new RawKey(key, 0, KEY_BYTES, "AES");
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (final GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no AES-CTR", missing);
        }
    }

    /**
     * XORs a range with the stream, in place. Twice gives the range back.
     *
     * @param position where in the stream to begin, in bytes; a multiple of 16, not negative
     * @param data     what is changed
     * @param offset   index of the first byte
     * @param length   number of bytes
     */
    public void xor(final long position, final byte[] data, final int offset, final int length) {
        if (position < 0 || position % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException("key stream position is no multiple of 16: " + position);
        }
        Objects.checkFromIndexSize(offset, length, data.length);
        for (long i = BLOCK_BYTES - 1, block = position / BLOCK_BYTES; i >= Long.BYTES; i--, block >>>= Byte.SIZE) {
            counter[(int) i] = (byte) block;
        }
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
            cipher.doFinal(data, offset, length, data, offset);
        } catch (final GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-CTR refused to run", impossible);
        }
    }

    /** Overwrites the key: the object cannot be used any more. */
    @Override
    public void close() {
        key.destroy();
    }
}
