package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;

/**
 * What a replica found on its own disk when it started.
 *
 * @param height height of the last final block, 0 for none
 * @param block its hash, the chain's name for none
 * @param view its view, 0 for none
 * @param timeMillis its time
 * @param epoch the epoch that its chain named last
 * @param state the state after it
 * @param undecided blocks above it that were recorded, in the order of their heights
 * @param batches batches recorded that no final block names
 * @param gap whether the state comes from a snapshot, and not all blocks below that are here
 */
public record Recovered(long height, Hash block, long view, long timeMillis, Optional<Epoch> epoch, LedgerState state,
                        List<Block> undecided, List<StoredBatch> batches, boolean gap) {
    /** A batch found in the journal; its root has been computed again. */
    public record StoredBatch(BatchRef ref, Batch batch) { }

    /** Keeps the lists as they are. */
    public Recovered {
        undecided = List.copyOf(undecided);
        batches = List.copyOf(batches);
    }

    /** A replica with nothing on its disk. */
    public static Recovered blank(final Hash chain, final LedgerState genesis) {
        return new Recovered(0, chain, 0, 0, Optional.empty(), genesis, List.of(), List.of(), false);
    }
}
