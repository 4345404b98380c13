package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.List;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/** Puts damaged segments aside in {@code quarantine-<n>/}; nothing of them is ever deleted once it is whole. */
final class Quarantine {
    static final String PREFIX = "quarantine-";

    /** What was put aside: where, and how many bytes up to the last that is not zero. */
    record Moved(String directory, long bytes) {
    }

    private static final int PIECE_BYTES = 256 << 10;

    private final Disk disk;
    private final SegmentScanner scanner;

    Quarantine(final Disk disk, final SegmentScanner scanner) {
        this.disk = disk;
        this.scanner = scanner;
    }

    /** Copies a segment that is to be cut, and moves those that follow it. */
    Moved copyAndMove(final long segment, final List<Long> following) {
        final String directory = create();
        final String name = SegmentFormat.name(segment);
        try (DiskFile source = disk.open(name, Disk.Mode.READ);
             DiskFile copy = disk.open(directory + '/' + name, Disk.Mode.CREATE)) {
            copy(source, copy);
        } catch (final StorageException failure) {
            drop(directory, name, failure);
            throw failure;
        }
        disk.forceDirectory(directory);
        return move(directory, following);
    }

    /** A copy that could not be made, on a full disk perhaps, is not left behind: openings are tried again and again. */
    private void drop(final String directory, final String name, final StorageException failure) {
        try {
            if (disk.exists(directory + '/' + name)) {
                disk.delete(directory + '/' + name);
            }
            disk.delete(directory);
        } catch (final StorageException also) {
            failure.addSuppressed(also);
        }
    }

    /** Moves segments. */
    Moved move(final List<Long> segments) {
        return move(create(), segments);
    }

    private String create() {
        int number = 1;
        while (disk.exists(PREFIX + number)) {
            number++;
        }
        disk.createDirectory(PREFIX + number);
        disk.forceDirectory("");
        return PREFIX + number;
    }

    private void copy(final DiskFile source, final DiskFile copy) {
        final ByteBuffer piece = disk.newBuffer(PIECE_BYTES);
        long offset = 0;
        while (source.read(piece.clear(), offset) > 0) {
            final int length = piece.flip().limit();
            copy.write(piece, offset);
            offset += length;
        }
        copy.force();
    }

    /** The last goes first, so a crash leaves no gap between those that stay. */
    private Moved move(final String directory, final List<Long> segments) {
        long bytes = 0;
        for (int i = segments.size() - 1; i >= 0; i--) {
            final String name = SegmentFormat.name(segments.get(i));
            bytes += bytesAfter(name, 0);
            disk.rename(name, directory + '/' + name);
        }
        disk.forceDirectory(directory);
        disk.forceDirectory("");
        return new Moved(directory, bytes);
    }

    /** Bytes of a file from an offset to the last that is not zero. */
    long bytesAfter(final String name, final long offset) {
        try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
            scanner.resume(file, 0);
            return scanner.endOfNonZero(offset) - offset;
        }
    }
}
