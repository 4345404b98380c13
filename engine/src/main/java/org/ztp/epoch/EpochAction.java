package org.ztp.epoch;

import org.ztp.ledger.epoch.Epoch;

/** What a node's {@link EpochCore} wants done. */
public sealed interface EpochAction {
    /** Send a message to another node. */
    record Send(int to, EpochMessage message) implements EpochAction { }

    /** There is a new epoch, checked; the node's replicas are to know of it. Numbers rise. */
    record Known(Epoch epoch) implements EpochAction { }

    /** A node did what an honest one would not: for the fault hook. */
    record Fault(int node, String detail) implements EpochAction { }
}
