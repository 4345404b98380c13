package org.ztp.storage.blob;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The name of a blob: the SHA-256 of its bytes.
 *
 * @param hash 32 bytes
 */
public record BlobId(byte[] hash) {
    /** Length of a hash in bytes. */
    public static final int BYTES = 32;

    private static final int HEX_DIGITS = 2 * BYTES;

    /** Copies and checks the hash. */
    public BlobId {
        hash = hash.clone();
        if (hash.length != BYTES) {
            throw new IllegalArgumentException("hash bytes: expected=" + BYTES + " actual=" + hash.length);
        }
    }

    /**
     * Reads the hexadecimal form.
     *
     * @param hex 64 lower-case digits
     * @return the id, or empty when the text is anything else
     */
    public static Optional<BlobId> parse(final String hex) {
        return hex.length() == HEX_DIGITS && hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')
            ? Optional.of(new BlobId(HexFormat.of().parseHex(hex))) : Optional.empty();
    }

    @Override
    public byte[] hash() {
        return hash.clone();
    }

    /** The first two digits. */
    String directory() {
        return toString().substring(0, 2);
    }

    /** What they stand for, 0 .. 255. */
    int directoryNumber() {
        return Byte.toUnsignedInt(hash[0]);
    }

    /** The directory, and the file in it. */
    String path() {
        return directory() + '/' + toString().substring(2);
    }

    boolean matches(final byte[] other) {
        return Arrays.equals(hash, other);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof BlobId that && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(hash);
    }
}
