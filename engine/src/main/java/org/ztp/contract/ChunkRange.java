package org.ztp.contract;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Chunks {@code first} .. {@code last}, both included; 8 bytes.
 *
 * @param first 0 or more
 * @param last not before the first, below {@link #MAX_CHUNKS}
 */
public record ChunkRange(int first, int last) implements Comparable<ChunkRange> {
    /** Most chunks of a dataset. */
    public static final int MAX_CHUNKS = 1 << 20;
    /** Encoded size. */
    public static final int BYTES = 8;

    /** All of a dataset's chunks. */
    public static ChunkRange all(final int chunks) {
        return new ChunkRange(0, chunks - 1);
    }

    /** Whether the numbers are a range of at least one chunk. */
    public boolean wellFormed() {
        return first >= 0 && last >= first && last < MAX_CHUNKS;
    }

    /** Number of chunks. */
    public int count() {
        return last - first + 1;
    }

    /** Whether the chunk is in it. */
    public boolean contains(final int chunk) {
        return chunk >= first && chunk <= last;
    }

    /** Whether all of the other is in it. */
    public boolean contains(final ChunkRange other) {
        return other.first >= first && other.last <= last;
    }

    /** Whether a chunk is in both. */
    public boolean overlaps(final ChunkRange other) {
        return first <= other.last && other.first <= last;
    }

    /** Writes first, then last. */
    public void encode(final WireWriter out) {
        out.u32(first).u32(last);
    }

    /** Reads one; the reader fails if it is none. */
    public static ChunkRange decode(final WireReader in) {
        final ChunkRange range = new ChunkRange(in.u32(), in.u32());
        in.require(range.wellFormed());
        return range;
    }

    @Override
    public int compareTo(final ChunkRange other) {
        return first != other.first ? Integer.compare(first, other.first) : Integer.compare(last, other.last);
    }

    /** {@code 0-99}, or {@code 7} for a single chunk. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
