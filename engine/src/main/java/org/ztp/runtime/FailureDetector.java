package org.ztp.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which peers one replica has not heard of for longer than the limit. Every message counts as a sign of life; peers say
 * something at least with each heartbeat. Single owner: the replica's thread.
 */
final class FailureDetector {
    private final long limitNs;
    private final Map<Integer, Long> heardNs = new HashMap<>();
    private final Set<Integer> suspected = new TreeSet<>();

    FailureDetector(final Iterable<Integer> peers, final long limitNs, final long nowNs) {
        this.limitNs = limitNs;
        peers.forEach(peer -> heardNs.put(peer, nowNs));
    }

    /** A peer has said something. */
    void heard(final int peer, final long nowNs) {
        heardNs.replace(peer, nowNs);
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
        for (final Map.Entry<Integer, Long> peer : heardNs.entrySet()) {
            if (slept && !suspected.contains(peer.getKey())) {
                peer.setValue(nowNs);
            }
            final boolean silent = nowNs - peer.getValue() > limitNs;
            changed |= silent ? suspected.add(peer.getKey()) : suspected.remove(peer.getKey());
        }
        return changed;
    }

    /** Who is suspected now. */
    Set<Integer> suspected() {
        return Set.copyOf(suspected);
    }
}
