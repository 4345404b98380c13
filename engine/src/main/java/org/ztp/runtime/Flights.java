package org.ztp.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.ztp.consensus.Event;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * The batches of this node that are on their way to become final. A replica takes in no batch that was final lately, and
 * the same bundles are the same batch: so such a one is told of, and never counts as on its way. Any thread.
 */
final class Flights {
    /** So long, at the least, a batch is given before its bundles are driven again. */
    static final long PATIENCE_NS = 30_000_000_000L;
    /** More than a replica remembers of what was final lately. */
    private static final int FINAL_REMEMBERED = 16_384;

    private final Predicate<Event.BatchMade> gateway;
    /** Guarded by this, as are the roots below. */
    private final Map<Hash, Flight> flights = new HashMap<>();
    private final Set<Hash> landed = new LinkedHashSet<>();
    private volatile int count;

    /** What became of a batch that was to be sent. */
    enum Sent {
        /** It is on its way. */
        ON_ITS_WAY,
        /** No replica runs here. */
        NO_REPLICA,
        /** The same batch was final lately, and no replica would take it in. */
        WAS_FINAL
    }

    private record Flight(Batch batch, long sinceNs, long patienceNs) { }

    /**
     * No batches yet.
     *
     * @param gateway takes a batch to a replica; false if none runs
     */
    Flights(final Predicate<Event.BatchMade> gateway) {
        this.gateway = gateway;
    }

    /**
     * Sends a batch on its way.
     *
     * @param patienceNs so long it is given before its bundles are driven again
     */
    synchronized Sent send(final BatchRef ref, final Batch batch, final long nowNs, final long patienceNs) {
        if (landed.contains(ref.root())) {
            return Sent.WAS_FINAL;
        }
        flights.put(ref.root(), new Flight(batch, nowNs, patienceNs)); // before anybody can say that it is final
        if (!gateway.test(new Event.BatchMade(ref, batch))) {
            flights.remove(ref.root());
            return Sent.NO_REPLICA;
        }
        count = flights.size();
        return Sent.ON_ITS_WAY;
    }

    /** A batch, this node's or another's, is final. */
    synchronized void landed(final Hash root) {
        flights.remove(root);
        landed.add(root);
        if (landed.size() > FINAL_REMEMBERED) {
            landed.remove(landed.iterator().next());
        }
        count = flights.size();
    }

    /** Batches that are on their way. */
    int count() {
        return count;
    }

    /** Forgets those that are on their way, as if they were lost. */
    synchronized void forget() {
        flights.clear();
        count = 0;
    }

    /** Forgets those that took longer than they were given; the ids of the bundles of all others. */
    synchronized Set<Hash> bundles(final long nowNs) {
        flights.values().removeIf(one -> nowNs - one.sinceNs() >= one.patienceNs());
        count = flights.size();
        final Set<Hash> ids = new HashSet<>();
        for (final Flight one : flights.values()) {
            for (final Bundle bundle : one.batch().bundles()) {
                ids.add(bundle.id());
            }
        }
        return ids;
    }
}
