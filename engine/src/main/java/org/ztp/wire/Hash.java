package org.ztp.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A SHA-256 value of 32 bytes: immutable, ordered as unsigned bytes, printed as 64 lower-case hexadecimal digits. */
public final class Hash implements Comparable<Hash> {
    /** Size in bytes. */
    public static final int BYTES = 32;
    /** All zero: the name of nothing. */
    public static final Hash ZERO = new Hash(new byte[BYTES]);

    private final byte[] bytes;

    private Hash(final byte[] bytes) {
        this.bytes = bytes;
    }

    /** The hash that these 32 bytes are; they are copied. */
    public static Hash of(final byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("hash length: expected=32 actual=" + bytes.length);
        }
        return new Hash(bytes.clone());
    }

    /** The hash at an offset of an array; copied. */
    public static Hash copyOf(final byte[] source, final int offset) {
        return new Hash(Arrays.copyOfRange(source, offset, offset + BYTES));
    }

    /** SHA-256 (FIPS 180-4) over the parts one after another; for cold code, the hot path keeps its own hasher. */
    public static Hash sha256(final byte[]... parts) {
        try {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (final byte[] part : parts) {
                digest.update(part);
            }
            return new Hash(digest.digest());
        } catch (final NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Parses 64 hexadecimal digits; empty if they are not. */
    public static Optional<Hash> parse(final String hex) {
        if (hex.length() != 2 * BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Hash(HexFormat.of().parseHex(hex)));
        } catch (final IllegalArgumentException notHex) {
            return Optional.empty();
        }
    }

    /** Copies the 32 bytes to an offset of an array. */
    public void copyTo(final byte[] target, final int offset) {
        System.arraycopy(bytes, 0, target, offset, BYTES);
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The first eight digits, for people. */
    public String brief() {
        return HexFormat.of().formatHex(bytes, 0, 4);
    }

    @Override
    public int compareTo(final Hash other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
