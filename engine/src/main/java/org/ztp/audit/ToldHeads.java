package org.ztp.audit;

import java.util.Arrays;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The heads that the epochs of one chain tell of each sub-cluster, to be compared with that one's own chain: 40 bytes
 * each. Along a chain no head goes back, so each is told once. Owned by the verifying thread.
 */
final class ToldHeads {
    private static final int ENTRY_BYTES = 8 + Hash.BYTES;

    private final WireWriter[] entries;
    private final long[] highest;

    /** Takes a head. */
    @FunctionalInterface
    interface Visitor {
        /** A head of a sub-cluster. */
        void head(int subCluster, long height, Hash block);
    }

    ToldHeads(final int subClusters) {
        entries = new WireWriter[subClusters];
        Arrays.setAll(entries, each -> new WireWriter(ENTRY_BYTES));
        highest = new long[subClusters];
    }

    /** Takes in what an epoch tells above what was told before. */
    void add(final Epoch epoch) {
        for (int i = 0; i < entries.length; i++) {
            final EpochHead head = epoch.heads().get(i);
            if (head.height() > highest[i]) {
                highest[i] = head.height();
                entries[i].u64(head.height()).hash(head.block());
            }
        }
    }

    void forEach(final Visitor visitor) {
        for (int i = 0; i < entries.length; i++) {
            final WireReader in = new WireReader(entries[i].array(), 0, entries[i].size());
            while (in.remaining() > 0) {
                visitor.head(i, in.u64(), in.hash());
            }
        }
    }
}
