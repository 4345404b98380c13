package org.ztp.transport;

import org.ztp.consensus.Message;
import org.ztp.epoch.EpochMessage;
import org.ztp.release.ReleaseMessage;

/** What replicas send to each other. Immutable, so that inside a process it travels as it is. */
public sealed interface Parcel {
    /** About the order of blocks. */
    record Ordering(Message message) implements Parcel { }

    /** About the release of keys. */
    record Releasing(ReleaseMessage message) implements Parcel { }

    /** About who runs which replica. */
    record Announcing(RankNotice notice) implements Parcel { }

    /** About epochs; between sub-clusters too. */
    record Epochs(EpochMessage message) implements Parcel { }

    /** About what a client asked; between sub-clusters. */
    record Relaying(RelayMessage message) implements Parcel { }
}
