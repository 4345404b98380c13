package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.BundleHasher;
import org.ztp.wire.Hash;

/** Hashing for one thread: a replica's own, or the one that recovers it. */
public final class ThreadHashing implements BatchHashing {
    private final BundleHasher hasher;

    /**
     * Hashing of a ledger.
     *
     * @param chain its id
     */
    public ThreadHashing(final Hash chain) {
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
