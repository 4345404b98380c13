package org.ztp.storage.archive;

import org.agrona.DirectBuffer;

/** Is given the records of an archive as {@link ArchiveVisitor} is, and where they stand. */
@FunctionalInterface
public interface PlacedVisitor {
    /**
     * One record whose checksum is right.
     *
     * @param chunk  in whose file it stands
     * @param at     byte of that file at which the record starts: 16 bytes before its payload
     * @param height to which it belongs
     * @param kind   1 .. 255
     * @param buffer holds the payload; only until this call returns
     * @param offset of the payload in the buffer
     * @param length of the payload in bytes
     */
    void onRecord(Chunk chunk, long at, long height, int kind, DirectBuffer buffer, int offset, int length);
}
