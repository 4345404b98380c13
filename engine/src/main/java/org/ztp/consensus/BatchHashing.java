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

    /** Root over the batches that a block names. */
    Hash transactionsRoot(List<BatchRef> refs);
}
