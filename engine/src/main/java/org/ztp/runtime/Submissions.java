package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.wire.Hash;

/** Bundles that clients have handed in and that are not final yet, with who waits for each. Any thread. */
final class Submissions {
    private final Map<Hash, Open> open = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<Hash, Submitted> held = new ConcurrentHashMap<>();
    private final AtomicLong archived = new AtomicLong(Long.MAX_VALUE);

    /** One of them. */
    static final class Open {
        final Hash id;
        final byte[] bundle;
        private final Consumer<ServiceReply> first;
        /** Those who handed the same bundle in later: null until there is one. */
        private List<Consumer<ServiceReply>> others;
        private boolean done;
        final long sinceNs;
        volatile long drivenNs;

        private Open(final Hash id, final byte[] bundle, final Consumer<ServiceReply> first, final long nowNs) {
            this.id = id;
            this.bundle = bundle;
            this.first = first;
            this.sinceNs = nowNs;
            this.drivenNs = nowNs;
        }

        /** False if the reply has gone out: then the bundle is no longer open. */
        private synchronized boolean await(final Consumer<ServiceReply> reply) {
            if (!done && others == null) {
                others = new ArrayList<>(1);
            }
            return !done && others.add(reply);
        }

        private void finish(final ServiceReply reply) {
            final List<Consumer<ServiceReply>> all;
            synchronized (this) {
                done = true;
                all = others;
            }
            first.accept(reply);
            if (all != null) {
                all.forEach(waiting -> waiting.accept(reply));
            }
        }
    }

    /**
     * Notes who waits for a bundle.
     *
     * @return whether the bundle is new here; otherwise it is on its way already
     */
    boolean register(final Hash id, final byte[] bundle, final Consumer<ServiceReply> reply, final long nowNs) {
        while (true) {
            final Open known = open.putIfAbsent(id, new Open(id, bundle, reply, nowNs));
            if (known == null) {
                bytes.addAndGet(bundle.length);
                return true;
            }
            if (known.await(reply)) {
                return false;
            }
        }
    }

    /** From now on nobody is told that something is final above the height that is told. */
    void holdAbove(final long height) {
        archived.set(height);
    }

    /** Up to this height clients may be told. */
    void archived(final long height) {
        archived.accumulateAndGet(height, Math::max);
        held.forEach((id, reply) -> {
            if (reply.height() <= height && held.remove(id, reply)) {
                answer(id, reply);
            }
        });
    }

    /** How many answers wait until what they tell of is archived. */
    int held() {
        return held.size();
    }

    /** Answers all who wait for a bundle, once that may be told; nothing if nobody does. */
    void complete(final Hash id, final ServiceReply reply) {
        if (reply instanceof Submitted submitted && submitted.height() > archived.get()) {
            held.put(id, submitted);
            archived(archived.get()); // it may have been raised meanwhile
        } else {
            held.remove(id);
            answer(id, reply);
        }
    }

    private void answer(final Hash id, final ServiceReply reply) {
        final Open gone = open.remove(id);
        if (gone != null) {
            bytes.addAndGet(-gone.bundle.length);
            gone.finish(reply);
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

    /** Those that are not final. */
    List<Open> all() {
        return open.values().stream().filter(one -> !held.containsKey(one.id)).toList();
    }

    /** Those that were driven last before a time, and are not final. */
    List<Open> olderThan(final long beforeNs) {
        return open.values().stream().filter(one -> one.drivenNs - beforeNs < 0 && !held.containsKey(one.id)).toList();
    }

    /** Lets one of them count as driven last at a time. */
    void drive(final Hash id, final long drivenNs) {
        Optional.ofNullable(open.get(id)).ifPresent(one -> one.drivenNs = drivenNs);
    }

    /** Answers everybody, since nothing more will become final here. */
    void completeAll(final ServiceReply reply) {
        List.copyOf(open.keySet()).forEach(id -> complete(id, reply));
    }
}
