package org.ztp.epoch;

import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.Epoch;

/** What can happen to a node's {@link EpochCore}. */
public sealed interface EpochEvent {
    /** Time has passed. */
    record Tick() implements EpochEvent { }

    /**
     * A replica of this node has made a block final.
     *
     * @param subCluster its sub-cluster
     * @param commit the block's commit certificate, which the replica has checked
     */
    record Final(int subCluster, Certificate commit) implements EpochEvent { }

    /**
     * Whether a sub-cluster that this node has replicas of can go on, as far as this node knows.
     *
     * @param subCluster its number
     * @param stalled whether too few of its replicas seem to run
     */
    record Standing(int subCluster, boolean stalled) implements EpochEvent { }

    /** A final block of this node's names an epoch, which the replica has checked. */
    record Named(Epoch epoch) implements EpochEvent { }

    /** Another node has said something; the transport vouches for its number. */
    record Received(int from, EpochMessage message) implements EpochEvent { }
}
