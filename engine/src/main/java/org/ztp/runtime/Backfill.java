package org.ztp.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.ThreadHashing;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.ledger.Voters;

/**
 * Gets the blocks that a replica lacks which goes on from a snapshot. It is a replica like any other that is behind, and
 * takes in what a commit certificate covers, from its own last block on; but it is told of final blocks alone, has no
 * key, and nobody hears of it but by its requests. What lies above the snapshot it reads from the store that votes are made
 * of. Owned by one thread.
 */
public final class Backfill {
    /** Blocks that are few enough to be taken over while the replica is out. */
    private static final long NEAR = 64;

    private final ReplicaStores stores;
    private final long snapshot;
    private final ReplicaCore core;
    private final JournalDuty journal;
    private final Way way;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final List<Action> actions = new ArrayList<>();

    /** What it may say. */
    public interface Way {
        /** Asks a peer for final blocks. */
        void ask(int peer, Message.WantFinal wanted);

        /** A peer has sent what an honest one would not. */
        void accuse(Action.Fault fault);
    }

    /**
     * Fills the gap of some stores.
     *
     * @param stores with a gap
     * @param group who orders the chain
     * @param self the replica's id
     * @param limits of the replica's core
     * @param signatures checks certificates
     * @param subClusters who votes in each sub-cluster, by its number
     * @param way to the others
     */
    Backfill(final ReplicaStores stores, final Group group, final int self, final Limits limits,
             final SignatureCheck signatures, final List<Voters> subClusters, final Way way) {
        this.stores = stores;
        this.way = way;
        snapshot = stores.voting().snapshot().orElseThrow().height();
        final ReplicaStore store = stores.whole();
        core = new ReplicaCore(group, self, limits.withoutSnapshots(), new SafetyRules(group, self, message -> {
            throw new IllegalStateException("who only reads has something to sign");
        }, store.safetyState()), signatures, new ThreadHashing(group.chain()), store.machine(), store.takeRecovered(),
            subClusters);
        journal = store.journalDuty(ticket -> events.add(new Event.Persisted(ticket)), () -> { });
    }

    /** Whether it wants to be told of a message: where peers stand, and blocks from below the snapshot. */
    public boolean concerns(final Message message) {
        return message instanceof Message.Status || message instanceof Message.FinalBlocks blocks
            && !blocks.blocks().isEmpty() && blocks.blocks().get(0).block().height() <= snapshot;
    }

    /** Takes an event in, and makes durable what comes of it. */
    public void step(final long nowNs, final long wallMillis, final Event first) {
        events.add(first);
        for (Event event = events.poll(); event != null; event = events.poll()) {
            core.step(nowNs, wallMillis, event, actions);
            actions.forEach(this::perform);
            actions.clear();
            journal.finish();
        }
    }

    private void perform(final Action action) {
        if (action instanceof Action.Persist persist) {
            journal.persist(persist);
        } else if (action instanceof Action.Finalized said) {
            journal.finalized(said);
        } else if (action instanceof Action.Send send && send.message() instanceof Message.WantFinal want) {
            if (want.fromHeight() > snapshot) {
                stores.voting().blocks().from(want.fromHeight())
                    .ifPresent(blocks -> events.add(new Event.Received(send.to(), blocks)));
            } else {
                way.ask(send.to(), want);
            }
        } else if (action instanceof Action.Fault fault) {
            way.accuse(fault);
        }
    }

    /** When a tick is due at the latest. */
    public long nextTickNs() {
        return core.nextTickNs();
    }

    /** Height up to which all blocks are here and indexed. */
    public long indexedHeight() {
        return journal.indexedHeight();
    }

    /** Whether nothing is missing between the first block and the snapshot, and little above it was not taken over yet. */
    public boolean isClosed(final long finalHeight) {
        return indexedHeight() >= snapshot && finalHeight - indexedHeight() <= NEAR;
    }
}
