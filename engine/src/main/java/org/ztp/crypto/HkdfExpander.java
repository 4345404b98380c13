package org.ztp.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/**
 * HKDF-Expand with HMAC-SHA256 (RFC 5869, 2.3) under one key, for deriving many values: one HMAC for every 32 bytes of
 * output. Owned by one thread. {@link #close()} overwrites what it holds.
 */
public final class HkdfExpander implements AutoCloseable {
    /** Longest output under one info: 8,160 bytes. */
    public static final int MAX_OUTPUT_BYTES = 255 * Hkdf.HASH_BYTES;

    private final Mac mac;
    private final byte[] block = new byte[Hkdf.HASH_BYTES];

    /**
     * @param key a pseudo-random key, as {@link Hkdf#extract} or {@link Randomness} gives it, of at least 32 bytes;
     *            copied
     */
    public HkdfExpander(final byte[] key) {
        if (key.length < Hkdf.HASH_BYTES) {
            throw new IllegalArgumentException("HKDF key length: expected>=32 actual=" + key.length);
        }
        mac = Hkdf.mac(key);
    }

    /**
     * Derives {@code length} bytes that belong to {@code info}.
     *
     * @param info   what the output is for; other info, other output
     * @param out    where to write
     * @param offset index of the first byte
     * @param length 1 .. {@value #MAX_OUTPUT_BYTES}
     */
    public void expand(final byte[] info, final byte[] out, final int offset, final int length) {
        if (length < 1 || length > MAX_OUTPUT_BYTES) {
            throw new IllegalArgumentException("HKDF output length: expected=1..8160 actual=" + length);
        }
        try {
            for (int done = 0, counter = 1; done < length; done += Hkdf.HASH_BYTES, counter++) {
                if (counter > 1) {
                    mac.update(block);
                }
                mac.update(info);
                mac.update((byte) counter);
                mac.doFinal(block, 0);
                System.arraycopy(block, 0, out, offset + done, Math.min(Hkdf.HASH_BYTES, length - done));
            }
        } catch (final GeneralSecurityException impossible) {
            throw new IllegalStateException("HMAC-SHA256 refused to run", impossible);
        } finally {
            Secrets.zero(block);
        }
    }

    /** {@code length} bytes that belong to {@code info}, in a new array. */
    public byte[] expand(final byte[] info, final int length) {
        final byte[] out = new byte[length];
        expand(info, out, 0, length);
        return out;
    }

    /** Overwrites the key: the object cannot be used any more. */
    @Override
    public void close() {
        Hkdf.forget(mac);
    }
}
