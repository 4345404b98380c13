package org.ztp.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ztp.consensus.Action;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Action.Persist;
import org.ztp.consensus.Message;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.index.IndexTable;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.runtime.DrivenStore;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.state.MemoryKeyValueStore;
import org.ztp.wire.Hash;

/**
 * What one replica keeps through all its lives: the real store, on a disk that loses, tears, misplaces and spoils what is
 * on it.
 */
final class SimulatedStore {
    private static final String JOURNAL = "journal";
    private static final String SAFETY = "safety";
    /** Calls of the disk that a write takes, at most about so many. */
    private static final int CALLS = 12;
    /** Calls that a start takes, or a snapshot. */
    private static final int CALLS_OF_START = 60;

    private final Hash chain;
    private final TransactionRules rules;
    private final SimulatedDisk disk;
    private final ArrayDeque<Action> waiting = new ArrayDeque<>();
    private MemoryKeyValueStore tables = tables();
    private MemoryKeyValueStore above = tables();
    private DrivenStore store;
    private SafetyState durable;

    SimulatedStore(final long seed, final Hash chain, final TransactionRules rules) {
        this.chain = chain;
        this.rules = rules;
        disk = new SimulatedDisk(seed);
        DrivenStore.create(disk.directory(SAFETY), chain);
    }

    private static MemoryKeyValueStore tables() {
        return new MemoryKeyValueStore(IndexTable.names());
    }

    /**
     * Starts from what is there.
     *
     * @throws StorageException if the disk is full
     */
    DrivenStore open() {
        store = DrivenStore.open(new DrivenStore.Media(disk.directory(JOURNAL), disk.directory(SAFETY),
            new DrivenStore.Tables(() -> tables, () -> tables = tables()), disk,
            new DrivenStore.Tables(() -> above, () -> above = tables())), chain, rules, ticket -> { });
        durable = store.safetyState();
        return store;
    }

    /** Begins to start, and dies on the way; or when it has just started. */
    void openInVain(final boolean keepsWrites, final Random random) {
        disk.failCall(1 + random.nextInt(CALLS_OF_START), SimulatedDisk.Fault.CRASH);
        try {
            open();
        } catch (final StorageException brokenOff) {
            store = null;
        }
        crash(keepsWrites, random);
    }

    /** Writes a snapshot down, and dies on the way. */
    void keepInVain(final Action.SnapshotTaken snapshot, final Random random) {
        disk.failCall(1 + random.nextInt(CALLS_OF_START), SimulatedDisk.Fault.CRASH);
        try {
            keep(snapshot);
        } catch (final StorageException brokenOff) {
            durable = null; // as far as anybody knows
        }
    }

    /** The safety record as the disk has it. */
    SafetyState durable() {
        return durable;
    }

    /** Something is to be made durable, or to be indexed after that. */
    void write(final Action action) {
        waiting.add(action);
    }

    /**
     * Makes everything up to a ticket durable.
     *
     * @throws StorageException if the disk fails
     */
    void sync(final long ticket) {
        while (!waiting.isEmpty() && (!(waiting.peek() instanceof Persist next) || next.ticket() <= ticket)) {
            final Action action = waiting.remove();
            if (action instanceof Persist persist) {
                store.persist(persist);
                store.work();
                persist.safety().ifPresent(bytes -> durable = SafetyState.decode(bytes).orElseThrow());
            } else {
                store.finalized((Finalized) action);
            }
        }
        store.work();
    }

    /**
     * The process dies, and with it the machine unless the kernel keeps what was written. Some of what was under way may be
     * done, up to the middle of a write.
     */
    void crash(final boolean keepsWrites, final Random random) {
        if (store != null) {
            if (!keepsWrites) {
                disk.failCall(1 + random.nextInt(CALLS), SimulatedDisk.Fault.CRASH);
            }
            die(keepsWrites || random.nextBoolean());
            store = null;
        }
        waiting.clear();
        if (keepsWrites) {
            disk.killProcess();
        } else {
            disk.losePower();
        }
    }

    /** What fails here fails because the process is dying. */
    private void die(final boolean busy) {
        try {
            if (busy) {
                sync(Long.MAX_VALUE);
            }
            store.abandon();
        } catch (final StorageException brokenOff) {
            durable = null; // as far as anybody knows
        }
    }

    /** The safety record is gone. */
    void loseSafety() {
        disk.fileNames().stream().filter(name -> name.startsWith(SAFETY)).forEach(disk::delete);
    }

    /** Its journal's directory as the disk has it. */
    Disk journal() {
        return disk.view(JOURNAL);
    }

    /** Everything is gone. */
    void wipe() {
        disk.wipe();
        loseIndex();
    }

    /** The index is gone, or was not there yet. */
    void loseIndex() {
        tables = tables();
        above = tables();
    }

    /** A sector rots, of the journal or of the safety record. */
    void rot(final boolean ofJournal, final Random random) {
        final List<String> files = disk.fileNames().stream().filter(name -> name.startsWith(ofJournal ? JOURNAL : SAFETY))
            .toList();
        if (!files.isEmpty()) {
            final String file = files.get(random.nextInt(files.size()));
            disk.corruptSector(file, random.nextInt(Math.max(1, disk.bytes(file).length)));
        }
    }

    /** One of the next writes goes to another place. */
    void misdirect(final Random random) {
        disk.misdirect(1 + random.nextInt(CALLS));
    }

    /** There is no more room, or as much as is wanted again. */
    void full(final boolean isFull) {
        disk.capacityBytes(isFull ? 0 : Long.MAX_VALUE);
    }

    /** Final blocks from a height on, as a peer gets them. */
    Optional<Message.FinalBlocks> finalBlocksFrom(final long height) {
        return store.finalBlocksFrom(height);
    }

    /** The newest state that can be proven, as a peer gets it. */
    Optional<Message.SnapshotHere> snapshot(final int peer, final long nowNs) {
        return store.snapshot(peer, nowNs);
    }

    /** A page of a state, as a peer gets it. */
    Optional<Message.StateHere> page(final int peer, final Message.WantState want, final long nowNs) {
        return store.page(peer, want, nowNs);
    }

    /**
     * Writes a snapshot down, for the next life to begin with.
     *
     * @throws StorageException if the disk fails
     */
    void keep(final Action.SnapshotTaken snapshot) {
        store.keep(snapshot);
    }

    /** A batch that is final, as a peer gets it. */
    Optional<Message.BatchHere> batch(final Hash root) {
        return store.batch(root);
    }
}
