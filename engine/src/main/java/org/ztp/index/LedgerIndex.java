package org.ztp.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.ledger.state.StateChanges;
import org.ztp.ledger.state.StateTree;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.storage.StorageException;
import org.ztp.storage.state.KeyValueBatch;
import org.ztp.storage.state.KeyValueCursor;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Writes final blocks into the tables, one after another; each is one atomic batch, so a crash leaves the index as it
 * was after some block. Owned by one thread; {@link #queries()} and {@link #named()} are for all.
 */
public final class LedgerIndex {
    private static final int LOAD_KEYS = 65_536;

    private final KeyValueStore store;
    private final TransactionRules rules;
    private final IndexQueries queries;
    private final Hash chain;
    private final KeyValueBatch changes = new KeyValueBatch();
    private final SubmissionRuns runs = new SubmissionRuns();
    private Applied applied;
    private StateTree state;
    private volatile Optional<NamedState> named = Optional.empty();

    /**
     * A state that a final block's header names.
     *
     * @param height height of that block
     * @param state the state after its parent
     */
    public record NamedState(long height, StateTree state) {
    }

    private LedgerIndex(final KeyValueStore store, final TransactionRules rules, final Hash chain) {
        this.store = store;
        this.rules = rules;
        this.chain = chain;
        this.queries = new IndexQueries(store);
    }

    /**
     * Opens the index and loads the state.
     *
     * @param store opened with {@link IndexTable#names()}; stays the caller's
     * @param rules tell which dataset a transaction is about
     * @param chain hash of the genesis
     * @throws StorageException of kind CORRUPT if the state is not that of its digest: then the tables are to be
     *     deleted and rebuilt
     */
    public static LedgerIndex open(final KeyValueStore store, final TransactionRules rules, final Hash chain) {
        final LedgerIndex index = new LedgerIndex(store, rules, chain);
        index.load();
        return index;
    }

    /** How far the index is: height 0 and the genesis if no block was applied. */
    public Applied applied() {
        return applied;
    }

    /** The state after the block that was applied last; it names no changes. */
    public BlockState state() {
        return new BlockState(state, StateChanges.NONE);
    }

    /** What the index knows. */
    public IndexQueries queries() {
        return queries;
    }

    /** The newest state that a final block names: the one before the last block; empty until a block was applied. */
    public Optional<NamedState> named() {
        return named;
    }

    /**
     * Applies the next final block.
     *
     * @throws IllegalStateException if it is not the next one, or its state does not grow from the last one's
     */
    public void apply(final IndexedBlock indexed) {
        final long height = indexed.block().height();
        if (height != applied.height() + 1 || !indexed.block().header().parent().equals(applied.block())
            || !indexed.block().header().stateDigest().equals(applied.stateDigest())) {
            throw new IllegalStateException("not the next block: expected=" + (applied.height() + 1) + " on "
                + applied.block() + " actual=" + height + " on " + indexed.block().header().parent());
        }
        changes.clear();
        final StateTree before = state;
        new BlockIndexing(rules, store, indexed, runs, changes).changes();
        proof(before, height - 1);
        store.write(changes);
        state = ((BlockState) indexed.executed().after()).tree();
        applied = new Applied(height, indexed.block().hash(), state.digest(), indexed.floor());
        named = Optional.of(new NamedState(height, before));
    }

    /** Keeps why the header of this block proves the outcomes of the one below: later states are other trees. */
    private void proof(final StateTree before, final long height) {
        before.prove(OutcomeRoot.key(height)).ifPresent(proof -> {
            final WireWriter out = new WireWriter();
            proof.encode(out);
            changes.put(IndexTable.OUTCOMES.ordinal(), IndexKeys.proof(height), out.toBytes());
        });
    }

    /**
     * Goes on from a snapshot; nothing was applied before. Broken off in between, the index is not that of any block, and is
     * deleted and rebuilt.
     *
     * @param at the block, the digest of the state after it, and where in the journal the snapshot ends
     * @param snapshot the state
     */
    public void adopt(final Applied at, final StateTree snapshot) {
        if (applied.height() > 0 || !snapshot.digest().equals(at.stateDigest())) {
            throw new IllegalStateException("not to be adopted: applied=" + applied.height() + " expected="
                + at.stateDigest() + " actual=" + snapshot.digest());
        }
        changes.clear();
        final int[] keys = {0};
        snapshot.forEach((key, value) -> {
            changes.put(IndexTable.STATE.ordinal(), key, value);
            if (++keys[0] % LOAD_KEYS == 0) {
                store.write(changes);
                changes.clear();
            }
        });
        changes.put(IndexTable.APPLIED.ordinal(), IndexKeys.APPLIED, at.encode());
        store.write(changes);
        state = snapshot;
        applied = at;
    }

    private void load() {
        applied = queries.applied().orElse(new Applied(0, chain, StateTree.EMPTY.digest(), 0));
        state = StateTree.EMPTY;
        final List<StateChanges.Change> changes = new ArrayList<>();
        try (KeyValueCursor cursor = store.scan(IndexTable.STATE.ordinal(), new byte[0])) {
            while (cursor.next()) {
                changes.add(StateChanges.put(cursor.key(), cursor.value()));
                if (changes.size() == LOAD_KEYS) {
                    state = state.with(new StateChanges(changes));
                    changes.clear();
                }
            }
        }
        state = state.with(new StateChanges(changes));
        if (!state.digest().equals(applied.stateDigest())) {
            throw new StorageException(StorageException.Kind.CORRUPT, "state at height " + applied.height()
                + ": expected=" + applied.stateDigest() + " actual=" + state.digest());
        }
    }
}
