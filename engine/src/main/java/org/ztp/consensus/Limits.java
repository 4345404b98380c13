package org.ztp.consensus;

/**
 * Bounds of the consensus core.
 *
 * @param blockBytes most bytes of the batches that a block of this replica's names, if they are several
 * @param blockBytesMax the same of any replica's block: all replicas have the same, or they would not vote for each other's
 * @param blockBatches most batches that a block names
 * @param pipeline most blocks above the last final one that a leader extends
 * @param heightsAhead blocks further above the last final one are not kept
 * @param viewsAhead messages of views further ahead than this are not looked at
 * @param pooledBytesPerPeer most bytes of batches not yet final that one peer may have here
 * @param waitingBytes while more bytes than this are on their way to the disk, no batches, blocks and certificates are
 *     taken in, and none proposed
 * @param clockAheadMillis how far a block's time may be from this replica's
 * @param viewTimeoutNs first time-out of a view; doubles with each view without progress
 * @param viewTimeoutMaxNs bound of the doubling
 * @param heartbeatNs interval of status messages
 * @param recentNs for so long it counts how far a peer said that it is
 * @param retransmitNs what had no answer for this long is said again
 * @param snapshotBehind who is more blocks behind than this takes a snapshot of the state first, 0 for never
 */
public record Limits(int blockBytes, int blockBytesMax, int blockBatches, int pipeline, int heightsAhead, int viewsAhead,
                     long pooledBytesPerPeer, long waitingBytes, long clockAheadMillis, long viewTimeoutNs,
                     long viewTimeoutMaxNs, long heartbeatNs, long recentNs, long retransmitNs, long snapshotBehind) {
    /** The same, for who takes blocks alone. */
    public Limits withoutSnapshots() {
        return new Limits(blockBytes, blockBytesMax, blockBatches, pipeline, heightsAhead, viewsAhead, pooledBytesPerPeer,
            waitingBytes, clockAheadMillis, viewTimeoutNs, viewTimeoutMaxNs, heartbeatNs, recentNs,
            retransmitNs, 0);
    }

    /** The defaults of the configuration. */
    public static Limits defaults() {
        return new Limits(8 << 20, 8 << 20, 256, 4, 64, 1_000, 256L << 20, 256L << 20, 10_000, 500_000_000L,
            16_000_000_000L, 100_000_000L, 1_000_000_000L, 100_000_000L, 10_000);
    }
}
