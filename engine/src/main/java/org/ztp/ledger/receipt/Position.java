package org.ztp.ledger.receipt;

import java.util.Comparator;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Where a transaction stands in its block; each number counts from 0.
 *
 * @param batch position of its batch in the block
 * @param bundle position of its bundle in the batch
 * @param transaction position in the bundle
 */
public record Position(int batch, int bundle, int transaction) implements Comparable<Position> {
    /** The first of a block. */
    public static final Position FIRST = new Position(0, 0, 0);
    private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::batch)
        .thenComparingInt(Position::bundle).thenComparingInt(Position::transaction);

    @Override
    public int compareTo(final Position other) {
        return ORDER.compare(this, other);
    }

    /** Writes it: u32 batch, u32 bundle, u32 transaction. */
    public void encode(final WireWriter out) {
        out.u32(batch).u32(bundle).u32(transaction);
    }

    /** Reads one; the reader fails if the bytes end before. */
    public static Position decode(final WireReader in) {
        return new Position(in.u32(), in.u32(), in.u32());
    }
}
