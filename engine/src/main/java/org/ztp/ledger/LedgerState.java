package org.ztp.ledger;

import org.ztp.wire.Hash;

/** The state after a block, as a value that never changes: many may exist at once, one for each undecided block. */
public interface LedgerState {
    /** Digest of all of its content, equal on every honest replica after the same blocks. */
    Hash digest();

    /** Whether it answers for outcomes of the block at a height: a header that names its digest then proves them. */
    boolean answersFor(long height);
}
