package org.ztp.consensus;

import java.util.HashMap;
import java.util.Map;

/**
 * Whether the last final block here is as far as a quorum was a moment ago, so that by what is final here something may
 * be given away that a later block could forbid.
 *
 * <p>Each member tells again and again how far it is: the higher of its last final block and of its lock. What is final
 * was locked by a quorum, which shares an honest member with any other; that one's word was below what is final only
 * before it locked. So whoever is as far as a quorum said since then has all that was final then, whatever the liars
 * among them said: a read by quorum, as in Gifford, "Weighted voting for replicated data" (SOSP 1979), of what was said
 * without being asked. What a replica that lost its record says does not count, as it may have forgotten a lock.
 *
 * <p>Words may have waited while this replica slept. After a pause longer than they count, those of before are
 * forgotten, and for as long again none counts. The clock that never goes back may stand still while a machine is
 * suspended, so a pause is what that one or the wall clock says; if the latter was set forward, that costs only time.
 * Single owner: the replica's thread.
 */
final class Recency {
    private static final long NS_PER_MILLI = 1_000_000;

    private final int quorum;
    private final long recentNs;
    private final Map<Integer, Said> members = new HashMap<>();
    private long lookedNs;
    private long lookedMillis;
    private long countsFromNs;

    /** What one member said. */
    private static final class Said {
        /** When it said last what is final here by now; or never. */
        private long reachedNs;
        private boolean reached;
        /** The oldest that counts of what is not final here yet. */
        private long height;
        private long heardNs;
        private boolean waiting;
    }

    /**
     * Nobody has said anything.
     *
     * @param quorum how many must have said something
     * @param recentNs for so long it counts
     * @param nowNs the time
     * @param wallMillis milliseconds since 1970
     */
    Recency(final int quorum, final long recentNs, final long nowNs, final long wallMillis) {
        this.quorum = quorum;
        this.recentNs = recentNs;
        lookedNs = nowNs;
        lookedMillis = wallMillis;
        countsFromNs = nowNs;
    }

    /** A member, perhaps this replica itself, says how far it is; so far is this replica. */
    void told(final int member, final long height, final long finalHeight, final long nowNs, final long wallMillis) {
        look(nowNs, wallMillis);
        if (nowNs - countsFromNs < 0) {
            return;
        }
        final Said said = members.computeIfAbsent(member, absent -> new Said());
        settle(said, finalHeight);
        if (height <= finalHeight) {
            said.reached = true;
            said.reachedNs = nowNs;
            said.waiting = false;
        } else if (!said.waiting || nowNs - said.heardNs > recentNs) {
            said.waiting = true;
            said.height = height;
            said.heardNs = nowNs;
        }
    }

    /** Whether a quorum was no further than this height a moment ago. */
    boolean isRecent(final long finalHeight, final long nowNs, final long wallMillis) {
        look(nowNs, wallMillis);
        int count = 0;
        for (final Said said : members.values()) {
            settle(said, finalHeight);
            count += said.reached && nowNs - said.reachedNs <= recentNs ? 1 : 0;
        }
        return count >= quorum;
    }

    private static void settle(final Said said, final long finalHeight) {
        if (said.waiting && said.height <= finalHeight) {
            said.waiting = false;
            said.reached = true;
            said.reachedNs = said.heardNs;
        }
    }

    private void look(final long nowNs, final long wallMillis) {
        if (nowNs - lookedNs > recentNs || wallMillis - lookedMillis > recentNs / NS_PER_MILLI) {
            members.clear();
            countsFromNs = nowNs + recentNs;
        }
        lookedNs = nowNs;
        lookedMillis = wallMillis;
    }
}
