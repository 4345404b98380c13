package org.ztp.runtime;

import java.util.Set;
import java.util.TreeSet;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Which peers one replica has not heard of for longer than the limit. Every message counts as a sign of life; peers say
 * something at least with each heartbeat. Single owner: the replica's thread.
 */
final class FailureDetector {
    private final long limitNs;
    private final Int2ObjectHashMap<Heard> peers = new Int2ObjectHashMap<>();
    private final Set<Integer> suspected = new TreeSet<>();

    /** When one peer has said something last. */
    private static final class Heard {
        private final int peer;
        private long ns;

        Heard(final int peer, final long ns) {
            this.peer = peer;
            this.ns = ns;
        }
    }

    FailureDetector(final Iterable<Integer> peers, final long limitNs, final long nowNs) {
        this.limitNs = limitNs;
        peers.forEach(peer -> this.peers.put((int) peer, new Heard(peer, nowNs)));
    }

    /** A peer has said something. */
    void heard(final int peer, final long nowNs) {
        final Heard heard = peers.get(peer);
        if (heard != null) {
            heard.ns = nowNs;
        }
    }

    /**
     * Looks at all peers. After a pause of this replica itself (longer than half the limit since the last look) nobody is
     * suspected anew, since nothing could be heard.
     *
     * @return whether somebody is newly suspected, or back
     */
    boolean changed(final long nowNs, final long lookedNs) {
        final boolean slept = nowNs - lookedNs > limitNs / 2;
        boolean changed = false;
        for (final Heard heard : peers.values()) {
            if (slept && !suspected.contains(heard.peer)) {
                heard.ns = nowNs;
            }
            final boolean silent = nowNs - heard.ns > limitNs;
            changed |= silent ? suspected.add(heard.peer) : suspected.remove(heard.peer);
        }
        return changed;
    }

    /** Who is suspected now. */
    Set<Integer> suspected() {
        return Set.copyOf(suspected);
    }
}
