package org.ztp.ledger;

import java.util.List;

/** Executes blocks. Deterministic and pure: same state, same block, same result; the state given stays as it was. */
public interface StateMachine {
    /** The state before the first block. */
    LedgerState genesis();

    /**
     * Executes a block.
     *
     * @param before the state after the block's parent
     * @param block the block
     * @param batches the batches that it names, in its order, each bundle's id known
     */
    Executed execute(LedgerState before, Block block, List<Batch> batches);

    /**
     * What came out of a block.
     *
     * @param after the state after it
     * @param outcomes one for each transaction that is no record, each malformed record and each bundle that did not
     *     count, by ascending position; what none is told of was taken in
     */
    record Executed(LedgerState after, List<Outcome> outcomes) {
        /** Keeps the list as it is. */
        public Executed {
            outcomes = List.copyOf(outcomes);
        }
    }
}
