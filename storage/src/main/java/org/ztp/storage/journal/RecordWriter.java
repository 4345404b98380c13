package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Puts records together in the write buffer, and the buffer into the active segment.
 *
 * <p>A record that does not fit into the buffer streams through it, and its header is written last: until then the
 * header's place holds zeros, so the record does not exist.
 *
 * <p>The bytes lie in the buffer as they will in the file's blocks, so that a disk which writes past the page cache need
 * not copy them.
 *
 * <p>Owned by the journal's writer thread. Other threads may copy committed records out of the buffer with
 * {@link #buffered(long)}: a flush takes the lock before it lets the bytes be overwritten. If flushes are lazy, full
 * buffers are written by a thread of its own while the next one is filled.
 */
final class RecordWriter {
    private static final int BLOCK_BYTES = 4_096;
    /** What is less than this part of a buffer is written sooner than a thread wakes up for it. */
    private static final int LAZY_PART = 16;

    private final Preallocator preallocator;
    private final RecordFormat format = new RecordFormat();
    private final int bufferBytes;
    private final Optional<LazyFlush> lazy;
    private final ByteBuffer lateHeader;
    private final Object lock = new Object();
    private WriteBuffer buffer;

    private DiskFile file;
    private long base;
    private long tail;
    private long count;
    private int chain;

    /** Offset in the file of the first byte in the buffer, where in the buffer that is, and up to where it is filled. */
    private long bufferOffset;
    private int start;
    private int filled;
    /** Positions of the first byte in the buffer, and before which all is in the file. */
    private long bufferedFrom;
    private volatile long flushedTo;

    private boolean inRecord;
    private boolean streaming;
    private int headerIndex;
    private int crcFrom;
    private int length;
    private long word;
    private int missing;

    /** Of an empty journal; with lazy flushes there are two buffers and a thread. */
    RecordWriter(final Disk disk, final int bufferBytes, final boolean lazyFlushes, final Preallocator preallocator) {
        this.preallocator = preallocator;
        this.bufferBytes = bufferBytes;
        buffer = newBuffer(disk);
        lazy = lazyFlushes ? Optional.of(new LazyFlush(() -> newBuffer(disk))) : Optional.empty();
        lateHeader = disk.newBuffer(RecordFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private WriteBuffer newBuffer(final Disk disk) {
        return WriteBuffer.of(disk, bufferBytes + BLOCK_BYTES);
    }

    /** Turns to a segment; the buffer must be empty. */
    void start(final DiskFile segment, final long segmentBase, final long end, final long records, final int crcs) {
        file = segment;
        base = segmentBase;
        tail = end;
        count = records;
        chain = crcs;
        empty();
    }

    /** Everything is in the file. */
    private void empty() {
        synchronized (lock) {
            lazy.ifPresent(LazyFlush::release);
            beginBuffer(tail);
            bufferedFrom = base + tail;
            flushedTo = bufferedFrom;
        }
    }

    /** What is put into the buffer next lies at this offset of the file. */
    private void beginBuffer(final long offset) {
        bufferOffset = offset;
        start = (int) (offset & BLOCK_BYTES - 1);
        filled = start;
    }

    void begin(final int type, final int payloadLength, final long floor) {
        if (inRecord) {
            throw new IllegalStateException("a record is open, missing=" + missing);
        }
        final long size = RecordFormat.sizeOf(payloadLength);
        if (size > start + bufferBytes - filled) {
            flushSoon();
        }
        streaming = size > bufferBytes;
        if (streaming) {
            flush();
        }
        inRecord = true;
        length = payloadLength;
        missing = payloadLength;
        word = RecordFormat.word(type, floor);
        headerIndex = filled;
        if (streaming) {
            beginBuffer(tail + RecordFormat.HEADER_BYTES);
        } else {
            filled += RecordFormat.HEADER_BYTES;
        }
        crcFrom = filled;
        format.begin(base + tail, length, word);
    }

    void add(final DirectBuffer source, final int offset, final int bytes) {
        if (!inRecord || bytes > missing) {
            throw new IllegalStateException("part of a record: expected<=" + missing + " actual=" + bytes);
        }
        int done = 0;
        while (done < bytes) {
            if (filled == start + bufferBytes) {
                flushStream();
            }
            final int piece = Math.min(bytes - done, start + bufferBytes - filled);
            buffer.view().putBytes(filled, source, offset + done, piece);
            filled += piece;
            done += piece;
        }
        missing -= bytes;
    }

    /** Finishes the record; returns its position. */
    long end() {
        if (!inRecord || missing != 0) {
            throw new IllegalStateException("end of a record: missing=" + missing);
        }
        final long size = RecordFormat.sizeOf(length);
        final int padding = (int) (size - RecordFormat.HEADER_BYTES - length);
        if (filled + padding > start + bufferBytes) {
            flushStream();
        }
        buffer.view().setMemory(filled, padding, (byte) 0);
        filled += padding;
        updateCrc();
        final int crc = format.end();
        if (streaming) {
            writeStream();
            putHeader(lateHeader.clear(), 0, crc);
            write(lateHeader, tail);
        } else {
            putHeader(buffer.bytes(), headerIndex, crc);
        }
        final long position = base + tail;
        tail += size;
        count++;
        chain = RecordFormat.chain(chain, crc);
        inRecord = false;
        if (streaming) {
            empty();
        }
        return position;
    }

    private void putHeader(final ByteBuffer target, final int index, final int crc) {
        target.putInt(index + RecordFormat.LENGTH_OFFSET, length);
        target.putInt(index + RecordFormat.CRC_OFFSET, crc);
        target.putLong(index + RecordFormat.WORD_OFFSET, word);
    }

    private void updateCrc() {
        format.update(buffer.crcBytes().limit(filled).position(crcFrom));
        crcFrom = filled;
    }

    private void flushStream() {
        updateCrc();
        writeStream();
        beginBuffer(bufferOffset + filled - start);
        crcFrom = filled;
    }

    private void writeStream() {
        write(buffer.bytes().limit(filled).position(start), bufferOffset);
        buffer.bytes().clear();
    }

    private void write(final ByteBuffer bytes, final long offset) {
        preallocator.reserve(offset + bytes.remaining(), bytes.remaining());
        file.write(bytes, offset);
    }

    /** Hands all whole records to the kernel. */
    void flush() {
        lazy.ifPresent(LazyFlush::await);
        if (filled > start) {
            writeStream();
        }
        empty();
    }

    /**
     * Begins to hand all whole records to the kernel, by the thread of lazy flushes.
     *
     * @param force     whether to force the file then
     * @param whenEnded run by that thread in the end
     * @return done once they are with the kernel; empty if there is no such thread, or too little to write for it
     */
    Optional<FutureTask<Void>> beginFlush(final boolean force, final Runnable whenEnded) {
        if (lazy.isEmpty() || lazy.get().isIdle() && filled - start < bufferBytes / LAZY_PART) {
            return Optional.empty();
        }
        flushSoon();
        final DiskFile segment = file;
        return Optional.of(lazy.get().then(force ? segment::force : () -> { }, whenEnded));
    }

    /** Takes back buffers that are in the file by now. */
    void release() {
        synchronized (lock) {
            lazy.ifPresent(LazyFlush::release);
            flushedTo = lazy.map(one -> one.heldFrom(bufferedFrom)).orElse(flushedTo);
        }
    }

    /** Empties the buffer; with lazy flushes its bytes are in the file later. */
    private void flushSoon() {
        if (lazy.isEmpty()) {
            flush();
        } else if (filled > start) {
            lazy.get().awaitFree();
            preallocator.reserve(bufferOffset + filled - start, filled - start);
            synchronized (lock) {
                buffer = lazy.get().flush(file, buffer, start, filled, bufferOffset, bufferedFrom);
                flushedTo = lazy.get().heldFrom(bufferedFrom);
                beginBuffer(tail);
                bufferedFrom = base + tail;
            }
        }
    }

    /** Writes the seal and hands everything to the kernel; the segment takes no more records. */
    void seal(final long floor) {
        final UnsafeBuffer seal = new UnsafeBuffer(new byte[RecordFormat.SEAL_LENGTH]);
        seal.putLong(0, count, ByteOrder.LITTLE_ENDIAN);
        seal.putInt(Long.BYTES, chain, ByteOrder.LITTLE_ENDIAN);
        begin(RecordFormat.SEAL_TYPE, RecordFormat.SEAL_LENGTH, floor);
        add(seal, 0, RecordFormat.SEAL_LENGTH);
        end();
        flush();
    }

    /**
     * A copy of a record that is still in the buffer; for any thread.
     *
     * @param position of a committed record
     * @return its bytes, or none when they are in the file
     */
    byte[] buffered(final long position) {
        if (position < flushedTo) {
            return new byte[0];
        }
        synchronized (lock) {
            if (position < flushedTo) {
                return new byte[0];
            }
            if (position >= bufferedFrom) {
                return copy(buffer.view(), (int) (start + position - bufferedFrom));
            }
            final LazyFlush.Held held = lazy.orElseThrow().heldAt(position);
            return copy(held.buffer().view(), (int) (held.start() + position - held.position()));
        }
    }

    private static byte[] copy(final UnsafeBuffer view, final int index) {
        final long size = RecordFormat.sizeOf(view.getInt(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL);
        final byte[] copy = new byte[(int) Math.min(size, view.capacity() - index)];
        view.getBytes(index, copy);
        return copy;
    }

    /** Lets the thread go, if there is one, whatever it has written. */
    void close() {
        lazy.ifPresent(LazyFlush::close);
    }

    boolean isInRecord() {
        return inRecord;
    }

    /** Whether another record of this size, and the seal, would make the segment longer than it should be. */
    boolean isFull(final long size, final long segmentBytes) {
        return count > 0 && tail + size + RecordFormat.SEAL_BYTES > segmentBytes;
    }

    /** End of the last whole record in the file. */
    long tail() {
        return tail;
    }

    /** Position before which everything was handed to the kernel. */
    long flushedTo() {
        return flushedTo;
    }
}
