package org.ztp.storage.journal;

import org.agrona.DirectBuffer;

/** Is given valid records in their order. */
@FunctionalInterface
public interface JournalVisitor {
    /**
     * One record whose checksum is right.
     *
     * @param position of the record
     * @param type     1 .. 255
     * @param buffer   holds the payload; only until this call returns
     * @param offset   of the payload in the buffer
     * @param length   of the payload in bytes
     */
    void onRecord(long position, int type, DirectBuffer buffer, int offset, int length);
}
