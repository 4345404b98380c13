package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads single committed records, from the write buffer or from the segments. For any thread. */
final class RecordReader {
    private static final int FIRST_READ_BYTES = 4096;

    private final RecordWriter writer;
    private final SegmentFiles files;

    RecordReader(final RecordWriter writer, final SegmentFiles files) {
        this.writer = writer;
        this.files = files;
    }

    /**
     * Reads a record or a seal.
     *
     * @param position any number
     * @param end      of what is committed
     * @param guess    how long the payload probably is, in bytes; one that is not much longer is read at once
     * @return the record, or the verdict that there is none
     */
    JournalRecord read(final long position, final long end, final int guess) {
        if (position < SegmentFormat.HEADER_BYTES || position >= end || position % RecordFormat.ALIGNMENT != 0) {
            return JournalRecord.without(JournalRecord.Verdict.ABSENT, position);
        }
        final byte[] buffered = writer.buffered(position);
        return buffered.length > 0
            ? parse(position, ByteBuffer.wrap(buffered).order(ByteOrder.LITTLE_ENDIAN)) : readFile(position, end, guess);
    }

    private JournalRecord readFile(final long position, final long end, final int guess) {
        final long base = files.baseOf(position);
        final long likely = Math.max(FIRST_READ_BYTES, RecordFormat.sizeOf(guess));
        final int first = (int) Math.min(likely, end - position);
        ByteBuffer bytes = ByteBuffer.allocate(first).order(ByteOrder.LITTLE_ENDIAN);
        files.read(base, bytes, position - base);
        final long size = RecordFormat.sizeOf(Integer.toUnsignedLong(bytes.getInt(RecordFormat.LENGTH_OFFSET)));
        if (size > first && size <= end - position && size <= RecordFormat.sizeOf(RecordFormat.LENGTH_MAX)) {
            bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
            files.read(base, bytes, position - base + bytes.position());
        }
        return parse(position, bytes.flip());
    }

    private static JournalRecord parse(final long position, final ByteBuffer bytes) {
        if (bytes.limit() < RecordFormat.HEADER_BYTES) {
            return JournalRecord.without(JournalRecord.Verdict.CORRUPT, position);
        }
        final int length = bytes.getInt(RecordFormat.LENGTH_OFFSET);
        final long word = bytes.getLong(RecordFormat.WORD_OFFSET);
        final long size = RecordFormat.sizeOf(length);
        if (length < 0 || size > bytes.limit() || word == 0) {
            return JournalRecord.without(JournalRecord.Verdict.CORRUPT, position);
        }
        final ByteBuffer body = bytes.limit((int) size).position(RecordFormat.HEADER_BYTES);
        if (new RecordFormat().crc(position, length, word, body) != bytes.getInt(RecordFormat.CRC_OFFSET)) {
            return JournalRecord.without(JournalRecord.Verdict.CORRUPT, position);
        }
        return new JournalRecord(JournalRecord.Verdict.VALID, position, RecordFormat.type(word),
            new UnsafeBuffer(bytes.array(), RecordFormat.HEADER_BYTES, length));
    }
}
