package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.wire.Hash;

/** Merkle hashing of batches and blocks, on the calling thread; pure. */
public interface BatchHashing {
    /** Hashes a batch, so that its bundles are identified. Empty if it breaks a rule. */
    Optional<BatchRef> identify(Batch batch);

    /** Whether a batch is the one that a reference names; then its bundles are identified. */
    default boolean isNamed(final Batch batch, final BatchRef ref) {
        return identify(batch).equals(Optional.of(ref));
    }

    /** Root over the batches that a block names. */
    Hash transactionsRoot(List<BatchRef> refs);
}
