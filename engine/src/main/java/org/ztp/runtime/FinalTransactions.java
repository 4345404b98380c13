package org.ztp.runtime;

import java.util.Arrays;
import java.util.Optional;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.index.BundlePlace;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.Bundle;

/** Reads the bytes of final transactions from one replica's index and journal. Any thread; may read from disk. */
final class FinalTransactions {
    private final StoredBlocks blocks;
    private final IndexQueries index;

    FinalTransactions(final ReplicaStore store) {
        blocks = store.blocks();
        index = store.index().queries();
    }

    /** The bytes of a transaction; empty if it is not in the index, or cannot be read. */
    Optional<byte[]> bytes(final TransactionId id) {
        return index.bundle(id.bundle()).flatMap(this::bundle).flatMap(bundle -> bytes(bundle, id.index()));
    }

    private Optional<Bundle> bundle(final BundlePlace place) {
        return blocks.block(place.height()).flatMap(block -> blocks.batch(block.batches().get(place.batch()).root()))
            .map(batch -> batch.bundles().get(place.bundle()));
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
