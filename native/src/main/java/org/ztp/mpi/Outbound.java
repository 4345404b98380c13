package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;

/**
 * What waits for one peer: parcels in a bounded queue, cut into pieces for frames. {@link #offer} may be called by any
 * thread, everything else belongs to the MPI thread. Parcels are shared, not copied, until they are written into a
 * frame.
 */
final class Outbound {
    private static final int MAX_PARCELS = 8_192;

    private final MpscArrayQueue<byte[]> queue = new MpscArrayQueue<>(MAX_PARCELS);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final long maxBytes;
    private volatile boolean open = true;
    private byte[] current;
    private int written;
    private boolean anew;
    private volatile long sent;

    Outbound(final long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes a parcel, unless the peer is not sent to, or too much waits. Never blocks. */
    boolean offer(final byte[] parcel) {
        if (open) {
            if (bytes.addAndGet(parcel.length) <= maxBytes && queue.offer(parcel)) {
                return true;
            }
            bytes.addAndGet(-parcel.length);
        }
        dropped.incrementAndGet();
        return false;
    }

    /** Whether there is anything to send. */
    boolean isEmpty() {
        return current == null && queue.isEmpty();
    }

    /** Whether the next frame has to say that the stream starts anew. */
    boolean startsAnew() {
        return anew;
    }

    /**
     * Writes as much of what waits as fits after the header.
     *
     * @return payload, bytes; 0 if nothing waits
     */
    int fill(final ByteBuffer frame) {
        int at = Frame.HEADER_BYTES;
        while (at < Frame.MAX_BYTES) {
            if (current == null) {
                current = Frame.MAX_BYTES - at < Frame.LENGTH_BYTES ? null : queue.poll();
                if (current == null) {
                    break;
                }
                frame.putInt(at, current.length);
                at += Frame.LENGTH_BYTES;
                written = 0;
            }
            final int piece = Math.min(current.length - written, Frame.MAX_BYTES - at);
            frame.put(at, current, written, piece);
            at += piece;
            written += piece;
            if (written == current.length) {
                bytes.addAndGet(-current.length);
                current = null;
                sent++;
            }
        }
        anew &= at == Frame.HEADER_BYTES;
        return at - Frame.HEADER_BYTES;
    }

    /** Takes nothing more, and drops what waits. */
    void shut() {
        open = false;
        if (current != null) {
            anew = true;
            drop(current);
            current = null;
        }
        byte[] waiting;
        while ((waiting = queue.poll()) != null) {
            drop(waiting);
        }
    }

    /** Takes parcels again; what slipped in while it was shut goes first. */
    void reopen() {
        open = true;
    }

    private void drop(final byte[] parcel) {
        bytes.addAndGet(-parcel.length);
        dropped.incrementAndGet();
    }

    int waitingParcels() {
        return queue.size();
    }

    long waitingBytes() {
        return bytes.get();
    }

    long sent() {
        return sent;
    }

    long dropped() {
        return dropped.get();
    }
}
