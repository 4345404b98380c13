package org.ztp.epoch;

import java.util.List;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;

/**
 * What a node's {@link EpochCore} is given.
 *
 * @param chain hash of the genesis
 * @param voters who votes in each sub-cluster, by its number: 2 .. {@value Epoch#MAX_SUB_CLUSTERS}
 * @param self this node's number
 * @param nodes the numbers of all nodes, in the order in which they collect
 * @param own numbers of the sub-clusters that this node has replicas of, ascending
 * @param intervalNs time from one epoch to the next
 */
public record EpochSetting(Hash chain, List<Voters> voters, int self, List<Integer> nodes, List<Integer> own,
                           long intervalNs) {
    /** Keeps the lists; refuses too few sub-clusters and a node that is not among the nodes. */
    public EpochSetting {
        voters = List.copyOf(voters);
        nodes = List.copyOf(nodes);
        own = List.copyOf(own);
        if (voters.size() < Epoch.MIN_SUB_CLUSTERS || voters.size() > Epoch.MAX_SUB_CLUSTERS || !nodes.contains(self)
            || intervalNs < 2) {
            throw new IllegalArgumentException("sub-clusters=" + voters.size() + " self=" + self + " nodes=" + nodes
                + " interval=" + intervalNs + " ns");
        }
    }
}
