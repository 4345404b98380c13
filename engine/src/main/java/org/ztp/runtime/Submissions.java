package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ztp.client.ServiceReply;
import org.ztp.wire.Hash;

/** Bundles that clients have handed in and that are not final yet, with who waits for each. Any thread. */
final class Submissions {
    private final Map<Hash, Open> open = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /** One of them. */
    static final class Open {
        final byte[] bundle;
        private final List<Consumer<ServiceReply>> waiting = new ArrayList<>(1);
        private boolean done;
        volatile long drivenNs;

        private Open(final byte[] bundle, final long nowNs) {
            this.bundle = bundle;
            this.drivenNs = nowNs;
        }

        private synchronized boolean await(final Consumer<ServiceReply> reply) {
            return !done && waiting.add(reply);
        }

        private synchronized List<Consumer<ServiceReply>> finish() {
            done = true;
            return waiting;
        }
    }

    /**
     * Notes who waits for a bundle.
     *
     * @return whether the bundle is new here; otherwise it is on its way already
     */
    boolean register(final Hash id, final byte[] bundle, final Consumer<ServiceReply> reply, final long nowNs) {
        while (true) {
            final Open created = new Open(bundle, nowNs);
            final Open known = open.putIfAbsent(id, created);
            if ((known == null ? created : known).await(reply)) {
                if (known == null) {
                    bytes.addAndGet(bundle.length);
                }
                return known == null;
            }
        }
    }

    /** Answers all who wait for a bundle; nothing if nobody does. */
    void complete(final Hash id, final ServiceReply reply) {
        final Open gone = open.remove(id);
        if (gone != null) {
            bytes.addAndGet(-gone.bundle.length);
            gone.finish().forEach(waiting -> waiting.accept(reply));
        }
    }

    /** The bytes of a bundle that somebody waits for. */
    Optional<byte[]> bundle(final Hash id) {
        return Optional.ofNullable(open.get(id)).map(one -> one.bundle);
    }

    boolean isOpen(final Hash id) {
        return open.containsKey(id);
    }

    int count() {
        return open.size();
    }

    long bytes() {
        return bytes.get();
    }

    /** Those that were driven last before a time. */
    List<Open> olderThan(final long beforeNs) {
        return open.values().stream().filter(one -> one.drivenNs - beforeNs < 0).toList();
    }

    /** Lets all of them count as driven last at a time. */
    void driveAll(final long drivenNs) {
        open.values().forEach(one -> one.drivenNs = drivenNs);
    }

    /** Answers everybody, since nothing more will become final here. */
    void completeAll(final ServiceReply reply) {
        List.copyOf(open.keySet()).forEach(id -> complete(id, reply));
    }
}
