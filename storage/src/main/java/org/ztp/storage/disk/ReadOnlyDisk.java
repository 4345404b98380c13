package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import java.util.List;

/** A disk that is only read: what would change it fails with an {@link UnsupportedOperationException}. */
public abstract class ReadOnlyDisk implements Disk {
    private final Disk disk;

    /**
     * A view of a disk.
     *
     * @param disk what is read
     */
    protected ReadOnlyDisk(final Disk disk) {
        this.disk = disk;
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        if (mode != Mode.READ) {
            throw readOnly();
        }
        return new ReadOnlyFile(disk.open(name, mode));
    }

    @Override
    public boolean exists(final String name) {
        return disk.exists(name);
    }

    @Override
    public List<Entry> list(final String name) {
        return disk.list(name);
    }

    @Override
    public final ByteBuffer newBuffer(final int bytes) {
        return disk.newBuffer(bytes);
    }

    @Override
    public final long incarnation() {
        return disk.incarnation();
    }

    @Override
    public final void createDirectory(final String name) {
        throw readOnly();
    }

    @Override
    public final void rename(final String from, final String to) {
        throw readOnly();
    }

    @Override
    public final void delete(final String name) {
        throw readOnly();
    }

    @Override
    public final void forceDirectory(final String name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("this disk is only read");
    }

    /** An open file that is only read. */
    protected static class ReadOnlyFile implements DiskFile {
        private final DiskFile file;

        /**
         * A view of an open file.
         *
         * @param file what is read; closed with the view
         */
        protected ReadOnlyFile(final DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(final ByteBuffer destination, final long offset) {
            return file.read(destination, offset);
        }

        @Override
        public final long size() {
            return file.size();
        }

        @Override
        public final void write(final ByteBuffer source, final long offset) {
            throw readOnly();
        }

        @Override
        public final void force() {
            throw readOnly();
        }

        @Override
        public final void truncate(final long size) {
            throw readOnly();
        }

        @Override
        public final void close() {
            file.close();
        }
    }
}
