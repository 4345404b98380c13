package org.ztp.audit;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Where the records of one journal or archive stand, and one of them read again. {@code storage/docs/FORMAT.md} has the
 * bytes: the header of a record is as long in both. A position of a journal is its own; in an archive, whose files have
 * no positions among each other, they are counted in the order in which they are read.
 */
final class RecordPlaces {
    private static final String SEGMENT = "[0-7][0-9a-f]{15}\\.seg";
    private static final int HEX_DIGITS = 16;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int ALIGNMENT = 8;

    /** Bytes of a segment before its first record. */
    static final int SEGMENT_HEADER_BYTES = 64;

    private final Disk disk;
    private final String prefix;
    private final TreeMap<Long, String> files = new TreeMap<>();
    private long highest;

    private RecordPlaces(final Disk disk, final String prefix) {
        this.disk = disk;
        this.prefix = prefix;
    }

    /**
     * Those of an archive, to be told one after another.
     *
     * @param disk the archive's directory
     * @param prefix of its files' names in findings
     */
    static RecordPlaces ofArchive(final Disk disk, final String prefix) {
        return new RecordPlaces(disk, prefix);
    }

    /**
     * Those of a journal, in the segments that are there now.
     *
     * @param disk the journal's directory
     * @param prefix of its files' names in findings
     */
    static RecordPlaces ofJournal(final Disk disk, final String prefix) {
        final RecordPlaces places = new RecordPlaces(disk, prefix);
        for (final Disk.Entry entry : disk.list("")) {
            if (!entry.directory() && entry.name().matches(SEGMENT)) {
                places.files.put(Long.parseLong(entry.name().substring(0, HEX_DIGITS), HEX_DIGITS), entry.name());
            }
        }
        return places;
    }

    /**
     * The next record of an archive.
     *
     * @param file in which it stands; the same as the last one's, or one not named before
     * @param offset of the record in it, higher than the last one's in the same file
     * @return its position
     */
    long next(final String file, final long offset) {
        if (files.isEmpty() || !files.lastEntry().getValue().equals(file)) {
            files.put(highest, file);
        }
        final long position = files.lastKey() + offset;
        highest = position + 1;
        return position;
    }

    /** Bytes of a whole record with a payload of this length. */
    static long recordBytes(final int length) {
        return (long) RECORD_HEADER_BYTES + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The last segment and its base; empty if there is none. */
    Optional<Map.Entry<Long, String>> last() {
        return Optional.ofNullable(files.lastEntry());
    }

    /** The file of a position, as findings name it. */
    String file(final long position) {
        final Map.Entry<Long, String> segment = files.floorEntry(position);
        return segment == null ? prefix : prefix + segment.getValue();
    }

    /** The offset of a position in its file. */
    long offset(final long position) {
        final Map.Entry<Long, String> segment = files.floorEntry(position);
        return segment == null ? position : position - segment.getKey();
    }

    /** The payload of the record at a position, which was whole when it was first read; empty if it is not any more. */
    Optional<byte[]> payload(final long position, final int length) {
        try (DiskFile file = disk.open(files.floorEntry(position).getValue(), Disk.Mode.READ)) {
            final ByteBuffer bytes = ByteBuffer.allocate(length);
            return file.read(bytes, offset(position) + RECORD_HEADER_BYTES) == length
                ? Optional.of(bytes.array()) : Optional.empty();
        }
    }
}
