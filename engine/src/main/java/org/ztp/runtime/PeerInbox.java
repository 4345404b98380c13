package org.ztp.runtime;

import java.util.List;
import org.ztp.consensus.Event;
import org.ztp.release.ReleaseEvent;
import org.ztp.transport.Parcel;

/**
 * What peers have sent and one replica has not taken in yet, in a {@link PeerQueue}. Any thread puts in, the replica's
 * takes out.
 */
final class PeerInbox {
    private static final int MESSAGES = 8_192;

    private final PeerQueue<Object> queue;

    /**
     * An empty one.
     *
     * @param members who may send, ascending
     * @param bytesOfOne what may wait of one of them; a single message may be longer
     */
    PeerInbox(final List<Integer> members, final long bytesOfOne) {
        queue = new PeerQueue<>(members, MESSAGES, bytesOfOne, PeerInbox::sender, PeerInbox::size);
    }

    /** Puts a message in; false if the sender has no room left, or is no member. */
    boolean offer(final int from, final Parcel parcel) {
        return queue.offer(parcel instanceof Parcel.Ordering ordering ? new Event.Received(from, ordering.message())
            : new ReleaseEvent.Received(from, ((Parcel.Releasing) parcel).message()));
    }

    /**
     * Takes the oldest message out, an {@link Event.Received} or a {@link ReleaseEvent.Received}; null if there is
     * none.
     */
    Object poll() {
        return queue.poll();
    }

    private static int sender(final Object event) {
        return event instanceof Event.Received ordering ? ordering.from() : ((ReleaseEvent.Received) event).from();
    }

    private static long size(final Object event) {
        return event instanceof Event.Received ordering ? MessageSize.of(ordering.message())
            : MessageSize.of(((ReleaseEvent.Received) event).message());
    }
}
