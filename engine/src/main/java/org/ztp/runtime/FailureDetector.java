package org.ztp.runtime;

import java.util.Set;
import java.util.TreeSet;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Which peers one replica has not heard of for too long. Every message counts as a sign of life; peers say something at
 * least with each heartbeat. Single owner: the replica's thread.
 *
 * <p>What is too long follows the load, as with Chen, Toueg and Aguilera (2002): {@value #MARGIN} times the longest
 * silence that the peer has ended lately, or that this replica's own looks were apart, but never less than half the
 * configured limit or three heartbeats, and never more than the limit. A silence that was ended counts less as time
 * passes, with a mean life of ten seconds. So a peer of a calm machine is missed after half the limit, one of a crowded
 * machine after all of it.
 */
final class FailureDetector {
    /** So many times the longest silence of late is too long. */
    static final int MARGIN = 3;
    private static final int LEAST_HEARTBEATS = 3;
    private static final double LIFE_NS = 10e9;

    private final long leastNs;
    private final long limitNs;
    private final Int2ObjectHashMap<Heard> peers = new Int2ObjectHashMap<>();
    private final Set<Integer> suspected = new TreeSet<>();
    /** The longest time between two looks, of late. */
    private long apartNs;

    /** When one peer has said something last. */
    private static final class Heard {
        private final int peer;
        private long ns;
        /** The longest silence that it ended, of late. */
        private long silentNs;

        Heard(final int peer, final long ns) {
            this.peer = peer;
            this.ns = ns;
        }
    }

    /**
     * A detector that suspects nobody yet.
     *
     * @param peers who is heard of
     * @param limitNs a peer silent for so long is suspected whatever the load, nanoseconds
     * @param heartbeatNs how often each says something at least, nanoseconds
     * @param nowNs the time
     */
    FailureDetector(final Iterable<Integer> peers, final long limitNs, final long heartbeatNs, final long nowNs) {
        this.limitNs = limitNs;
        leastNs = Math.min(limitNs, Math.max(limitNs / 2, LEAST_HEARTBEATS * heartbeatNs));
        peers.forEach(peer -> this.peers.put((int) peer, new Heard(peer, nowNs)));
    }

    /** A peer has said something. */
    void heard(final int peer, final long nowNs) {
        final Heard heard = peers.get(peer);
        if (heard != null) {
            heard.silentNs = Math.min(limitNs, Math.max(heard.silentNs, nowNs - heard.ns));
            heard.ns = nowNs;
        }
    }

    /**
     * Looks at all peers. After a pause of this replica itself (longer than half the limit since the last look) nobody
     * is suspected anew, since nothing could be heard.
     *
     * @return whether somebody is newly suspected, or back
     */
    boolean changed(final long nowNs, final long lookedNs) {
        final long pauseNs = nowNs - lookedNs;
        final boolean slept = pauseNs > limitNs / 2;
        apartNs = Math.min(limitNs, Math.max(faded(apartNs, pauseNs), pauseNs));
        boolean changed = false;
        for (final Heard heard : peers.values()) {
            if (slept && !suspected.contains(heard.peer)) {
                heard.ns = nowNs;
            }
            heard.silentNs = faded(heard.silentNs, pauseNs);
            final boolean silent = nowNs - heard.ns > limitNs(heard);
            changed |= silent ? suspected.add(heard.peer) : suspected.remove(heard.peer);
        }
        return changed;
    }

    private static long faded(final long ns, final long passedNs) {
        return (long) (ns * Math.max(0, 1 - passedNs / LIFE_NS));
    }

    private long limitNs(final Heard heard) {
        return Math.max(leastNs, Math.min(limitNs, MARGIN * Math.max(heard.silentNs, apartNs)));
    }

    /** Who is suspected now. */
    Set<Integer> suspected() {
        return Set.copyOf(suspected);
    }
}
