package org.ztp.storage.archive;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.IncomingFile;

/**
 * Writes one chunk. Used by one thread. Until {@link #finish} nobody sees it; closed before that, or after a failure,
 * it leaves nothing behind.
 */
public final class ChunkWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int PIECE_BYTES = 16 << 10;

    private final Disk disk;
    private final byte[] tag;
    private final long first;
    private final Link before;
    private final IncomingFile file;
    private final ByteBuffer buffer;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    private final ChunkFormat format = new ChunkFormat();
    private long flushed = ChunkFormat.HEADER_BYTES;
    private long records;
    private int chain;
    private long last;

    ChunkWriter(final Disk disk, final IncomingFile file, final byte[] tag, final long first, final Link before) {
        this.disk = disk;
        this.file = file;
        this.tag = tag;
        this.first = first;
        this.before = before;
        last = first - 1;
        buffer = disk.newBuffer(BUFFER_BYTES);
    }

    /**
     * Appends a record.
     *
     * @param height the last one's, or the next: heights follow each other without a gap, from the chunk's first
     * @param kind   1 .. 255
     * @param source holds the payload
     * @param offset of the payload
     * @param length of the payload, 0 .. 2^30 bytes
     */
    public void append(final long height, final int kind, final DirectBuffer source, final int offset,
                       final int length) {
        final boolean follows = height == last + 1 || height == last && records > 0;
        if (!file.isOpen() || !follows || kind < 1 || kind > ChunkFormat.KIND_MAX || length < 0
            || length > ChunkFormat.LENGTH_MAX) {
            throw new IllegalArgumentException("record: open=" + file.isOpen() + " last=" + last + " height=" + height + " kind="
                + kind + " length=" + length);
        }
        write(ChunkFormat.word(height, kind), source, offset, length);
        last = height;
        records++;
    }

    private void write(final long word, final DirectBuffer source, final int offset, final int length) {
        final int crc = crc(word, source, offset, length);
        put(ChunkFormat.RECORD_HEADER_BYTES);
        buffer.putInt(length).putInt(crc).putLong(word);
        for (int done = 0; done < length;) {
            final int count = Math.min(put(1), length - done);
            source.getBytes(offset + done, buffer, count);
            done += count;
        }
        put(ChunkFormat.ALIGNMENT);
        buffer.put(new byte[ChunkFormat.paddingOf(length)]);
        chain = ChunkFormat.chain(chain, crc);
    }

    private int crc(final long word, final DirectBuffer source, final int offset, final int length) {
        format.begin(bytes(), length, word);
        for (int done = 0; done < length; done += piece.capacity()) {
            final int count = Math.min(piece.capacity(), length - done);
            source.getBytes(offset + done, piece.clear(), count);
            format.update(piece.flip());
        }
        format.update(ByteBuffer.allocate(ChunkFormat.paddingOf(length)));
        return format.end();
    }

    /** Makes room for so many bytes; returns how many there is room for. */
    private int put(final int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer.remaining();
    }

    private void flush() {
        final int count = buffer.position();
        file.write(buffer.flip(), flushed);
        flushed += count;
        buffer.clear();
    }

    /**
     * How long the chunk is by now.
     *
     * @return bytes of the file
     */
    public long bytes() {
        return flushed + buffer.position();
    }

    /**
     * The last height that was appended.
     *
     * @return one less than the first as long as there is none
     */
    public long last() {
        return last;
    }

    /**
     * Forces the chunk and gives it its name, in the place of a damaged one of the same name. When this returns it
     * survives the loss of power.
     *
     * @param link of the last height
     * @return the chunk
     */
    public Chunk finish(final Link link) {
        if (!file.isOpen() || records == 0) {
            throw new IllegalStateException("chunk: open=" + file.isOpen() + " records=" + records);
        }
        final Chunk chunk = new Chunk(first, last, link);
        flush();
        final ChunkFormat.Header header = new ChunkFormat.Header(chunk, before, records,
            flushed - ChunkFormat.HEADER_BYTES, chain);
        file.write(ChunkFormat.encode(header, tag), 0);
        file.force();
        file.place(chunk.fileName());
        disk.forceDirectory("");
        return chunk;
    }

    @Override
    public void close() {
        file.close();
    }
}
