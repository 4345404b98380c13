package org.ztp.client;

import java.util.Comparator;
import org.ztp.ledger.receipt.Position;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A place in the log of all sub-clusters, which has the heights in their order, and at each height the sub-clusters in
 * theirs. So a page may end inside a block.
 *
 * <pre>
 *   u64 height | u16 sub-cluster | u32 batch | u32 bundle | u32 transaction
 * </pre>
 *
 * @param height 0 or more
 * @param subCluster whose chain, 0 to 65,535
 * @param position where in the block
 */
public record LogPlace(long height, int subCluster, Position position) implements Comparable<LogPlace> {
    private static final Comparator<LogPlace> ORDER = Comparator.comparingLong(LogPlace::height)
        .thenComparingInt(LogPlace::subCluster).thenComparing(LogPlace::position);

    /** The first place at a height. */
    public static LogPlace from(final long height) {
        return new LogPlace(height, 0, Position.FIRST);
    }

    /** The first place on the chain of a sub-cluster that is not before this one. */
    public LogPlace on(final int chain) {
        if (chain == subCluster) {
            return this;
        }
        return new LogPlace(chain > subCluster ? height : height + 1, chain, Position.FIRST);
    }

    @Override
    public int compareTo(final LogPlace other) {
        return ORDER.compare(this, other);
    }

    void encode(final WireWriter out) {
        position.encode(out.u64(height).u16(subCluster));
    }

    /** Reads one; the reader fails if it is none. */
    static LogPlace decode(final WireReader in) {
        return new LogPlace(in.u64(), in.u16(), Position.decode(in));
    }
}
