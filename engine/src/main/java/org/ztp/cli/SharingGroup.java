package org.ztp.cli;

import java.util.List;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.crypto.SystemRandomness;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.wire.Hash;

/**
 * The replicas that hold the shares of a dataset.
 *
 * @param ids their ids, by their place in the sub-cluster
 * @param keys their keys, in the same order
 */
record SharingGroup(List<Integer> ids, SubClusterKeys keys) {
    /** The sub-cluster that a dataset belongs to. */
    static SharingGroup of(final Genesis genesis, final Hash dataset) {
        return of(genesis, SubClusters.of(genesis).homeOf(dataset));
    }

    private static SharingGroup of(final Genesis genesis, final SubCluster group) {
        return new SharingGroup(group.members(), SubClusterKeys.of(genesis, group));
    }

    /** A sub-cluster for a new dataset: any of those that the service has here and that can go on. */
    static SharingGroup forNewDataset(final Ledger ledger) {
        final Genesis genesis = ledger.genesis();
        if (genesis.subClusters().size() == 1) {
            return of(genesis, genesis.subClusters().get(0));
        }
        final List<Integer> live = StatusText.read(
            ledger.ask(new ServiceRequest.Status(), ServiceReply.StatusText.class),
            status -> status.getConfigList("subClusters").stream().filter(group -> group.getBoolean("hasQuorum"))
                .map(group -> StatusText.index(group, "id", genesis.subClusters().size())).toList());
        if (live.isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, "no sub-cluster has a quorum", "see `ztp status`; try again");
        }
        final int choice = (new SystemRandomness().bytes(1)[0] & 0xff) % live.size();
        return of(genesis, genesis.subClusters().get(live.get(choice)));
    }
}
