package org.ztp.audit;

import java.util.List;
import org.ztp.wire.Hash;

/**
 * What a verification found.
 *
 * @param chain the chain's name, zero if the genesis cannot be read
 * @param running whether a service was running: then what was there at the beginning was verified
 * @param overtaken whether one was started when none was running: then what is wrong may be so because it was writing
 * @param subClusters by their numbers
 * @param replicas by their numbers, those whose directory is there
 * @param faults what is wrong, the first 1,000
 * @param faultCount how many there are in all
 * @param notes what is worth knowing, the first 1,000
 * @param noteCount how many there are in all
 * @param counts what was looked at
 * @param seconds how long it took
 */
public record VerificationReport(Hash chain, boolean running, boolean overtaken, List<SubClusterResult> subClusters,
                                 List<ReplicaResult> replicas, List<Finding> faults, long faultCount,
                                 List<Finding> notes, long noteCount, Counts counts, double seconds) {
    /**
     * One sub-cluster's chain.
     *
     * @param subCluster its number
     * @param height of the last block that was executed; all below it were too
     * @param block its hash, the chain's name at height 0
     * @param stateDigest digest of the state after it
     * @param transactions in all blocks
     */
    public record SubClusterResult(int subCluster, long height, Hash block, Hash stateDigest, long transactions) { }

    /**
     * One replica's journal.
     *
     * @param replica its number
     * @param height of the last block that it makes final
     * @param records how many it has
     */
    public record ReplicaResult(int replica, long height, long records) { }

    /**
     * What was looked at.
     *
     * @param transactions final ones, of all sub-clusters
     * @param signatures checked, of clients and replicas; one that several journals hold is checked once
     * @param certificates records of certificates
     * @param bytes read
     * @param datasets published
     * @param blobs files
     */
    public record Counts(long transactions, long signatures, long certificates, long bytes, long datasets,
                         long blobs) { }

    /** Keeps the lists as they are. */
    public VerificationReport {
        subClusters = List.copyOf(subClusters);
        replicas = List.copyOf(replicas);
        faults = List.copyOf(faults);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is wrong. */
    public boolean consistent() {
        return faultCount == 0;
    }

    /** The highest verified height of all sub-clusters. */
    public long height() {
        return subClusters.stream().mapToLong(SubClusterResult::height).max().orElse(0);
    }

    /** All of it as one JSON document (RFC 8259). */
    public String toJson() {
        return ReportJson.of(this);
    }
}
