package org.ztp.audit;

import java.util.ArrayList;
import java.util.List;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The heads that the epochs of one chain tell of each sub-cluster, to be compared with that one's own chain: 48 bytes
 * each. Along a chain no head goes back, so each is told once. Owned by the verifying thread.
 */
final class ToldHeads {
    private static final int ENTRY_BYTES = 8 + 8 + Hash.BYTES;
    private static final int PAGE_BYTES = ENTRY_BYTES << 14;

    private final List<List<WireWriter>> pages = new ArrayList<>();
    private final long[] highest;

    /** Takes a head. */
    @FunctionalInterface
    interface Visitor {
        /** A head of a sub-cluster: its block was voted for in a view. */
        void head(int subCluster, long height, long view, Hash block);
    }

    ToldHeads(final int subClusters) {
        for (int i = 0; i < subClusters; i++) {
            pages.add(new ArrayList<>());
        }
        highest = new long[subClusters];
    }

    /** Takes in what an epoch tells above what was told before. */
    void add(final Epoch epoch) {
        for (int i = 0; i < highest.length; i++) {
            final EpochHead head = epoch.heads().get(i);
            if (head.height() > highest[i]) {
                highest[i] = head.height();
                page(pages.get(i)).u64(head.height()).u64(head.certificate().view()).hash(head.block());
            }
        }
    }

    /** One with room for another head. */
    private static WireWriter page(final List<WireWriter> all) {
        if (all.isEmpty() || all.get(all.size() - 1).size() == PAGE_BYTES) {
            all.add(new WireWriter(ENTRY_BYTES));
        }
        return all.get(all.size() - 1);
    }

    void forEach(final Visitor visitor) {
        for (int i = 0; i < highest.length; i++) {
            for (final WireWriter page : pages.get(i)) {
                final WireReader in = new WireReader(page.array(), 0, page.size());
                while (in.remaining() > 0) {
                    visitor.head(i, in.u64(), in.u64(), in.hash());
                }
            }
        }
    }
}
