package org.ztp.ledger.receipt;

import java.util.Comparator;

/**
 * Where a transaction stands on its chain.
 *
 * @param height height of its block
 * @param position where in the block
 */
public record TransactionPlace(long height, Position position) implements Comparable<TransactionPlace> {
    /** Where the ledger begins, or before it. */
    public static final TransactionPlace BEGINNING = new TransactionPlace(0, Position.FIRST);
    private static final Comparator<TransactionPlace> ORDER = Comparator.comparingLong(TransactionPlace::height)
        .thenComparing(TransactionPlace::position);

    @Override
    public int compareTo(final TransactionPlace other) {
        return ORDER.compare(this, other);
    }
}
