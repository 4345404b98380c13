package org.ztp.storage.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/** Reads chunks, one at a time, and trusts none of their bytes. Used by one thread. */
final class ChunkReader {
    private static final int WINDOW_BYTES = 256 << 10;

    private final Disk disk;
    private final byte[] tag;
    private final ChunkFormat format = new ChunkFormat();
    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
    private ByteBuffer window;
    private long windowAt;
    private DiskFile file;

    private long offset;
    private int length;
    private int crc;
    private long word;

    ChunkReader(final Disk disk, final byte[] tag) {
        this.disk = disk;
        this.tag = tag;
        window = disk.newBuffer(WINDOW_BYTES);
    }

    /** Looks at the header and the length; none of the heights counts as whole. */
    ChunkScan scanHeader(final Chunk chunk) {
        try (DiskFile opened = disk.open(chunk.fileName(), Disk.Mode.READ)) {
            return scanHeader(opened, chunk);
        }
    }

    private ChunkScan scanHeader(final DiskFile opened, final Chunk chunk) {
        final ByteBuffer header = ByteBuffer.allocate(ChunkFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        opened.read(header, 0);
        final ChunkFormat.Header decoded = ChunkFormat.decode(header, chunk);
        final long expected = ChunkFormat.HEADER_BYTES + decoded.bytes();
        String fault = ChunkFormat.fault(header, chunk, tag);
        if (fault.isEmpty() && opened.size() != expected) {
            fault = "file bytes: expected=" + expected + " actual=" + opened.size();
        }
        return new ChunkScan(fault, 0, decoded, chunk.first() - 1);
    }

    /** Looks at every byte. */
    ChunkScan scan(final Chunk chunk) {
        return walk(chunk, (height, kind, buffer, at, bytes) -> { });
    }

    /**
     * Gives the records of some heights of a chunk that a scan has found whole.
     *
     * @throws StorageException when they are not any more
     */
    void deliver(final Chunk chunk, final long from, final long through, final PlacedVisitor visitor) {
        final ChunkScan scan = walk(chunk, (height, kind, buffer, at, bytes) -> {
            if (height >= from && height <= through) {
                visitor.onRecord(chunk, offset, height, kind, buffer, at, bytes);
            }
        });
        if (scan.wholeThrough() < through) {
            throw new StorageException(StorageException.Kind.CORRUPT, chunk.fileName() + " changed while it was read: "
                + scan.fault());
        }
    }

    private ChunkScan walk(final Chunk chunk, final ArchiveVisitor visitor) {
        try (DiskFile opened = disk.open(chunk.fileName(), Disk.Mode.READ)) {
            file = opened;
            window.limit(0);
            final ChunkScan header = scanHeader(opened, chunk);
            return header.isValid() ? walkRecords(header.header(), visitor) : header;
        }
    }

    private ChunkScan walkRecords(final ChunkFormat.Header header, final ArchiveVisitor visitor) {
        final Chunk chunk = header.chunk();
        final long end = ChunkFormat.HEADER_BYTES + header.bytes();
        long height = chunk.first() - 1;
        long whole = height;
        long records = 0;
        int chain = 0;
        for (offset = ChunkFormat.HEADER_BYTES; offset < end; offset += ChunkFormat.sizeOf(length)) {
            final String fault = read(end, records == 0 ? height + 1 : height, Math.min(height + 1, chunk.last()));
            if (!fault.isEmpty()) {
                return new ChunkScan(fault, offset, header, whole);
            }
            whole = ChunkFormat.height(word) > height ? height : whole;
            height = ChunkFormat.height(word);
            records++;
            chain = ChunkFormat.chain(chain, crc);
            visitor.onRecord(height, ChunkFormat.kind(word), payload, 0, length);
        }
        if (records != header.records() || chain != header.chain()) {
            return new ChunkScan("not the records that the header counts: expected=" + header.records() + " actual="
                + records, 0, header, chunk.first() - 1);
        }
        return height == chunk.last() ? new ChunkScan("", 0, header, height)
            : new ChunkScan("last height: expected=" + chunk.last() + " actual=" + height, offset, header, whole);
    }

    /** Reads the record at the offset; returns what is wrong with it. */
    private String read(final long end, final long lowest, final long highest) {
        if (end - offset < ChunkFormat.RECORD_HEADER_BYTES) {
            return "record is cut short";
        }
        final int at = load(ChunkFormat.RECORD_HEADER_BYTES);
        length = window.getInt(at);
        crc = window.getInt(at + Integer.BYTES);
        word = window.getLong(at + Long.BYTES);
        final long size = ChunkFormat.sizeOf(Integer.toUnsignedLong(length));
        final long height = ChunkFormat.height(word);
        if (length < 0 || length > ChunkFormat.LENGTH_MAX || size > end - offset) {
            return "record length: " + Integer.toUnsignedString(length);
        }
        if (ChunkFormat.kind(word) == 0 || height < lowest || height > highest) {
            return "record height: expected=" + lowest + ".." + highest + " actual=" + height;
        }
        final int start = load((int) size) + ChunkFormat.RECORD_HEADER_BYTES;
        final int padding = ChunkFormat.paddingOf(length);
        format.begin(offset, length, word);
        format.update(window.duplicate().limit(start + length + padding).position(start));
        payload.wrap(window, start, length);
        for (int i = 0; i < padding; i++) {
            if (window.get(start + length + i) != 0) {
                return "padding is not zero";
            }
        }
        return format.end() == crc ? "" : "wrong checksum of a record";
    }

    /** Brings so many bytes from the offset on into the window; returns where they are there. */
    private int load(final int bytes) {
        if (offset < windowAt || offset + bytes > windowAt + window.limit()) {
            if (bytes > window.capacity()) {
                window = disk.newBuffer(Math.max(bytes, (int) Math.min(2L * window.capacity(), 1 << 30)));
            }
            windowAt = offset;
            window.clear();
            file.read(window, offset);
            window.flip();
            if (window.limit() < bytes) {
                throw new StorageException(StorageException.Kind.CORRUPT, "a chunk became shorter while it was read");
            }
        }
        return (int) (offset - windowAt);
    }
}
