package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import java.util.List;
import org.ztp.storage.StorageException;

/**
 * A directory tree, as the stores see it. Names are relative, with {@code /} between their parts; {@code ""} is the
 * root. Every method throws {@link StorageException} when the file system fails; all are thread-safe.
 */
public interface Disk {
    /** How to open a file. */
    enum Mode {
        /** For reading; it must exist. */
        READ,
        /** For reading and writing; it must exist. */
        WRITE,
        /** For reading and writing; it must not exist. */
        CREATE
    }

    /**
     * One name in a directory.
     *
     * @param name      the last part of the name
     * @param directory whether it is a directory
     */
    record Entry(String name, boolean directory) {
    }

    /**
     * Opens a file.
     *
     * @param name relative name
     * @param mode how
     * @return the open file, to be closed by the caller
     */
    DiskFile open(String name, Mode mode);

    /**
     * Whether a file or directory has this name.
     *
     * @param name relative name
     * @return true when it is there
     * @throws org.ztp.storage.StorageException if the storage below does not tell
     */
    boolean exists(String name);

    /**
     * What a directory holds, sorted by name.
     *
     * @param directory relative name
     * @return its entries, without those of its subdirectories; empty when there is no such directory
     */
    List<Entry> list(String directory);

    /**
     * Creates a directory and those above it; nothing happens when it exists.
     *
     * @param name relative name
     */
    void createDirectory(String name);

    /**
     * Renames a file atomically, in the place of one that already has the new name.
     *
     * @param from its name
     * @param to   its new name
     */
    void rename(String from, String to);

    /**
     * Deletes a file or an empty directory.
     *
     * @param name relative name; it must exist
     */
    void delete(String name);

    /**
     * Makes the names in a directory survive the loss of power.
     *
     * @param directory relative name
     */
    void forceDirectory(String directory);

    /**
     * A buffer of the kind that this disk reads and writes without a further copy.
     *
     * @param bytes its capacity
     * @return a zeroed little-endian buffer
     */
    ByteBuffer newBuffer(int bytes);

    /**
     * Names the span of time in which unforced writes are safe: it differs before and after a reboot of the machine.
     *
     * @return any number but 0
     */
    long incarnation();

    /**
     * A directory of this disk as a disk of its own; it is created when it does not exist, and its name is forced.
     *
     * @param name relative name
     * @return a view of this disk
     */
    default Disk directory(final String name) {
        if (!exists(name)) {
            createDirectory(name);
            forceDirectory(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
        }
        return view(name);
    }

    /**
     * A directory of this disk as a disk of its own, whether it exists or not; nothing is created.
     *
     * @param name relative name
     * @return a view of this disk
     */
    default Disk view(final String name) {
        return new DirectoryView(this, name);
    }
}
