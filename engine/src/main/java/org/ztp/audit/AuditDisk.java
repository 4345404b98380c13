package org.ztp.audit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.ReadOnlyDisk;

/**
 * A directory that is only read, every byte counted. Of a directory that a service writes to it can show what was
 * there at first: the files of that time, and nothing at or after a given byte of one of them.
 */
final class AuditDisk extends ReadOnlyDisk {
    private final Disk directory;
    private final Tally tally;
    private final Map<String, Long> visibleBytes;

    private AuditDisk(final Disk directory, final Tally tally, final Map<String, Long> visibleBytes) {
        super(directory);
        this.directory = directory;
        this.tally = tally;
        this.visibleBytes = visibleBytes;
    }

    /** All of a directory of a disk, as it is when it is looked at. */
    static AuditDisk of(final Disk disk, final String directory, final Tally tally) {
        return new AuditDisk(disk.view(directory), tally, Map.of());
    }

    /** The same directory with these files alone, each up to a number of bytes: zeros from there on. */
    AuditDisk only(final Map<String, Long> bytesByFile) {
        return new AuditDisk(directory, tally, Map.copyOf(bytesByFile));
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        return new Counted(super.open(name, mode), visibleBytes.getOrDefault(name, Long.MAX_VALUE));
    }

    @Override
    public List<Entry> list(final String name) {
        final List<Entry> entries = super.list(name);
        return visibleBytes.isEmpty() ? entries
            : entries.stream().filter(entry -> visibleBytes.containsKey(entry.name())).toList();
    }

    private final class Counted extends ReadOnlyFile {
        private final long visible;

        Counted(final DiskFile file, final long visible) {
            super(file);
            this.visible = visible;
        }

        @Override
        public int read(final ByteBuffer destination, final long offset) {
            final int start = destination.position();
            final int count = super.read(destination, offset);
            tally.read(count);
            for (long i = Math.max(0, visible - offset); i < count; i++) {
                destination.put(start + (int) i, (byte) 0);
            }
            return count;
        }
    }
}
