package org.ztp.index;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.StateMachine.Executed;

/**
 * A final block on its way into the index.
 *
 * @param block the block
 * @param batches the batches that it names, in its order, each bundle's id known
 * @param certificate its commit certificate; empty if a descendant's makes it final
 * @param executed what came of it
 * @param position journal position of the block's record
 * @param batchPositions journal positions of the batches' records; below 0 for a batch that an earlier block named too
 * @param floor journal position at or after which everything lies that is not in the index once this block is
 */
public record IndexedBlock(Block block, List<Batch> batches, Optional<Certificate> certificate, Executed executed,
                           long position, List<Long> batchPositions, long floor) {
    /** Keeps the lists as they are. */
    public IndexedBlock {
        batches = List.copyOf(batches);
        batchPositions = List.copyOf(batchPositions);
    }
}
