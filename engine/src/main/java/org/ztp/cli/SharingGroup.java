package org.ztp.cli;

import java.util.List;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.privacy.SubClusterKeys;

/**
 * The replicas that hold the shares of datasets.
 *
 * @param ids their ids, by their place in the sub-cluster
 * @param keys their keys, in the same order
 */
record SharingGroup(List<Integer> ids, SubClusterKeys keys) {
    /** The sub-cluster to which this node's service submits. */
    static SharingGroup of(final Genesis genesis) {
        final List<Integer> ids = genesis.subClusters().get(0).members();
        final List<GenesisReplica> members = ids.stream().map(genesis.replicas()::get).toList();
        return new SharingGroup(ids, new SubClusterKeys(genesis.chain(),
            members.stream().map(GenesisReplica::signingKey).toList(),
            members.stream().map(GenesisReplica::sealingKey).toList()));
    }
}
