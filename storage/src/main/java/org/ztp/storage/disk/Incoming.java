package org.ztp.storage.disk;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Files that are being written, in a directory of their own and under their writer's name, until they are whole and
 * get the name under which others see them. Thread-safe; several processes may use one directory.
 */
public final class Incoming {
    /** The directory's name. */
    public static final String DIRECTORY = "incoming";

    private final Disk disk;
    private final String writer;
    private final AtomicLong number = new AtomicLong();

    /**
     * Uses a disk.
     *
     * @param disk   where the files get their last names too
     * @param writer 1 .. 64 letters, digits, dots and hyphens that name this user of the directory
     */
    public Incoming(final Disk disk, final String writer) {
        if (!writer.matches("[A-Za-z0-9.-]{1,64}")) {
            throw new IllegalArgumentException("writer: expected letters, digits, dots, hyphens actual=" + writer);
        }
        this.disk = disk;
        this.writer = writer;
    }

    /**
     * Begins a file.
     *
     * @return the file, to be placed and closed
     */
    public IncomingFile begin() {
        disk.createDirectory(DIRECTORY);
        String name = next();
        while (disk.exists(name)) {
            name = next();
        }
        return new IncomingFile(disk, name);
    }

    private String next() {
        return DIRECTORY + '/' + writer + '-' + number.incrementAndGet();
    }

    /**
     * Deletes the files of this writer's name; for the start of a process that is the only one of that name.
     *
     * @return how many there were
     */
    public int deleteLeftovers() {
        int count = 0;
        for (final Disk.Entry entry : disk.list(DIRECTORY)) {
            if (!entry.directory() && entry.name().startsWith(writer + '-')
                && entry.name().substring(writer.length() + 1).matches("[0-9]+")) {
                disk.delete(DIRECTORY + '/' + entry.name());
                count++;
            }
        }
        return count;
    }
}
