package org.ztp.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/** What may be done to secret bytes besides using them: overwrite them and compare them in constant time. */
public final class Secrets {
    private Secrets() {
    }

    /** Overwrites all of {@code secret} with zeros; null is allowed and left alone. */
    public static void zero(final byte[] secret) {
        if (secret != null) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** Whether both hold the same bytes, in a time that depends on the lengths only. */
    public static boolean equal(final byte[] a, final byte[] b) {
        return MessageDigest.isEqual(a, b);
    }
}
