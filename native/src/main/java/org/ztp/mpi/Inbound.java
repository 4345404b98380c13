package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts the stream of one peer together to parcels again. Owned by the MPI thread. A parcel that lies within a frame is
 * handed on from a buffer that is used again; a larger one is gathered in an array that grows with what really came, so a
 * peer can hold at most its largest parcel here, and only by sending it.
 */
final class Inbound {
    private static final int KEPT_BYTES = 1 << 20;

    private final int maxParcel;
    private final byte[] piece = new byte[Frame.MAX_PAYLOAD];
    private byte[] parcel = new byte[0];
    private final byte[] length = new byte[Frame.LENGTH_BYTES];
    private int lengthBytes;
    private int expected = -1;
    private int gathered;
    private boolean lost;

    /** Takes parcels. */
    interface Sink {
        /** A parcel; the array is only lent. */
        void parcel(byte[] bytes, int offset, int length);
    }

    Inbound(final int maxParcel) {
        this.maxParcel = maxParcel;
    }

    /** The sender cut a parcel short: what was gathered is dropped, and the next byte starts a parcel. */
    void startAnew() {
        lost = false;
        lengthBytes = 0;
        endParcel();
    }

    /**
     * The next piece of the stream, after a frame's header.
     *
     * @return false if it is no stream of parcels; then nothing is taken in until the sender starts anew
     */
    boolean accept(final ByteBuffer frame, final int bytes, final Sink sink) {
        if (lost) {
            return false;
        }
        frame.get(Frame.HEADER_BYTES, piece, 0, bytes);
        int at = 0;
        while (at < bytes) {
            if (expected < 0) {
                at += readLength(at, bytes);
                if (lost) {
                    return false;
                }
            } else {
                at += readParcel(at, bytes, sink);
            }
        }
        return true;
    }

    private int readLength(final int at, final int end) {
        final int taken = Math.min(Frame.LENGTH_BYTES - lengthBytes, end - at);
        System.arraycopy(piece, at, length, lengthBytes, taken);
        lengthBytes += taken;
        if (lengthBytes == Frame.LENGTH_BYTES) {
            lengthBytes = 0;
            expected = length[0] & 0xff | (length[1] & 0xff) << 8 | (length[2] & 0xff) << 16 | length[3] << 24;
            lost = expected <= 0 || expected > maxParcel;
        }
        return taken;
    }

    private int readParcel(final int at, final int end, final Sink sink) {
        final int taken = Math.min(expected - gathered, end - at);
        if (taken == expected) {
            expected = -1;
            sink.parcel(piece, at, taken);
            return taken;
        }
        ensure(gathered + taken);
        System.arraycopy(piece, at, parcel, gathered, taken);
        gathered += taken;
        if (gathered == expected) {
            sink.parcel(parcel, 0, gathered);
            endParcel();
        }
        return taken;
    }

    private void endParcel() {
        expected = -1;
        gathered = 0;
        if (parcel.length > KEPT_BYTES) {
            parcel = new byte[0];
        }
    }

    private void ensure(final int bytes) {
        if (bytes > parcel.length) {
            final int roomy = (int) Math.min(expected, Math.max(2L * parcel.length, Frame.MAX_BYTES));
            parcel = Arrays.copyOf(parcel, Math.max(bytes, roomy));
        }
    }
}
