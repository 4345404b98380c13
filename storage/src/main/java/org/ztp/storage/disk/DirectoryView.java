package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import java.util.List;

/** A directory of a disk as a disk. */
final class DirectoryView implements Disk {
    private final Disk disk;
    private final String directory;

    DirectoryView(final Disk disk, final String directory) {
        this.disk = disk;
        this.directory = directory;
    }

    private String inside(final String name) {
        return name.isEmpty() ? directory : directory + '/' + name;
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        return disk.open(inside(name), mode);
    }

    @Override
    public boolean exists(final String name) {
        return disk.exists(inside(name));
    }

    @Override
    public List<Entry> list(final String name) {
        return disk.list(inside(name));
    }

    @Override
    public void createDirectory(final String name) {
        disk.createDirectory(inside(name));
    }

    @Override
    public void rename(final String from, final String to) {
        disk.rename(inside(from), inside(to));
    }

    @Override
    public void delete(final String name) {
        disk.delete(inside(name));
    }

    @Override
    public void forceDirectory(final String name) {
        disk.forceDirectory(inside(name));
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
    public String toString() {
        return inside("") + " of " + disk;
    }
}
