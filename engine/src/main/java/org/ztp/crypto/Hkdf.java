package org.ztp.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;

/** HKDF with HMAC-SHA256 (RFC 5869). */
public final class Hkdf {
    /** Length of a hash and of an extracted key: 32 bytes. */
    public static final int HASH_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private Hkdf() {
    }

    /**
     * HKDF-Extract (RFC 5869, 2.2).
     *
     * @param salt public; may be empty
     * @param ikm  the secret input
     * @return a pseudo-random key of 32 bytes, which the caller overwrites after use
     */
    public static byte[] extract(final byte[] salt, final byte[] ikm) {
        final Mac mac = mac(salt);
        try {
            return mac.doFinal(ikm);
        } finally {
            forget(mac);
        }
    }

    /** Extract and expand: {@code length} bytes that belong to {@code info}. */
    public static byte[] derive(final byte[] salt, final byte[] ikm, final byte[] info, final int length) {
        final byte[] key = extract(salt, ikm);
        try (HkdfExpander expander = new HkdfExpander(key)) {
            return expander.expand(info, length);
        } finally {
            Secrets.zero(key);
        }
    }

    static Mac mac(final byte[] key) {
        final RawKey rawKey = new RawKey(key, 0, key.length, ALGORITHM);
        try {
            final Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(rawKey);
            return mac;
        } catch (final GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, missing);
        } finally {
            rawKey.destroy();
        }
    }

    /** Makes the JDK overwrite the key that it keeps, by giving it another one. */
    static void forget(final Mac mac) {
        try {
            mac.init(new RawKey(new byte[HASH_BYTES], 0, HASH_BYTES, ALGORITHM));
        } catch (final GeneralSecurityException impossible) {
            throw new IllegalStateException("HMAC-SHA256 refused a key", impossible);
        }
    }
}
