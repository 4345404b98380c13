package org.ztp.privacy;

/** Vectors of keys, halves and shares: 32 bytes for each chunk, one chunk after the other in one array. */
public final class KeyVector {
    /** Length of one key, half or share: 32 bytes. */
    public static final int ENTRY_BYTES = 32;
    /** Most chunks of a dataset: 2^20, which is 4 TiB in chunks of 4 MiB; a vector then has 32 MiB. */
    public static final int MAX_CHUNKS = 1 << 20;

    private KeyVector() {
    }

    /**
     * The number of entries.
     *
     * @throws IllegalArgumentException when the vector is empty, too long, or not a multiple of 32 bytes
     */
    public static int entries(final byte[] vector) {
        if (!isVector(vector.length)) {
            throw new IllegalArgumentException("not a vector of 1..2^20 entries of 32 bytes: bytes=" + vector.length);
        }
        return vector.length / ENTRY_BYTES;
    }

    static boolean isVector(final long bytes) {
        return bytes > 0 && bytes % ENTRY_BYTES == 0 && bytes <= (long) MAX_CHUNKS * ENTRY_BYTES;
    }

    static int offset(final int entry) {
        return entry * ENTRY_BYTES;
    }
}
