package org.ztp.storage.archive;

import org.agrona.DirectBuffer;

/** Is given the records of an archive, height by height, in the order in which they were appended. */
@FunctionalInterface
public interface ArchiveVisitor {
    /**
     * One record whose checksum is right.
     *
     * @param height to which it belongs
     * @param kind   1 .. 255
     * @param buffer holds the payload; only until this call returns
     * @param offset of the payload in the buffer
     * @param length of the payload in bytes
     */
    void onRecord(long height, int kind, DirectBuffer buffer, int offset, int length);
}
