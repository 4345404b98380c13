package org.ztp.runtime;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ztp.consensus.Message;
import org.ztp.transport.Parcel;
import org.ztp.transport.Transport;
import org.ztp.wire.Hash;

/** Reads things for peers on other threads: one at a time for each peer, however often it asks. Any thread. */
final class PeerReading {
    private final Set<Integer> busy = ConcurrentHashMap.newKeySet();
    private final Predicate<Runnable> readers;
    private final Transport transport;

    /**
     * Nobody is read for.
     *
     * @param readers takes what is to be read; false if there is too much to do, and it is not done
     * @param transport way to the peers
     */
    PeerReading(final Predicate<Runnable> readers, final Transport transport) {
        this.readers = readers;
        this.transport = transport;
    }

    /** Reads something for a peer and sends it, unless something else is being read for that peer: then it asks again. */
    void serve(final int peer, final Supplier<Optional<? extends Message>> reading) {
        if (busy.add(peer) && !readers.test(() -> give(peer, reading))) {
            busy.remove(peer);
        }
    }

    private void give(final int peer, final Supplier<Optional<? extends Message>> reading) {
        final Optional<? extends Message> here;
        try {
            here = reading.get();
        } finally {
            busy.remove(peer); // before the answer leaves: the next question comes with it
        }
        here.ifPresent(answer -> send(peer, answer));
    }

    /**
     * Reads batches for a peer and sends each, unless something else is being read for that peer, until they are more
     * than so many bytes: it asks again for the rest.
     */
    void serveBatches(final int peer, final List<Hash> roots, final Function<Hash, Optional<Message.BatchHere>> stored,
                      final long bytes) {
        serve(peer, () -> {
            long sent = 0;
            for (int i = 0; i < roots.size() && sent <= bytes; i++) {
                final Optional<Message.BatchHere> here = stored.apply(roots.get(i));
                sent += here.map(batch -> batch.ref().bytes()).orElse(0);
                here.ifPresent(batch -> send(peer, batch));
            }
            return Optional.empty();
        });
    }

    private void send(final int peer, final Message answer) {
        transport.send(peer, new Parcel.Ordering(answer));
    }
}
