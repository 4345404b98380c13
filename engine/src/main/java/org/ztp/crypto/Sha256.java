package org.ztp.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), by the JDK, which uses the processor's instructions for it. */
public final class Sha256 {
    /** Length of a digest: 32 bytes. */
    public static final int BYTES = 32;

    private Sha256() {
    }

    /** A new digest object, for its caller's thread alone. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }

    /** The digest of the parts, one after the other: 32 bytes. */
    public static byte[] of(final byte[]... parts) {
        final MessageDigest digest = digest();
        for (final byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
