package org.ztp.runtime;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jctools.queues.MpscArrayQueue;

/**
 * What others have said and one thread has not taken in yet. Each of them has a share of its own, in messages and in
 * bytes: so one that says more than is worked fills neither the memory nor the place of the others. Any thread puts in,
 * one takes out.
 *
 * @param <T> what is said
 */
final class PeerQueue<T> {
    private static final int MESSAGES_OF_ONE_LEAST = 64;

    private final List<Integer> members;
    private final ToIntFunction<T> sender;
    private final ToLongFunction<T> size;
    private final long bytesOfOne;
    private final int messagesOfOne;
    private final MpscArrayQueue<T> queue;
    private final AtomicLongArray bytes;
    private final AtomicIntegerArray messages;

    /**
     * An empty one.
     *
     * @param members who may say something, ascending
     * @param messages what may wait of all of them
     * @param bytesOfOne what may wait of one of them; a single message may be longer
     * @param sender who said something
     * @param size bytes of what was said, as far as it can be long; always the same of the same
     */
    PeerQueue(final List<Integer> members, final int messages, final long bytesOfOne, final ToIntFunction<T> sender,
              final ToLongFunction<T> size) {
        this.members = List.copyOf(members);
        this.sender = sender;
        this.size = size;
        this.bytesOfOne = bytesOfOne;
        messagesOfOne = Math.max(MESSAGES_OF_ONE_LEAST, messages / members.size());
        queue = new MpscArrayQueue<>(messages);
        bytes = new AtomicLongArray(members.size());
        this.messages = new AtomicIntegerArray(members.size());
    }

    /** Puts a message in; false if the sender has no room left, or is no member. */
    boolean offer(final T said) {
        final int place = Collections.binarySearch(members, sender.applyAsInt(said));
        if (place < 0) {
            return false;
        }
        final long length = size.applyAsLong(said);
        final boolean room = messages.incrementAndGet(place) <= messagesOfOne
            & (bytes.getAndAdd(place, length) == 0 || length == 0 || bytes.get(place) <= bytesOfOne);
        if (room && queue.offer(said)) {
            return true;
        }
        letGo(place, length);
        return false;
    }

    /** Takes the oldest message out; null if there is none. */
    T poll() {
        final T said = queue.poll();
        if (said != null) {
            letGo(Collections.binarySearch(members, sender.applyAsInt(said)), size.applyAsLong(said));
        }
        return said;
    }

    private void letGo(final int place, final long length) {
        messages.decrementAndGet(place);
        bytes.addAndGet(place, -length);
    }
}
