package org.ztp.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ztp.consensus.Message;
import org.ztp.index.LedgerIndex;
import org.ztp.index.Receipts;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.StateTree;
import org.ztp.wire.Hash;

/**
 * The states that peers are taking over. A state never changes, so keeping one costs what the ledger has changed of it since,
 * and no commit waits for it. One for each peer at most, which it keeps while the peer goes on asking. Any thread.
 */
final class SnapshotShelf {
    /** How long a state is kept for a peer that has not asked again. */
    static final long KEPT_NS = 60_000_000_000L;

    /** Blocks in which the epoch is looked for that a header names; beyond, it is the last of all or not told. */
    private static final int EPOCH_AWAY = 1_024;

    private final ReplicaStore store;
    private final int pageBytes;
    /** Guarded by this. */
    private final Map<Integer, Kept> kept = new HashMap<>();
    private volatile boolean keeps;

    private record Kept(StateTree state, long askedNs) { }

    /** The states of one store, in pages of about so many bytes. */
    SnapshotShelf(final ReplicaStore store, final int pageBytes) {
        this.store = store;
        this.pageBytes = pageBytes;
    }

    /** The newest state that can be proven, kept from now on for a peer; empty if there is none now. */
    synchronized Optional<Message.SnapshotHere> newest(final int peer, final long nowNs) {
        forget(nowNs);
        final Optional<LedgerIndex.NamedState> named = store.index().named();
        final Optional<SnapshotHead> head = named.flatMap(state -> head(state.height()))
            .filter(one -> one.stateDigest().equals(named.get().state().digest()));
        head.ifPresent(one -> kept.put(peer, new Kept(named.get().state(), nowNs)));
        keeps = !kept.isEmpty();
        return head.map(Message.SnapshotHere::new);
    }

    private Optional<SnapshotHead> head(final long namedBy) {
        final Optional<BlockHeader> header = store.blocks().block(namedBy - 1).map(Block::header);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        final Optional<Epoch> epoch = epoch(header.get());
        return Receipts.finality(store.index().queries(), store.source(), namedBy)
            .map(above -> new SnapshotHead(header.get(), epoch, above))
            .filter(head -> head.fault(header.get().chain(), header.get().subCluster()).isEmpty());
    }

    /** The epoch that a header names: some block holds it, this one or one below; empty if that is far. */
    private Optional<Epoch> epoch(final BlockHeader header) {
        for (long height = header.height(); header.epoch() > 0 && height > Math.max(0, header.height() - EPOCH_AWAY); height--) {
            final Optional<Block> block = store.blocks().block(height);
            if (block.isEmpty() || block.get().epoch().isPresent()) {
                return block.flatMap(Block::epoch);
            }
        }
        return header.epoch() > 0 ? store.epoch() : Optional.empty();
    }

    /** A page of the state that is kept for a peer; empty if that is another one by now. */
    Optional<Message.StateHere> page(final int peer, final Message.WantState want, final long nowNs) {
        return asked(peer, want.digest(), nowNs).flatMap(state -> state.page(want.at(), pageBytes))
            .map(page -> new Message.StateHere(want.digest(), want.at(), page));
    }

    private synchronized Optional<StateTree> asked(final int peer, final Hash digest, final long nowNs) {
        forget(nowNs);
        final Kept one = kept.get(peer);
        if (one == null || !one.state().digest().equals(digest)) {
            return Optional.empty();
        }
        kept.put(peer, new Kept(one.state(), nowNs));
        return Optional.of(one.state());
    }

    /** Lets go of what was not asked for any more; costs nothing while nothing is kept. */
    void forget(final long nowNs) {
        if (keeps) {
            letGo(nowNs);
        }
    }

    private synchronized void letGo(final long nowNs) {
        kept.values().removeIf(one -> nowNs - one.askedNs() > KEPT_NS);
        keeps = !kept.isEmpty();
    }
}
