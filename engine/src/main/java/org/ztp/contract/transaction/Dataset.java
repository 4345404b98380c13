package org.ztp.contract.transaction;

import org.ztp.contract.ChunkRange;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a dataset is, apart from its keys.
 *
 * @param name one line for people, at most {@link #MAX_NAME_BYTES} bytes of UTF-8; may be empty
 * @param plainBytes size of the plain data, 1 or more
 * @param chunkBytes plain bytes of every chunk but the last, {@link #MIN_CHUNK_BYTES} .. {@link #MAX_CHUNK_BYTES}
 * @param chunks number of chunks: plain size over chunk size, rounded up
 */
public record Dataset(String name, long plainBytes, int chunkBytes, int chunks) {
    /** Longest name. */
    public static final int MAX_NAME_BYTES = 255;
    /** Smallest chunk: 4 KiB. */
    public static final int MIN_CHUNK_BYTES = 4 << 10;
    /** Largest chunk: 64 MiB. */
    public static final int MAX_CHUNK_BYTES = 64 << 20;

    /** A dataset of this size; the number of chunks is computed. It is well formed only if they are not too many. */
    public static Dataset of(final String name, final long plainBytes, final int chunkBytes) {
        final long chunks = (plainBytes + chunkBytes - 1) / chunkBytes;
        return new Dataset(name, plainBytes, chunkBytes, (int) Math.min(chunks, Integer.MAX_VALUE));
    }

    /** Whether the fields make sense together. */
    public boolean wellFormed() {
        return plainBytes >= 1 && chunkBytes >= MIN_CHUNK_BYTES && chunkBytes <= MAX_CHUNK_BYTES && chunks >= 1
            && chunks <= ChunkRange.MAX_CHUNKS && (plainBytes - 1) / chunkBytes == chunks - 1
            && name.chars().noneMatch(Character::isISOControl);
    }

    /** Plain bytes of one chunk. */
    public int chunkLength(final int chunk) {
        return chunk < chunks - 1 ? chunkBytes : (int) (plainBytes - (long) chunk * chunkBytes);
    }

    /** Where a chunk starts in the plain data. */
    public long chunkOffset(final int chunk) {
        return (long) chunk * chunkBytes;
    }

    /** Writes name, plain size (u64), chunk size (u32), chunks (u32). */
    public void encode(final WireWriter out) {
        out.text(name).u64(plainBytes).u32(chunkBytes).u32(chunks);
    }

    /** Reads one; the reader fails if it is none. */
    public static Dataset decode(final WireReader in) {
        final Dataset dataset = new Dataset(in.text(MAX_NAME_BYTES), in.u64(), in.u32(), in.u32());
        in.require(!in.failed() && dataset.wellFormed());
        return dataset;
    }
}
