package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts the stream of one peer together to parcels again. Owned by the MPI thread. A parcel that lies within a frame is
 * handed on from a buffer that is used again; a larger one is gathered in an array that grows with what really came, so
 * a peer can hold at most its largest parcel and 2 MiB here, and the parcel only by sending it. Who takes such a parcel
 * may keep the array: then its bytes were copied once, out of the buffer of MPI.
 */
final class Inbound {
    private static final int KEPT_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 2 << 20;
    private static final byte[] NONE = new byte[0];

    private final int maxParcel;
    private final byte[] whole = new byte[Frame.MAX_PAYLOAD];
    private byte[] parcel = NONE;
    private final byte[] length = new byte[Frame.LENGTH_BYTES];
    private int lengthBytes;
    private int expected = -1;
    private int gathered;
    private boolean lost;

    /** Takes parcels. */
    interface Sink {
        /** A parcel; the array is only lent. */
        void parcel(byte[] bytes, int offset, int length);

        /**
         * A parcel that was gathered in an array of its own.
         *
         * @return whether the array was kept
         */
        default boolean gathered(final byte[] bytes, final int length) {
            parcel(bytes, 0, length);
            return false;
        }
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
     * The next piece of the stream, after a frame's header. A parcel that is too long is passed over.
     *
     * @return false if a parcel that is too long begins there, or it is no stream of parcels; then nothing is taken in
     *     until the sender starts anew
     */
    boolean accept(final ByteBuffer frame, final int bytes, final Sink sink) {
        if (lost) {
            return false;
        }
        final int end = Frame.HEADER_BYTES + bytes;
        int at = Frame.HEADER_BYTES;
        boolean fits = true;
        while (at < end && !lost) {
            if (expected < 0) {
                at += readLength(frame, at, end);
                fits &= expected <= maxParcel;
            } else {
                at += expected > maxParcel ? passOver(end - at) : readParcel(frame, at, end, sink);
            }
        }
        return !lost && fits;
    }

    private int readLength(final ByteBuffer frame, final int at, final int end) {
        final int taken = Math.min(Frame.LENGTH_BYTES - lengthBytes, end - at);
        frame.get(at, length, lengthBytes, taken);
        lengthBytes += taken;
        if (lengthBytes == Frame.LENGTH_BYTES) {
            lengthBytes = 0;
            expected = length[0] & 0xff | (length[1] & 0xff) << 8 | (length[2] & 0xff) << 16 | length[3] << 24;
            lost = expected <= 0;
        }
        return taken;
    }

    private int passOver(final int there) {
        final int passed = Math.min(expected - gathered, there);
        gathered += passed;
        if (gathered == expected) {
            endParcel();
        }
        return passed;
    }

    private int readParcel(final ByteBuffer frame, final int at, final int end, final Sink sink) {
        final int taken = Math.min(expected - gathered, end - at);
        if (taken == expected) {
            expected = -1;
            frame.get(at, whole, 0, taken);
            sink.parcel(whole, 0, taken);
            return taken;
        }
        ensure(gathered + taken);
        frame.get(at, parcel, gathered, taken);
        gathered += taken;
        if (gathered == expected) {
            if (sink.gathered(parcel, gathered)) {
                parcel = NONE;
            }
            endParcel();
        }
        return taken;
    }

    private void endParcel() {
        expected = -1;
        gathered = 0;
        if (parcel.length > KEPT_BYTES) {
            parcel = NONE;
        }
    }

    private void ensure(final int bytes) {
        if (bytes > parcel.length) {
            final int roomy = (int) Math.min(expected, Math.max(2L * parcel.length, FIRST_BYTES));
            parcel = Arrays.copyOf(parcel, Math.max(bytes, roomy));
        }
    }
}
