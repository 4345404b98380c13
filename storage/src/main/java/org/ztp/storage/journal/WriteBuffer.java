package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.disk.Disk;

/**
 * Bytes on their way to a segment, seen in three ways.
 *
 * @param bytes    to be written; position and limit are the writer's
 * @param crcBytes the same, with a position and a limit for checksums
 * @param view     the same without either, for any thread
 */
record WriteBuffer(ByteBuffer bytes, ByteBuffer crcBytes, UnsafeBuffer view) {
    /** A buffer of a disk. */
    static WriteBuffer of(final Disk disk, final int size) {
        final ByteBuffer bytes = disk.newBuffer(size);
        return new WriteBuffer(bytes, bytes.duplicate(), new UnsafeBuffer(bytes));
    }
}
