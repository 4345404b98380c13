package org.ztp.storage.archive;

import java.util.Arrays;
import java.util.HexFormat;

/** One link of the ledger's hash chain: 32 bytes that name a height's block and, by it, all before. */
public final class Link {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    /**
     * A link.
     *
     * @param bytes 32 of them, copied
     */
    public Link(final byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("link bytes: expected=" + BYTES + " actual=" + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    /**
     * The bytes.
     *
     * @return a copy, 32 bytes
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Link that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
