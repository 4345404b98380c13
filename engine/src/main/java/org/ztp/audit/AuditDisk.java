package org.ztp.audit;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * A directory that is only read, every byte counted. Of a directory that a service writes to it can show what was
 * there at first: the files of that time, and nothing at or after a given byte of one of them.
 */
final class AuditDisk implements Disk {
    private final Disk disk;
    private final String directory;
    private final Tally tally;
    private final Map<String, Long> visibleBytes;

    private AuditDisk(final Disk disk, final String directory, final Tally tally,
                      final Map<String, Long> visibleBytes) {
        this.disk = disk;
        this.directory = directory;
        this.tally = tally;
        this.visibleBytes = visibleBytes;
    }

    /** All of a directory of a disk, as it is when it is looked at. */
    static AuditDisk of(final Disk disk, final String directory, final Tally tally) {
        return new AuditDisk(disk, directory, tally, Map.of());
    }

    /** The same directory with these files alone, each up to a number of bytes: zeros from there on. */
    AuditDisk only(final Map<String, Long> bytesByFile) {
        return new AuditDisk(disk, directory, tally, Map.copyOf(bytesByFile));
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        if (mode != Mode.READ) {
            throw readOnly();
        }
        return new Counted(disk.open(path(name), mode), visibleBytes.getOrDefault(name, Long.MAX_VALUE));
    }

    @Override
    public boolean exists(final String name) {
        return disk.exists(path(name));
    }

    @Override
    public List<Entry> list(final String name) {
        final List<Entry> entries = disk.list(path(name));
        return visibleBytes.isEmpty() ? entries
            : entries.stream().filter(entry -> visibleBytes.containsKey(entry.name())).toList();
    }

    @Override
    public ByteBuffer newBuffer(final int bytes) {
        return disk.newBuffer(bytes);
    }

    @Override
    public long incarnation() {
        return disk.incarnation();
    }

    @Override
    public void createDirectory(final String name) {
        throw readOnly();
    }

    @Override
    public void rename(final String from, final String to) {
        throw readOnly();
    }

    @Override
    public void delete(final String name) {
        throw readOnly();
    }

    @Override
    public void forceDirectory(final String name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a verification writes nothing");
    }

    private String path(final String name) {
        return name.isEmpty() ? directory : directory + '/' + name;
    }

    private final class Counted implements DiskFile {
        private final DiskFile file;
        private final long visible;

        Counted(final DiskFile file, final long visible) {
            this.file = file;
            this.visible = visible;
        }

        @Override
        public int read(final ByteBuffer destination, final long offset) {
            final int start = destination.position();
            final int count = file.read(destination, offset);
            tally.read(count);
            for (long i = Math.max(0, visible - offset); i < count; i++) {
                destination.put(start + (int) i, (byte) 0);
            }
            return count;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(final ByteBuffer source, final long offset) {
            throw readOnly();
        }

        @Override
        public void force() {
            throw readOnly();
        }

        @Override
        public void truncate(final long size) {
            throw readOnly();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
