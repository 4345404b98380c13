package org.ztp.consensus;

import java.util.Set;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.epoch.Epoch;

/** What can happen to a replica. */
public sealed interface Event {
    /** Time has passed. */
    record Tick() implements Event {
        /** One is as good as another. */
        public static final Tick TICK = new Tick();
    }

    /** A peer has said something; the transport vouches for the sender's id. */
    record Received(int from, Message message) implements Event { }

    /** The node's own team has made a batch; its signatures are checked and its bundles identified. */
    record BatchMade(BatchRef ref, Batch batch) implements Event { }

    /**
     * The team has checked a batch that {@link Action.CheckBatch} asked for.
     *
     * @param from who sent it
     * @param ref what it was said to be
     * @param batch the batch, its bundles identified if it is valid
     * @param valid whether its root is the one told and (if asked) each signature is good
     */
    record BatchChecked(int from, BatchRef ref, Batch batch, boolean valid) implements Event { }

    /**
     * An epoch was made, for the next block to name if it is good; nothing is done for it alone.
     *
     * @param from who gave it
     * @param epoch the epoch, not checked yet
     */
    record EpochMade(int from, Epoch epoch) implements Event { }

    /**
     * Whom the node has not heard of for too long, instead of whom it was told of before. It may be mistaken: who leads
     * and is suspected gets less time, and nothing else follows.
     *
     * @param replicas members of the group
     */
    record Suspected(Set<Integer> replicas) implements Event { }

    /** The snapshot of {@link Action.SnapshotTaken} could not be made durable. */
    record SnapshotLost() implements Event { }

    /** Everything that was asked to be persisted up to this ticket is durable. */
    record Persisted(long ticket) implements Event { }
}
