package org.ztp.index;

import org.ztp.ledger.receipt.Position;

/**
 * Where a transaction is.
 *
 * @param height height of its block
 * @param position where in the block
 */
public record TransactionPlace(long height, Position position) {
    /** Where the ledger begins, or before it. */
    public static final TransactionPlace BEGINNING = new TransactionPlace(0, Position.FIRST);
}
