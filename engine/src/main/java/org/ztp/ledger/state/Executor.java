package org.ztp.ledger.state;

import java.util.List;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.StateMachine;

/**
 * Executes blocks: each bundle counts once, records are taken in, all other transactions follow the rules.
 *
 * <p>Blocks whose bundles hold records alone cost one small write for each submission that they belong to.
 */
public final class Executor implements StateMachine {
    private final TransactionRules rules;

    /**
     * An executor.
     *
     * @param rules for transactions that are no records
     */
    public Executor(final TransactionRules rules) {
        this.rules = rules;
    }

    @Override
    public BlockState genesis() {
        return BlockState.GENESIS;
    }

    /**
     * Executes a block.
     *
     * @param before a state that this class made
     */
    @Override
    public Executed execute(final LedgerState before, final Block block, final List<Batch> batches) {
        final StateTree tree = ((BlockState) before).tree();
        final BlockExecution execution = new BlockExecution(rules, tree, block.header());
        for (int i = 0; i < batches.size(); i++) {
            execution.batch(i, batches.get(i));
        }
        final StateChanges changes = execution.finish();
        return new Executed(new BlockState(tree.with(changes), changes), execution.outcomes());
    }
}
