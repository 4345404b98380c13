package org.ztp.accumulate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.ztp.wire.Hash;

/**
 * Partials that came before the plan of their attempt: a child may have started before its parent. Each sender has room
 * for so many; its oldest make way. Owned by one thread.
 *
 * @param <V> the value
 */
public final class EarlyPartials<V> {
    private final int perSender;
    private final Map<Integer, ArrayDeque<Partial<V>>> bySender = new HashMap<>();
    private long dropped;

    /** Room for {@code perSender} partials of each sender, at least 1. */
    public EarlyPartials(int perSender) {
        if (perSender < 1) {
            throw new IllegalArgumentException("partials per sender: actual=" + perSender + " allowed=1..");
        }
        this.perSender = perSender;
    }

    /** Keeps a partial, in place of the sender's oldest one if its room is full. */
    public void keep(Partial<V> partial) {
        ArrayDeque<Partial<V>> kept = bySender.computeIfAbsent(partial.from(), sender -> new ArrayDeque<>());
        if (kept.size() == perSender) {
            kept.removeFirst();
            dropped++;
        }
        kept.addLast(partial);
    }

    /** Takes out all of one attempt, by sender and age, and forgets those of earlier attempts of that accumulation. */
    public List<Partial<V>> take(Hash id, int attempt) {
        List<Partial<V>> taken = new ArrayList<>();
        for (int sender : bySender.keySet().stream().sorted().toList()) {
            for (Iterator<Partial<V>> kept = bySender.get(sender).iterator(); kept.hasNext(); ) {
                Partial<V> partial = kept.next();
                if (partial.id().equals(id) && partial.attempt() <= attempt) {
                    kept.remove();
                    if (partial.attempt() == attempt) {
                        taken.add(partial);
                    }
                }
            }
        }
        bySender.values().removeIf(ArrayDeque::isEmpty);
        return taken;
    }

    /** Partials that had to make way. */
    public long dropped() {
        return dropped;
    }
}
