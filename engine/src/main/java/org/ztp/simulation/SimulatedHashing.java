package org.ztp.simulation;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.BatchHashing;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.BundleHasher;
import org.ztp.wire.Hash;

/** The real hashing, on one thread. */
final class SimulatedHashing implements BatchHashing {
    private final BundleHasher hasher;

    SimulatedHashing(final Hash chain) {
        hasher = new BundleHasher(chain);
    }

    @Override
    public Optional<BatchRef> identify(final Batch batch) {
        return Optional.of(BatchRoot.of(hasher, batch));
    }

    @Override
    public Hash transactionsRoot(final List<BatchRef> refs) {
        return BlockRoot.of(refs);
    }
}
