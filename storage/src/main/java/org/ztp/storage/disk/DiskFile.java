package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import org.ztp.storage.StorageException;

/**
 * An open file. Every method throws {@link StorageException} when the file system fails. Reads and writes at given
 * offsets may come from several threads at once.
 */
public interface DiskFile extends AutoCloseable {
    /**
     * Reads until the buffer is full or the file ends.
     *
     * @param destination filled from its position on, which moves
     * @param offset      byte of the file to start at, 0 or more
     * @return bytes read; 0 at or beyond the end of the file
     */
    int read(ByteBuffer destination, long offset);

    /**
     * Writes all that remains in the buffer; the file grows as needed, a gap is filled with zeros.
     *
     * @param source its position moves to its limit
     * @param offset byte of the file to start at, 0 or more
     */
    void write(ByteBuffer source, long offset);

    /** Makes all writes so far survive the loss of power (fdatasync). */
    void force();

    /**
     * The length of the file.
     *
     * @return bytes
     */
    long size();

    /**
     * Cuts the file.
     *
     * @param size its new length in bytes; nothing happens when it is shorter already
     */
    void truncate(long size);

    @Override
    void close();
}
