package org.ztp.index;

import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;

/** Reads blocks and batches where the index says they are; the journal, or a copy of it. */
public interface LedgerSource {
    /** The block whose record is at a position; empty if there is none that can be read. */
    Optional<Block> block(long position);

    /** The batch whose record is at a position, its bundles identified; empty if there is none that can be read. */
    Optional<Batch> batch(long position);
}
