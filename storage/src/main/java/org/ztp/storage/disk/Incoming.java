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
    private final String begun;
    private final AtomicLong number = new AtomicLong();

    /**
     * Uses a disk.
     *
     * @param disk   where the files get their last names too
     * @param writer 1 .. 64 letters, digits, dots and hyphens that name this user of the directory
     */
    public Incoming(final Disk disk, final String writer) {
        this(disk, writer, "");
    }

    /**
     * As {@link #Incoming(Disk, String)}, for one of several processes that have one name after another: the one before may
     * still be there, and write.
     *
     * @param life 16 hexadecimal digits that no other process of that name has; or nothing
     */
    public Incoming(final Disk disk, final String writer, final String life) {
        if (!writer.matches("[A-Za-z0-9.-]{1,64}") || !life.matches("([0-9a-f]{16})?")) {
            throw new IllegalArgumentException("writer: expected letters, digits, dots, hyphens actual=" + writer + ' ' + life);
        }
        this.disk = disk;
        this.writer = writer;
        begun = DIRECTORY + '/' + writer + (life.isEmpty() ? "" : '-' + life);
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
        return begun + '-' + number.incrementAndGet();
    }

    /**
     * Deletes the files of this writer's name, whatever the life; for the start of the process that has that name now.
     *
     * @return how many there were
     */
    public int deleteLeftovers() {
        int count = 0;
        for (final Disk.Entry entry : disk.list(DIRECTORY)) {
            if (!entry.directory() && entry.name().startsWith(writer + '-')
                && entry.name().substring(writer.length() + 1).matches("([0-9a-f]{16}-)?[0-9]+")) {
                disk.delete(DIRECTORY + '/' + entry.name());
                count++;
            }
        }
        return count;
    }
}
