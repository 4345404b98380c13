package org.ztp.cluster;

import java.util.List;
import org.ztp.crypto.Randomness;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * Where things belong when there are several sub-clusters: the one place that says so. Each is a function of bytes that
 * never change, so everybody finds the same place without asking, also after a restart.
 *
 * @param all the sub-clusters by their number, 1 or more
 */
public record SubClusters(List<SubCluster> all) {
    /** Keeps the list; refuses an empty one. */
    public SubClusters {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no sub-clusters");
        }
    }

    /** Those of a genesis. */
    public static SubClusters of(final Genesis genesis) {
        return new SubClusters(genesis.subClusters());
    }

    /** How many. */
    public int count() {
        return all.size();
    }

    /** The sub-cluster of a dataset: whose replicas hold its shares, and on whose chain alone it may be. */
    public SubCluster homeOf(final Hash dataset) {
        return all.get(homeOf(dataset, all.size()));
    }

    /** The number of a dataset's sub-cluster: the first 8 bytes of its id, little-endian, unsigned, modulo how many. */
    public static int homeOf(final Hash dataset, final int subClusters) {
        final byte[] id = dataset.toBytes();
        long number = 0;
        for (int i = 7; i >= 0; i--) {
            number = number << 8 | id[i] & 0xff;
        }
        return (int) Long.remainderUnsigned(number, subClusters);
    }

    /**
     * The number of the sub-cluster that takes a client's records: {@link #homeOf} of SHA-256(client key | submission).
     * It depends on nothing else, because a submission's window of sequences, which makes submitting exactly-once, is
     * in the state of one chain: a bundle handed in again, at whichever rank, must come to the same one, also after a
     * restart, and whichever sub-clusters have stopped.
     *
     * @param client the client's key
     * @param submission 16 bytes
     */
    public static int homeOfRecords(final Hash client, final byte[] submission, final int subClusters) {
        return homeOf(Hash.sha256(client.toBytes(), submission), subClusters);
    }

    /**
     * A new submission whose records belong to a sub-cluster: that of the rank that takes them in, so that they need
     * not travel.
     *
     * @param client the client's key
     * @param subCluster number of the sub-cluster
     * @param randomness where submissions come from
     * @return 16 bytes
     */
    public byte[] newSubmission(final Hash client, final int subCluster, final Randomness randomness) {
        byte[] submission = randomness.bytes(Bundle.SUBMISSION_BYTES);
        while (homeOfRecords(client, submission, count()) != subCluster) {
            submission = randomness.bytes(Bundle.SUBMISSION_BYTES);
        }
        return submission;
    }
}
