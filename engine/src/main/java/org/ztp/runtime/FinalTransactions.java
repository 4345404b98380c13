package org.ztp.runtime;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;

/** Reads the bytes of final transactions from one replica's index and journal. Any thread; may read from disk. */
final class FinalTransactions {
    private final ReplicaStore store;
    private final IndexQueries index;

    FinalTransactions(final ReplicaStore store) {
        this.store = store;
        this.index = store.index().queries();
    }

    /** The bytes of a transaction; empty if it is not in the index, or cannot be read. */
    Optional<byte[]> bytes(final TransactionId id) {
        return index.bundle(id.bundle()).flatMap(place -> bytes(place.height(), place.batch(), place.bundle(),
            id.index()));
    }

    private Optional<byte[]> bytes(final long height, final int batch, final int bundle, final int wanted) {
        final Optional<Block> block = index.block(height).flatMap(at -> store.source().block(at.position()));
        if (block.isEmpty()) {
            return Optional.empty();
        }
        final OptionalLong position = index.batch(block.get().batches().get(batch).root());
        final Optional<Batch> content = position.isEmpty() ? Optional.empty()
            : store.source().batch(position.getAsLong());
        return content.flatMap(found -> bytes(found.bundles().get(bundle), wanted));
    }

    private static Optional<byte[]> bytes(final Bundle bundle, final int wanted) {
        final byte[][] found = new byte[1][];
        bundle.forEach((at, array, offset, length) -> {
            if (at == wanted) {
                found[0] = Arrays.copyOfRange(array, offset, offset + length);
            }
        });
        return Optional.ofNullable(found[0]);
    }
}
