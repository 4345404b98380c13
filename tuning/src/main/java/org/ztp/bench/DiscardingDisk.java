package org.ztp.bench;

import java.nio.ByteBuffer;
import java.util.List;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/** A disk that takes everything and keeps nothing: for blobs that nobody will read. Any thread. */
final class DiscardingDisk implements Disk {
    @Override
    public DiskFile open(final String name, final Mode mode) {
        return new DiscardedFile();
    }

    @Override
    public boolean exists(final String name) {
        return false;
    }

    @Override
    public List<Entry> list(final String directory) {
        return List.of();
    }

    @Override
    public void createDirectory(final String name) {
        // There are no directories.
    }

    @Override
    public void rename(final String from, final String to) {
        // There are no names.
    }

    @Override
    public void delete(final String name) {
        // There is nothing.
    }

    @Override
    public void forceDirectory(final String directory) {
        // There is nothing.
    }

    @Override
    public ByteBuffer newBuffer(final int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    @Override
    public long incarnation() {
        return 0;
    }

    /** Knows its size and nothing else. Owned by one thread. */
    private static final class DiscardedFile implements DiskFile {
        private long size;

        @Override
        public int read(final ByteBuffer destination, final long offset) {
            return 0;
        }

        @Override
        public void write(final ByteBuffer source, final long offset) {
            size = Math.max(size, offset + source.remaining());
            source.position(source.limit());
        }

        @Override
        public void force() {
            // There is nothing.
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void truncate(final long newSize) {
            size = newSize;
        }

        @Override
        public void close() {
            // There is nothing.
        }
    }
}
