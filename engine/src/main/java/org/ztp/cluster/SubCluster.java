package org.ztp.cluster;

import java.util.List;

/**
 * Replicas that order one chain together.
 *
 * @param id number of the sub-cluster, from 0
 * @param members ids of its replicas in ascending order, 4 .. 255
 */
public record SubCluster(int id, List<Integer> members) {
    /** Fewest members: below it f would be 0. */
    public static final int MIN_MEMBERS = 4;

    /** Most members: secrets are shared among them in GF(2^8), which has so many places beside 0. */
    public static final int MAX_MEMBERS = 255;

    /** Keeps the list; refuses too few or too many members and members out of order. */
    public SubCluster {
        members = List.copyOf(members);
        if (members.size() < MIN_MEMBERS || members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("members of sub-cluster " + id + ": expected=" + MIN_MEMBERS + " .. "
                + MAX_MEMBERS + " actual=" + members.size());
        }
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i) <= members.get(i - 1)) {
                throw new IllegalArgumentException("members of sub-cluster " + id + " not ascending: " + members);
            }
        }
    }

    /** n: how many members. */
    public int size() {
        return members.size();
    }

    /** f = floor((n-1)/3): how many may be faulty in any way. */
    public int faults() {
        return (size() - 1) / 3;
    }

    /** q = ceil((n+f+1)/2): so many that two quorums share an honest member. */
    public int quorum() {
        return (size() + faults() + 2) / 2;
    }

    /** The leader of a view: members[view mod n]. */
    public int leader(final long view) {
        return members.get((int) Math.floorMod(view, (long) size()));
    }
}
