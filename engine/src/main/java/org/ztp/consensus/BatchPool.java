package org.ztp.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.wire.Hash;

/** Checked batches that are not final yet, oldest first. */
final class BatchPool {
    private static final int FINAL_REMEMBERED = 8_192;
    /** What a batch and each of its bundles take up beside their bytes, about. */
    private static final int BATCH_OVERHEAD_BYTES = 1_024;
    private static final int BUNDLE_OVERHEAD_BYTES = 128;

    private final Map<Hash, Pooled> pooled = new LinkedHashMap<>();
    private final Map<Hash, Set<Integer>> checking = new HashMap<>();
    private final Map<Integer, Long> bytesByPeer = new HashMap<>();
    private final Set<Hash> recentlyFinal = new LinkedHashSet<>();
    private long bytes;
    private long cost;
    private long newest;

    /**
     * One of them.
     *
     * @param ref what a block calls it
     * @param batch its content
     * @param from who sent it; this replica for its own
     * @param sinceNs when it came
     * @param order its number among all that came
     */
    record Pooled(BatchRef ref, Batch batch, int from, long sinceNs, long order) { }

    /** What a batch counts for: small ones take up more than their bytes, and a peer chooses how small they are. */
    static long cost(final BatchRef ref) {
        return ref.bytes() + BATCH_OVERHEAD_BYTES + (long) BUNDLE_OVERHEAD_BYTES * ref.bundles();
    }

    /** Whether a batch is of use: neither here nor final lately. */
    boolean wants(final Hash root) {
        return !pooled.containsKey(root) && !recentlyFinal.contains(root);
    }

    /** Whether a batch was final lately, and is not here again. */
    boolean wasFinal(final Hash root) {
        return recentlyFinal.contains(root) && !pooled.containsKey(root);
    }

    /** Whether a batch from this sender is being checked. */
    boolean isChecking(final int from, final Hash root) {
        return checking.getOrDefault(root, Set.of()).contains(from);
    }

    /** Whether a batch of this root is being checked: asking for it again would only make that longer. */
    boolean isChecking(final Hash root) {
        return checking.containsKey(root);
    }

    /** Bytes here and in checking from one peer. */
    long bytesOf(final int peer) {
        return bytesByPeer.getOrDefault(peer, 0L);
    }

    /** Notes that a batch is being checked. */
    void checking(final int from, final BatchRef ref) {
        if (checking.computeIfAbsent(ref.root(), absent -> new HashSet<>()).add(from)) {
            bytesByPeer.merge(from, cost(ref), Long::sum);
        }
    }

    /** Notes that a check has ended. */
    void checked(final int from, final BatchRef ref) {
        final Set<Integer> senders = checking.get(ref.root());
        if (senders != null && senders.remove(from)) {
            bytesByPeer.merge(from, -cost(ref), Long::sum);
            if (senders.isEmpty()) {
                checking.remove(ref.root());
            }
        }
    }

    /**
     * Takes a checked batch in. One that is final already has no place here, unless an undecided block names it again
     * (by a leader that forgot, or means ill): then it is needed to execute that block. Or something in it, too far
     * ahead then, would count now.
     *
     * @return whether it is new
     */
    boolean add(final BatchRef ref, final Batch batch, final int from, final long nowNs, final boolean wanted) {
        if (pooled.containsKey(ref.root()) || recentlyFinal.contains(ref.root()) && !wanted) {
            return false;
        }
        newest++;
        bytes += ref.bytes();
        cost += cost(ref);
        pooled.put(ref.root(), new Pooled(ref, batch, from, nowNs, newest));
        bytesByPeer.merge(from, cost(ref), Long::sum);
        return true;
    }

    Optional<Pooled> get(final Hash root) {
        return Optional.ofNullable(pooled.get(root));
    }

    /** The batches that references name, in their order; empty if one is not here or differs from its reference. */
    Optional<List<Batch>> batches(final List<BatchRef> refs) {
        final List<Batch> batches = new ArrayList<>(refs.size());
        for (final BatchRef ref : refs) {
            final Pooled here = pooled.get(ref.root());
            if (here == null || !here.ref().equals(ref)) {
                return Optional.empty();
            }
            batches.add(here.batch());
        }
        return Optional.of(batches);
    }

    /** Those of which no batch is here. */
    List<BatchRef> missing(final List<BatchRef> refs) {
        final List<BatchRef> missing = new ArrayList<>();
        for (final BatchRef ref : refs) {
            if (!pooled.containsKey(ref.root())) {
                missing.add(ref);
            }
        }
        return missing;
    }

    /** The oldest ones within the limits, without those excluded. At least one if there is any. */
    List<BatchRef> select(final Set<Hash> excluded, final Limits limits) {
        final List<BatchRef> chosen = new ArrayList<>();
        long bytes = 0;
        for (final Pooled candidate : pooled.values()) {
            if (excluded.contains(candidate.ref().root())) {
                continue;
            }
            bytes += candidate.ref().bytes();
            if (!chosen.isEmpty() && bytes > limits.blockBytes() || chosen.size() == limits.blockBatches()) {
                break;
            }
            chosen.add(candidate.ref());
        }
        return chosen;
    }

    /** Drops a batch that is final, and remembers that it is. */
    void finalized(final Hash root) {
        final Pooled gone = pooled.remove(root);
        if (gone != null) {
            bytes -= gone.ref().bytes();
            cost -= cost(gone.ref());
            bytesByPeer.merge(gone.from(), -cost(gone.ref()), Long::sum);
        }
        recentlyFinal.add(root);
        if (recentlyFinal.size() > FINAL_REMEMBERED) {
            recentlyFinal.remove(recentlyFinal.iterator().next());
        }
    }

    boolean isEmpty() {
        return pooled.isEmpty();
    }

    int size() {
        return pooled.size();
    }

    /** Bytes of all of them. */
    long bytes() {
        return bytes;
    }

    /** What all of them count for. */
    long cost() {
        return cost;
    }

    /** The number of the oldest one; more than any if there is none. */
    long oldest() {
        return pooled.isEmpty() ? Long.MAX_VALUE : pooled.values().iterator().next().order();
    }

    /** The number of the one that came last, which may be final; 0 if none ever came. */
    long newest() {
        return newest;
    }

    /** Those up to a number, oldest first. */
    Stream<Pooled> upTo(final long order) {
        return pooled.values().stream().takeWhile(one -> one.order() <= order);
    }

    /** Those, oldest first, that came before a time: of one sender, and of all others. */
    List<Pooled> olderThan(final int from, final long beforeNs, final long othersBeforeNs) {
        return pooled.values().stream()
            .filter(one -> one.sinceNs() < (one.from() == from ? beforeNs : othersBeforeNs)).toList();
    }
}
