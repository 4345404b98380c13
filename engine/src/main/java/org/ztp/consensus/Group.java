package org.ztp.consensus;

import java.util.List;
import org.ztp.ledger.Root;
import org.ztp.wire.Hash;

/**
 * Who orders one chain together.
 *
 * @param chain hash of the genesis
 * @param subCluster number of the sub-cluster
 * @param members replica ids in ascending order, 1 or more
 * @param faults f: how many may be faulty in any way, 0 .. floor((n-1)/3)
 * @param root what the chain is built on: the genesis, or the block after which voting began anew
 */
public record Group(Hash chain, int subCluster, List<Integer> members, int faults, Root root) {
    /** Keeps the list; refuses an empty or unsorted one, and more faults than can be borne. */
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
        if (faults < 0 || faults > (members.size() - 1) / 3) {
            throw new IllegalArgumentException("faults: members=" + members.size() + " actual=" + faults);
        }
    }

    /** A group whose chain is built on its genesis. */
    public Group(final Hash chain, final int subCluster, final List<Integer> members, final int faults) {
        this(chain, subCluster, members, faults, Root.genesis(chain));
    }

    /** A group that bears as many faults as can be: floor((n-1)/3). */
    public Group(final Hash chain, final int subCluster, final List<Integer> members) {
        this(chain, subCluster, members, Math.max(0, members.size() - 1) / 3);
    }

    /** The same group, built on another root. */
    public Group on(final Root other) {
        return new Group(chain, subCluster, members, faults, other);
    }

    /** n: how many members. */
    public int size() {
        return members.size();
    }

    /** q: how many make a quorum, ceil((n+f+1)/2), so two quorums share an honest member. */
    public int quorum() {
        return (size() + faults + 2) / 2;
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
