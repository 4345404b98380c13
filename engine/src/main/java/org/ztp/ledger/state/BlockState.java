package org.ztp.ledger.state;

import java.util.Optional;
import org.ztp.ledger.LedgerState;
import org.ztp.wire.Hash;

/**
 * The state after a block.
 *
 * @param tree all of it
 * @param changes what the block changed, so that a store need be told no more
 */
public record BlockState(StateTree tree, StateChanges changes) implements LedgerState, StateReader {
    /** The state before the first block: nothing. */
    public static final BlockState GENESIS = new BlockState(StateTree.EMPTY, StateChanges.NONE);

    @Override
    public Hash digest() {
        return tree.digest();
    }

    @Override
    public boolean answersFor(final long height) {
        return tree.get(OutcomeRoot.key(height)).isPresent();
    }

    @Override
    public Optional<byte[]> get(final byte[] key) {
        return tree.get(key);
    }
}
