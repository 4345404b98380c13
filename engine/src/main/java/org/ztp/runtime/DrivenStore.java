package org.ztp.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.ztp.consensus.Action;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Action.Persist;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Root;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.wire.Hash;

/**
 * One life of a replica's store, on disks that may be simulated; what the journal's thread does is done by hand. Every
 * method may throw {@link org.ztp.storage.StorageException}: the replica must then halt, as a process does.
 */
public final class DrivenStore {
    /** Short pages, so that little states take several. */
    private static final int PAGE_BYTES = 1_000;
    private static final Path NOWHERE = Path.of("nowhere");

    private final ReplicaStores stores;
    private final ReplicaStore store;
    private final SnapshotShelf shelf;
    private final JournalDuty duty;

    /**
     * What outlives the store.
     *
     * @param journal disk of the journal
     * @param safety disk of the safety record
     * @param index the tables of the index
     * @param data has a directory for what is kept of a snapshot
     * @param above the tables of the index of what comes above a snapshot
     */
    public record Media(Disk journal, Disk safety, Tables index, Disk data, Tables above) { }

    /**
     * Tables that can be rebuilt.
     *
     * @param opening opens them
     * @param forgetting deletes them
     */
    public record Tables(Supplier<KeyValueStore> opening, Runnable forgetting) { }

    private DrivenStore(final ReplicaStores stores, final LongConsumer persisted) {
        this.stores = stores;
        store = stores.voting();
        shelf = new SnapshotShelf(store, PAGE_BYTES);
        duty = store.journalDuty(persisted, () -> { });
    }

    /** Makes the record of a replica that has never run. */
    public static void create(final Disk safety, final Hash chain) {
        ReplicaStore.create(safety, Root.genesis(chain));
    }

    /**
     * Opens everything, as a replica does when it starts.
     *
     * @param media what is there
     * @param chain name of the chain
     * @param rules of transactions
     * @param persisted told of tickets up to which everything is durable
     */
    public static DrivenStore open(final Media media, final Hash chain, final TransactionRules rules,
                                   final LongConsumer persisted) {
        final ReplicaStore.Place place = new ReplicaStore.Place(NOWHERE, NOWHERE, NOWHERE, chain, rules, Durability.DISK);
        final ReplicaStore.Media own = new ReplicaStore.Media(media.journal(), JournalOptions.simulated(chain.toBytes(),
            Durability.DISK), media.safety(), media.index().opening(), media.index().forgetting());
        return new DrivenStore(ReplicaStores.open(place, new ReplicaStores.Media(own, media.data(),
            media.above().opening(), media.above().forgetting())), persisted);
    }

    /** The safety record of this life; already durable. */
    public SafetyState safetyState() {
        return store.safetyState();
    }

    /** Executes blocks. */
    public StateMachine machine() {
        return store.machine();
    }

    /** What the core goes on from; given out once. */
    public Recovered takeRecovered() {
        return store.takeRecovered();
    }

    /** Asks for durability. */
    public void persist(final Persist persist) {
        duty.persist(persist);
    }

    /** Tells of a final block whose records were asked for before. */
    public void finalized(final Finalized said) {
        duty.finalized(said);
    }

    /** Makes durable what was asked for, and then indexes what is final. */
    public void work() {
        duty.work();
    }

    /** Final blocks from a height on for a peer; empty if they can't be read. */
    public Optional<Message.FinalBlocks> finalBlocksFrom(final long height) {
        return stores.from(height).blocks().from(height);
    }

    /** A batch that is final, for a peer. */
    public Optional<Message.BatchHere> batch(final Hash root) {
        return stores.batch(root);
    }

    /** The newest state that can be proven, kept from now on for a peer. */
    public Optional<Message.SnapshotHere> snapshot(final int peer, final long nowNs) {
        return shelf.newest(peer, nowNs);
    }

    /** A page of the state that is kept for a peer. */
    public Optional<Message.StateHere> page(final int peer, final Message.WantState want, final long nowNs) {
        return shelf.page(peer, want, nowNs);
    }

    /** Writes a snapshot down, for the next life to begin with. */
    public void keep(final Action.SnapshotTaken snapshot) {
        stores.keep(snapshot.head(), snapshot.state(), () -> true);
    }

    /** What gets the blocks that are missing; empty if none are. */
    public Optional<Backfill> backfill(final Group group, final int self, final Limits limits,
                                       final SignatureCheck signatures, final List<Voters> subClusters,
                                       final Backfill.Way way) {
        return stores.hasGap() ? Optional.of(new Backfill(stores, group, self, limits, signatures, subClusters, way))
            : Optional.empty();
    }

    /** The commit certificate of the last final block; empty if there is no block. */
    public Optional<Certificate> headCertificate() {
        return store.headCertificate();
    }

    /** The process is gone. */
    public void abandon() {
        stores.abandon();
    }
}
