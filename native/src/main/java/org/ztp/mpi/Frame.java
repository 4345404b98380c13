package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is sent with one MPI message: a header, then a piece of the stream of parcels. Little-endian; the message may be
 * longer than header and payload, what follows has no meaning.
 *
 * <pre>
 *    0  u8   version = 1
 *    1  u8   flags: 1 data (the frame counts and is acknowledged), 2 the stream starts anew at a parcel, 4 goodbye
 *    2  u16  0
 *    4  u32  payload, bytes
 *    8  u64  incarnation of the sender
 *   16  u32  number of the frame among the sender's data frames to this peer, modulo 2^32
 *   20  u32  data frames of the peer's that the sender has taken in, modulo 2^32
 *   24       payload: any piece of the stream  u32 length | parcel | u32 length | parcel …
 * </pre>
 */
final class Frame {
    static final int VERSION = 1;
    static final int DATA = 1;
    static final int ANEW = 2;
    static final int GOODBYE = 4;
    static final int HEADER_BYTES = 24;
    /** Largest frame; MPI messages beyond 64 KiB are costly to have stuck. */
    static final int MAX_BYTES = 64 << 10;
    static final int MAX_PAYLOAD = MAX_BYTES - HEADER_BYTES;
    /** In front of each parcel. */
    static final int LENGTH_BYTES = 4;

    private Frame() {
    }

    /** A buffer for one frame, outside the heap. */
    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void header(final ByteBuffer frame, final int flags, final int payload, final long incarnation,
                       final int sequence, final int acknowledged) {
        frame.putInt(0, VERSION | flags << 8).putInt(4, payload).putLong(8, incarnation).putInt(16, sequence)
            .putInt(20, acknowledged);
    }

    /** Whether the first bytes are a header of this version with a payload that fits. */
    static boolean isWellFormed(final ByteBuffer frame) {
        final int flags = flags(frame);
        return (frame.getInt(0) & 0xffff00ff) == VERSION && flags <= (DATA | ANEW | GOODBYE)
            && payload(frame) >= 0 && payload(frame) <= MAX_PAYLOAD && ((flags & DATA) != 0 || payload(frame) == 0);
    }

    static int flags(final ByteBuffer frame) {
        return frame.get(1) & 0xff;
    }

    static int payload(final ByteBuffer frame) {
        return frame.getInt(4);
    }

    static long incarnation(final ByteBuffer frame) {
        return frame.getLong(8);
    }

    static int sequence(final ByteBuffer frame) {
        return frame.getInt(16);
    }

    static int acknowledged(final ByteBuffer frame) {
        return frame.getInt(20);
    }
}
