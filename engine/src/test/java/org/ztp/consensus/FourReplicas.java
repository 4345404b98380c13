package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Samples;
import org.ztp.wire.Hash;

/** For tests: the group of four on the samples' chain, and the hashes of batches that are taken for good. */
final class FourReplicas {
    static final Group GROUP = new Group(Samples.CHAIN, 0, List.of(0, 1, 2, 3));
    static final BatchHashing HASHING = new BatchHashing() {
        @Override
        public Optional<BatchRef> identify(final Batch batch) {
            return Optional.of(Samples.ref(batch));
        }

        @Override
        public Hash transactionsRoot(final List<BatchRef> refs) {
            return BlockRoot.of(refs);
        }
    };

    private FourReplicas() {
    }
}
