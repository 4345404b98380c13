package org.ztp.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An X25519 public key (RFC 7748): 32 bytes. Any 32 bytes are one; those that would lead to a secret that everybody
 * knows are refused when a secret is agreed on.
 */
public final class X25519PublicKey {
    /** Length of a key: 32 bytes. */
    public static final int BYTES = 32;

    private final byte[] encoded;

    private X25519PublicKey(final byte[] encoded) {
        this.encoded = encoded;
    }

    /** The key of the 32 bytes at {@code offset}, which must be there. */
    public static X25519PublicKey of(final byte[] source, final int offset) {
        if (offset < 0 || source.length - offset < BYTES) {
            throw new IllegalArgumentException("an X25519 key needs 32 bytes");
        }
        return new X25519PublicKey(Arrays.copyOfRange(source, offset, offset + BYTES));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return encoded.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof X25519PublicKey key && Arrays.equals(encoded, key.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The key in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
