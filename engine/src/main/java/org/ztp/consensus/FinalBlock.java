package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;

/**
 * A final block with its batches.
 *
 * @param block the block
 * @param batches the batches that it names, in its order
 * @param certificate its commit certificate; empty if a descendant's makes it final
 */
public record FinalBlock(Block block, List<Batch> batches, Optional<Certificate> certificate) {
    /** Keeps the list as it is. */
    public FinalBlock {
        batches = List.copyOf(batches);
    }
}
