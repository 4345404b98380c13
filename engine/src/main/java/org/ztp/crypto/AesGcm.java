package org.ztp.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM (NIST SP 800-38D), from buffer to buffer: key 32 bytes, nonce 12 bytes, and a tag of 16 bytes behind the
 * ciphertext. Reusable; owned by one thread.
 */
public final class AesGcm {
    /** Length of a key: 32 bytes. */
    public static final int KEY_BYTES = 32;
    /** Length of a nonce: 12 bytes. */
    public static final int NONCE_BYTES = 12;
    /** Length of a tag, by which a ciphertext is longer than its plaintext: 16 bytes. */
    public static final int TAG_BYTES = 16;

    private final Cipher cipher;

    /** Ready for any key. */
    public AesGcm() {
        this(newCipher());
    }

    private AesGcm(final Cipher cipher) {
        this.cipher = cipher;
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (final GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no AES-GCM", missing);
        }
    }

    /**
     * Encrypts. A pair of key and nonce must never encrypt twice; the JDK refuses it when the two follow each other.
     *
     * @param key            32 bytes
     * @param nonce          12 bytes
     * @param associatedData is authenticated and not encrypted; may be empty
     * @param plain          holds the plaintext
     * @param offset         index of its first byte
     * @param length         its length in bytes, up to 2^31 - 17
     * @param out            takes {@code length + 16} bytes; another array than {@code plain}
     * @param outOffset      index of the first of them
     * @return {@code length + 16}
     * @throws IllegalStateException when key and nonce are those of the encryption before
     */
    public int encrypt(final byte[] key, final byte[] nonce, final byte[] associatedData, final byte[] plain,
                       final int offset, final int length, final byte[] out, final int outOffset) {
        try {
            start(Cipher.ENCRYPT_MODE, key, nonce, associatedData, length);
            return cipher.doFinal(plain, offset, length, out, outOffset);
        } catch (final GeneralSecurityException ours) {
            throw new IllegalStateException("AES-GCM cannot encrypt: " + ours.getMessage(), ours);
        }
    }

    /**
     * Begins to encrypt a message that comes in pieces, so that each is still in the processor's cache for what else is
     * done with it. As for {@link #encrypt}, a pair of key and nonce must never encrypt twice.
     *
     * @param key            32 bytes
     * @param nonce          12 bytes
     * @param associatedData is authenticated and not encrypted; may be empty
     * @param length         length of the whole message in bytes
     */
    public void begin(final byte[] key, final byte[] nonce, final byte[] associatedData, final int length) {
        try {
            start(Cipher.ENCRYPT_MODE, key, nonce, associatedData, length);
        } catch (final GeneralSecurityException ours) {
            throw new IllegalStateException("AES-GCM cannot encrypt: " + ours.getMessage(), ours);
        }
    }

    /**
     * Encrypts the next piece.
     *
     * @param plain     holds it
     * @param offset    index of its first byte
     * @param length    its length in bytes
     * @param out       takes {@code length + 15} bytes at most, from 0 on; another array than {@code plain}
     * @return how many bytes were written; up to 15 may be held back until the next piece
     */
    public int update(final byte[] plain, final int offset, final int length, final byte[] out) {
        try {
            return cipher.update(plain, offset, length, out, 0);
        } catch (final GeneralSecurityException ours) {
            throw new IllegalStateException("AES-GCM cannot encrypt: " + ours.getMessage(), ours);
        }
    }

    /**
     * Ends the message.
     *
     * @param out takes what was held back and the tag, 31 bytes at most, from 0 on
     * @return how many bytes were written
     */
    public int finish(final byte[] out) {
        try {
            return cipher.doFinal(out, 0);
        } catch (final GeneralSecurityException ours) {
            throw new IllegalStateException("AES-GCM cannot encrypt: " + ours.getMessage(), ours);
        }
    }

    /**
     * Decrypts.
     *
     * @param key            32 bytes
     * @param nonce          12 bytes
     * @param associatedData what was given when it was encrypted
     * @param sealed         holds the ciphertext and its tag
     * @param offset         index of its first byte
     * @param length         its length in bytes with the tag
     * @param out            takes {@code length - 16} bytes; another array than {@code sealed}
     * @param outOffset      index of the first of them
     * @return the length of the plaintext, or -1 when the tag does not fit: then {@code out} holds zeros there
     */
    public int decrypt(final byte[] key, final byte[] nonce, final byte[] associatedData, final byte[] sealed,
                       final int offset, final int length, final byte[] out, final int outOffset) {
        if (length < TAG_BYTES) {
            return -1;
        }
        try {
            start(Cipher.DECRYPT_MODE, key, nonce, associatedData, length);
            return cipher.doFinal(sealed, offset, length, out, outOffset);
        } catch (final AEADBadTagException forged) {
            Arrays.fill(out, outOffset, outOffset + length - TAG_BYTES, (byte) 0);
            return -1;
        } catch (final GeneralSecurityException ours) {
            throw new IllegalStateException("AES-GCM cannot decrypt: " + ours.getMessage(), ours);
        }
    }

    private void start(final int mode, final byte[] key, final byte[] nonce, final byte[] associatedData,
                       final int length) throws GeneralSecurityException {
        if (length >= GcmRehearsal.LONG_MESSAGE_BYTES) {
            GcmRehearsal.beforeLongMessage(length);
        }
        if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("AES-256-GCM lengths: expected=32,12 actual=" + key.length + ","
                + nonce.length);
        }
        final RawKey rawKey = new RawKey(key, 0, KEY_BYTES, "AES");
        try {
            cipher.init(mode, rawKey, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        } finally {
            rawKey.destroy();
        }
        cipher.updateAAD(associatedData);
    }
}
