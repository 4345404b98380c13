package org.ztp.ledger.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A block's changes while it is executed, and those of one transaction over them. Owned by the executing thread. */
final class PendingState implements StateView {
    private final StateReader before;
    private final Map<StateKey, Optional<byte[]>> block = new HashMap<>();
    private final Map<StateKey, Optional<byte[]>> transaction = new HashMap<>();

    PendingState(final StateReader before) {
        this.before = before;
    }

    @Override
    public Optional<byte[]> get(final byte[] key) {
        final StateKey name = new StateKey(key);
        final Optional<byte[]> own = transaction.get(name);
        final Optional<byte[]> earlier = own == null ? block.get(name) : own;
        return earlier == null ? before.get(key) : earlier;
    }

    @Override
    public void put(final byte[] key, final byte[] value) {
        transaction.put(new StateKey(key), Optional.of(value));
    }

    @Override
    public void delete(final byte[] key) {
        transaction.put(new StateKey(key), Optional.empty());
    }

    /** Makes the transaction's changes the block's. */
    void keep() {
        block.putAll(transaction);
        transaction.clear();
    }

    /** Forgets the transaction's changes. */
    void drop() {
        transaction.clear();
    }

    /** All that was kept. */
    StateChanges changes() {
        return StateChanges.of(block);
    }
}
