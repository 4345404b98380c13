package org.ztp.consensus;

import java.util.List;
import org.ztp.wire.Hash;

/**
 * Who orders one chain together.
 *
 * @param chain hash of the genesis
 * @param subCluster number of the sub-cluster
 * @param members replica ids in ascending order, 1 or more
 */
public record Group(Hash chain, int subCluster, List<Integer> members) {
    /** Keeps the list; refuses an empty or unsorted one. */
    public Group {
        members = List.copyOf(members);
        for (int i = 0; i < members.size(); i++) {
            if (i > 0 && members.get(i) <= members.get(i - 1)) {
                throw new IllegalArgumentException("members not ascending: " + members);
            }
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a group needs members");
        }
    }

    /** n: how many members. */
    public int size() {
        return members.size();
    }

    /** f: how many may be faulty in any way, floor((n-1)/3). */
    public int faults() {
        return (size() - 1) / 3;
    }

    /** q: how many make a quorum, ceil((n+f+1)/2), so two quorums share an honest member. */
    public int quorum() {
        return (size() + faults() + 2) / 2;
    }

    /** Who leads a view. */
    public int leader(final long view) {
        return members.get((int) (view % size()));
    }

    /** Whether a replica is a member. */
    public boolean contains(final int replica) {
        return members.contains(replica);
    }
}
