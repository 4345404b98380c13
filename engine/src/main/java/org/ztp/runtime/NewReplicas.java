package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Files;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.ledger.Root;

/** Gives each replica of a new cluster the safety record of one that has never run. */
public final class NewReplicas {
    private NewReplicas() {
    }

    /** Makes the records; part of making a cluster's directory, and never done again. */
    public static void prepare(final ClusterDirectory directory, final Genesis genesis) throws IOException {
        for (final GenesisReplica replica : genesis.replicas()) {
            Files.createDirectories(directory.safety(replica.id()));
            ReplicaStore.create(directory.safety(replica.id()), Root.genesis(genesis.chain()));
        }
    }
}
