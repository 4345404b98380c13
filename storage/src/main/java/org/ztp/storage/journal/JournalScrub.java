package org.ztp.storage.journal;

import java.util.OptionalLong;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Reads the sealed segments of a journal that is open, a piece at a time, again and again: headers, records, and seals,
 * which vouch for all records before them. What is being written is not read. Used by one thread.
 */
public final class JournalScrub {
    private final Disk disk;
    private final SegmentFiles files;
    private final SegmentScanner scanner;
    /** The segment that is read, or after which the next one is to be. */
    private long base = Journal.START;
    private boolean begun;
    private long suspected = -1;

    JournalScrub(final Disk disk, final SegmentFiles files) {
        this.disk = disk;
        this.files = files;
        scanner = new SegmentScanner(disk);
    }

    /**
     * Reads on.
     *
     * @param bytes how much; a little more, to the end of a record
     * @return position of damage, which was read twice; then the next segment is gone on with
     * @throws StorageException if the disk fails; then, too
     */
    public OptionalLong step(final long bytes) {
        if (!begun) {
            final OptionalLong next = files.sealed(base);
            if (next.isEmpty()) {
                return next;
            }
            base = next.getAsLong();
        }
        try (DiskFile file = disk.open(SegmentFormat.name(base), Disk.Mode.READ)) {
            return read(file, bytes);
        } catch (final StorageException failure) {
            goOnAfter(base);
            throw failure;
        }
    }

    private OptionalLong read(final DiskFile file, final long bytes) {
        if (begun) {
            scanner.resume(file, base);
        } else {
            scanner.start(file, base);
        }
        final boolean sound = begun || SegmentFormat.fault(scanner.header(), base).isEmpty();
        final long until = scanner.nextOffset() + bytes;
        SegmentScanner.Step step = sound ? SegmentScanner.Step.RECORD : SegmentScanner.Step.BAD;
        while (step == SegmentScanner.Step.RECORD && scanner.nextOffset() < until) {
            step = scanner.next();
        }
        begun = step == SegmentScanner.Step.RECORD;
        if (begun) {
            return OptionalLong.empty();
        }
        final long position = base + scanner.offset();
        if (step == SegmentScanner.Step.SEAL && scanner.nextOffset() == scanner.fileSize()) {
            goOnAfter(base);
        } else if (suspected == position) {
            goOnAfter(base);
            return OptionalLong.of(position);
        } else {
            suspected = position;
        }
        return OptionalLong.empty();
    }

    private void goOnAfter(final long segment) {
        base = segment + 1;
        begun = false;
        suspected = -1;
    }
}
