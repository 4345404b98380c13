package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Reads one segment forward, and never beyond what it could check. Any bytes are input: the answer is a
 * {@link Step}, not an exception. Used by one thread.
 */
final class SegmentScanner {
    /** What stands at {@link #offset()}. */
    enum Step {
        /** A valid record. */
        RECORD,
        /** A valid seal: the segment ends after it. */
        SEAL,
        /** Nothing: zeros, or the end of the file. */
        END,
        /** Bytes that are neither; {@link #reason()} says why. */
        BAD
    }

    private static final int WINDOW_BYTES = 256 << 10;
    /** What a disk writes whole or not at all. */
    private static final int SECTOR_BYTES = 512;
    /** How many times a file's own length a search may put through checksums, whatever bytes a client sent. */
    private static final int SEARCH_BUDGET = 4;

    private final Disk disk;
    private final RecordFormat format = new RecordFormat();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuffer window;
    private long windowOffset;

    private DiskFile file;
    private long base;
    private long fileSize;

    private long offset;
    private long nextOffset;
    private int type;
    private int length;
    private int crc;
    private long floor;
    private long count;
    private int chain;
    private long searchBudget;
    private String reason = "";

    SegmentScanner(final Disk disk) {
        this.disk = disk;
        window = disk.newBuffer(WINDOW_BYTES);
        window.limit(0);
        view.wrap(window);
    }

    /** Turns to the first record of a segment. */
    void start(final DiskFile segment, final long segmentBase) {
        resume(segment, segmentBase);
        reset();
        offset = SegmentFormat.HEADER_BYTES;
        nextOffset = offset;
    }

    /** Turns to a file again, or to another, without forgetting what was counted. */
    void resume(final DiskFile segment, final long segmentBase) {
        file = segment;
        base = segmentBase;
        fileSize = segment.size();
        window.limit(0);
        searchBudget = SEARCH_BUDGET * fileSize;
    }

    /** Forgets what was counted. */
    void reset() {
        count = 0;
        chain = 0;
    }

    /** Whether a sound seal stands at an offset, whatever it says of the records before it. */
    boolean isSealAt(final long at) {
        offset = at;
        if (at < SegmentFormat.HEADER_BYTES || at % RecordFormat.ALIGNMENT != 0
            || fill(RecordFormat.HEADER_BYTES) < RecordFormat.HEADER_BYTES) {
            return false;
        }
        final int index = (int) (offset - windowOffset);
        final long word = window.getLong(index + RecordFormat.WORD_OFFSET);
        return RecordFormat.type(word) == RecordFormat.SEAL_TYPE && checkHeader(index, word)
            && length == RecordFormat.SEAL_LENGTH && isSound(word);
    }

    /** The segment's header, or what there is of it followed by zeros. */
    ByteBuffer header() {
        final ByteBuffer header = ByteBuffer.allocate(SegmentFormat.HEADER_BYTES).order(window.order());
        file.read(header, 0);
        return header.clear();
    }

    /** Steps to the next thing in the segment; after anything but a record it stays where it is. */
    Step next() {
        offset = nextOffset;
        final Step step = check();
        if (step == Step.RECORD || step == Step.SEAL) {
            nextOffset = offset + RecordFormat.sizeOf(length);
        }
        if (step == Step.RECORD) {
            count++;
            chain = RecordFormat.chain(chain, crc);
        }
        return step;
    }

    private Step check() {
        final int available = fill(RecordFormat.HEADER_BYTES);
        final int at = (int) (offset - windowOffset);
        if (available < RecordFormat.HEADER_BYTES) {
            return firstNonZero(offset) < 0 ? Step.END : bad("incomplete record header");
        }
        final long word = window.getLong(at + RecordFormat.WORD_OFFSET);
        if (window.getLong(at) == 0 && word == 0) {
            return Step.END;
        }
        return checkHeader(at, word) ? checkBody(word) : Step.BAD;
    }

    private boolean checkHeader(final int at, final long word) {
        type = RecordFormat.type(word);
        floor = RecordFormat.floor(word);
        length = window.getInt(at + RecordFormat.LENGTH_OFFSET);
        crc = window.getInt(at + RecordFormat.CRC_OFFSET);
        if (length < 0 || length > RecordFormat.LENGTH_MAX) {
            bad("record length: expected=0.." + RecordFormat.LENGTH_MAX
                + " actual=" + Integer.toUnsignedString(length));
            return false;
        }
        if (offset + RecordFormat.sizeOf(length) > fileSize) {
            bad("record ends after the file: end=" + (offset + RecordFormat.sizeOf(length)) + " file=" + fileSize);
            return false;
        }
        if (floor > base + offset || floor % RecordFormat.ALIGNMENT != 0) {
            bad("record floor: expected<=" + (base + offset) + " actual=" + floor);
            return false;
        }
        return true;
    }

    private Step checkBody(final long word) {
        if (!isSound(word)) {
            return bad(String.format(Locale.ROOT, "record checksum or padding: crc32c=%08x", crc));
        }
        return type == RecordFormat.SEAL_TYPE ? checkSeal() : Step.RECORD;
    }

    /** Whether checksum and padding of the record at the offset are right. */
    private boolean isSound(final long word) {
        final int size = (int) RecordFormat.sizeOf(length);
        if (fill(size) < size) {
            return false;
        }
        final int at = (int) (offset - windowOffset);
        final int limit = window.limit();
        window.limit(at + size).position(at + RecordFormat.HEADER_BYTES);
        final int actual = format.crc(base + offset, length, word, window);
        window.limit(limit).position(0);
        boolean sound = actual == crc;
        for (int i = payloadOffset() + length; i < at + size; i++) {
            sound &= window.get(i) == 0;
        }
        return sound;
    }

    private Step checkSeal() {
        final int at = payloadOffset();
        if (length != RecordFormat.SEAL_LENGTH || window.getInt(at + 12) != 0) {
            return bad("malformed seal");
        }
        if (window.getLong(at) != count || window.getInt(at + Long.BYTES) != chain) {
            return bad("seal of the segment: expected records=" + window.getLong(at) + " actual=" + count
                + " or their checksums differ");
        }
        return Step.SEAL;
    }

    private Step bad(final String why) {
        reason = why;
        return Step.BAD;
    }

    /** Makes the bytes from the offset on contiguous in the window; returns how many of those wanted there are. */
    private int fill(final int wanted) {
        final long have = windowOffset + window.limit() - offset;
        if (offset < windowOffset || have < wanted) {
            if (window.capacity() < wanted) {
                window = disk.newBuffer(wanted);
                view.wrap(window);
            }
            window.clear();
            windowOffset = offset;
            window.limit(file.read(window, offset)).position(0);
        }
        return (int) Math.min(wanted, windowOffset + window.limit() - offset);
    }

    /** The first byte at or after an offset that is not zero, or -1. */
    long firstNonZero(final long from) {
        for (long at = from; at < fileSize; at = windowOffset + window.limit()) {
            load(at);
            for (int i = 0; i < window.limit(); i++) {
                if (i % Long.BYTES == 0 && i + Long.BYTES <= window.limit() && window.getLong(i) == 0) {
                    i += Long.BYTES - 1;
                } else if (window.get(i) != 0) {
                    return at + i;
                }
            }
        }
        return -1;
    }

    /** The end of the last byte at or after an offset that is not zero, or the offset. */
    long endOfNonZero(final long from) {
        long end = from;
        for (long at = from; at < fileSize; at = windowOffset + window.limit()) {
            load(at);
            int last = window.limit() - 1;
            while (last >= 0 && window.get(last) == 0) {
                last--;
            }
            end = last < 0 ? end : at + last + 1;
        }
        return end;
    }

    /**
     * Whether what stands from an offset on can be a write that did not finish: it ends with a sector, or with a file
     * that does, or a sector of it is still as it was before, all zeros; or it is a record without its header, which is
     * written last if the record is long. What was altered later is none of these.
     */
    boolean isUnfinished(final long from) {
        final long end = endOfNonZero(from);
        final boolean endsWithSector = SECTOR_BYTES - 1 - (end - 1) % SECTOR_BYTES < RecordFormat.ALIGNMENT
            || fileSize % SECTOR_BYTES == 0 && end > fileSize - SECTOR_BYTES;
        return end > from && endsWithSector || lacksSector(from, end)
            || end - from > SECTOR_BYTES && firstNonZero(from) - from >= RecordFormat.HEADER_BYTES;
    }

    private boolean lacksSector(final long from, final long end) {
        long at = from / SECTOR_BYTES * SECTOR_BYTES;
        while (at < end) {
            load(at);
            final int whole = window.limit() / SECTOR_BYTES * SECTOR_BYTES;
            final int usable = whole == 0 ? window.limit() : whole;
            for (int i = 0; i < usable && at + i < end; i += SECTOR_BYTES) {
                if (isZero((int) Math.max(i, from - at), Math.min(i + SECTOR_BYTES, usable))) {
                    return true;
                }
            }
            at += Math.max(1, usable);
        }
        return false;
    }

    private boolean isZero(final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (window.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    private void load(final long from) {
        window.clear();
        windowOffset = from;
        window.limit(file.read(window, from)).position(0);
        if (window.limit() == 0) {
            fileSize = from;
        }
    }

    /**
     * Looks for a valid record after damage and turns to it: the next step is that record.
     *
     * @param from     first offset to try
     * @param minFloor the record's floor must be at least this
     * @return whether there is one; see {@link #isSearchExhausted()}
     */
    boolean search(final long from, final long minFloor) {
        offset = from + RecordFormat.ALIGNMENT - 1 & -RecordFormat.ALIGNMENT;
        while (offset + RecordFormat.HEADER_BYTES <= fileSize && searchBudget >= 0) {
            fill(RecordFormat.HEADER_BYTES);
            final int at = (int) (offset - windowOffset);
            final long word = window.getLong(at + RecordFormat.WORD_OFFSET);
            if (word != 0 && RecordFormat.floor(word) >= minFloor && checkHeader(at, word)) {
                searchBudget -= length;
                if (isSound(word)) {
                    nextOffset = offset;
                    return true;
                }
            }
            offset += RecordFormat.ALIGNMENT;
        }
        nextOffset = fileSize;
        return false;
    }

    /** Whether searches of this segment were given up: its bytes look like many long records. */
    boolean isSearchExhausted() {
        return searchBudget < 0;
    }

    /** Byte of the file at which the current step stands. */
    long offset() {
        return offset;
    }

    /** Byte of the file at which the next step stands. */
    long nextOffset() {
        return nextOffset;
    }

    long fileSize() {
        return fileSize;
    }

    int type() {
        return type;
    }

    int length() {
        return length;
    }

    int payloadOffset() {
        return (int) (offset - windowOffset) + RecordFormat.HEADER_BYTES;
    }

    /** Everything before this position was committed when the current record was written. */
    long floor() {
        return floor;
    }

    /** Holds the payload of the current record until the next step. */
    DirectBuffer buffer() {
        return view;
    }

    long count() {
        return count;
    }

    int chain() {
        return chain;
    }

    String reason() {
        return reason;
    }
}
