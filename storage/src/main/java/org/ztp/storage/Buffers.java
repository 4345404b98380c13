package org.ztp.storage;

import org.agrona.DirectBuffer;

/** What buffers hold, as arrays. */
public final class Buffers {
    private Buffers() {
    }

    /** A copy of all bytes of a buffer. */
    public static byte[] bytes(final DirectBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
