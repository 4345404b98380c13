package org.ztp.audit;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/** Where the records of one journal stand, and one of them read again. {@code storage/docs/FORMAT.md} has the bytes. */
final class JournalPlaces {
    private static final String SEGMENT = "[0-7][0-9a-f]{15}\\.seg";
    private static final int HEX_DIGITS = 16;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int ALIGNMENT = 8;

    /** Bytes of a segment before its first record. */
    static final int SEGMENT_HEADER_BYTES = 64;

    private final Disk disk;
    private final String prefix;
    private final TreeMap<Long, String> segments = new TreeMap<>();

    /**
     * The segments that are there now.
     *
     * @param disk the journal's directory
     * @param prefix of its files' names in findings
     */
    JournalPlaces(final Disk disk, final String prefix) {
        this.disk = disk;
        this.prefix = prefix;
        for (final Disk.Entry entry : disk.list("")) {
            if (!entry.directory() && entry.name().matches(SEGMENT)) {
                segments.put(Long.parseLong(entry.name().substring(0, HEX_DIGITS), HEX_DIGITS), entry.name());
            }
        }
    }

    /** Bytes of a whole record with a payload of this length. */
    static long recordBytes(final int length) {
        return (long) RECORD_HEADER_BYTES + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The last segment and its base; empty if there is none. */
    Optional<Map.Entry<Long, String>> last() {
        return Optional.ofNullable(segments.lastEntry());
    }

    /** The file of a position, as findings name it. */
    String file(final long position) {
        final Map.Entry<Long, String> segment = segments.floorEntry(position);
        return segment == null ? prefix : prefix + segment.getValue();
    }

    /** The offset of a position in its file. */
    long offset(final long position) {
        final Map.Entry<Long, String> segment = segments.floorEntry(position);
        return segment == null ? position : position - segment.getKey();
    }

    /** The payload of the record at a position, which was whole when it was first read; empty if it is not any more. */
    Optional<byte[]> payload(final long position, final int length) {
        try (DiskFile file = disk.open(segments.floorEntry(position).getValue(), Disk.Mode.READ)) {
            final ByteBuffer bytes = ByteBuffer.allocate(length);
            return file.read(bytes, offset(position) + RECORD_HEADER_BYTES) == length
                ? Optional.of(bytes.array()) : Optional.empty();
        }
    }
}
