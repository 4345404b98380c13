package org.ztp.runtime;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jctools.queues.MpscArrayQueue;
import org.ztp.consensus.Event;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseMessage;
import org.ztp.transport.Parcel;

/**
 * What peers have sent and one replica has not taken in yet. Each peer has a share of its own, in messages and in
 * bytes: so a peer that sends faster than is worked fills neither the memory nor the place of the others. Any thread
 * puts in, the replica's takes out.
 */
final class PeerInbox {
    private static final int MESSAGES = 8_192;
    private static final int MESSAGES_OF_ONE_LEAST = 64;

    private final List<Integer> members;
    private final long bytesOfOne;
    private final int messagesOfOne;
    private final MpscArrayQueue<Object> queue = new MpscArrayQueue<>(MESSAGES);
    private final AtomicLongArray bytes;
    private final AtomicIntegerArray messages;

    /**
     * An empty one.
     *
     * @param members who may send, ascending
     * @param bytesOfOne what may wait of one of them; a single message may be longer
     */
    PeerInbox(final List<Integer> members, final long bytesOfOne) {
        this.members = members;
        this.bytesOfOne = bytesOfOne;
        messagesOfOne = Math.max(MESSAGES_OF_ONE_LEAST, MESSAGES / members.size());
        bytes = new AtomicLongArray(members.size());
        messages = new AtomicIntegerArray(members.size());
    }

    /** Puts a message in; false if the sender has no room left, or is no member. */
    boolean offer(final int from, final Parcel parcel) {
        final int sender = Collections.binarySearch(members, from);
        if (sender < 0) {
            return false;
        }
        final Object event = parcel instanceof Parcel.Ordering ordering ? new Event.Received(from, ordering.message())
            : new ReleaseEvent.Received(from, ((Parcel.Releasing) parcel).message());
        final long size = size(event);
        final boolean room = messages.incrementAndGet(sender) <= messagesOfOne
            & (bytes.getAndAdd(sender, size) == 0 || size == 0 || bytes.get(sender) <= bytesOfOne);
        if (room && queue.offer(event)) {
            return true;
        }
        letGo(sender, size);
        return false;
    }

    /**
     * Takes the oldest message out, an {@link Event.Received} or a {@link ReleaseEvent.Received}; null if there is
     * none.
     */
    Object poll() {
        final Object event = queue.poll();
        if (event != null) {
            letGo(Collections.binarySearch(members, event instanceof Event.Received ordering ? ordering.from()
                : ((ReleaseEvent.Received) event).from()), size(event));
        }
        return event;
    }

    private void letGo(final int sender, final long size) {
        messages.decrementAndGet(sender);
        bytes.addAndGet(sender, -size);
    }

    /** Bytes of what can be long. */
    private static long size(final Object event) {
        return event instanceof Event.Received ordering ? size(ordering.message())
            : size(((ReleaseEvent.Received) event).message());
    }

    private static long size(final Message message) {
        if (message instanceof Message.BatchHere here) {
            return here.batch().length();
        }
        if (message instanceof Message.StateHere here) {
            return here.page().length;
        }
        long size = 0;
        if (message instanceof Message.FinalBlocks blocks) {
            for (final FinalBlock block : blocks.blocks()) {
                for (final Batch batch : block.batches()) {
                    size += batch.length();
                }
            }
        }
        return size;
    }

    private static long size(final ReleaseMessage message) {
        return message instanceof ReleaseMessage.PartialHere here ? here.partial().value().length
            : message instanceof ReleaseMessage.Singly singly ? singly.sealed().length : 0;
    }
}
