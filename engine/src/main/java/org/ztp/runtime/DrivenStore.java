package org.ztp.runtime;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Action.Persist;
import org.ztp.consensus.Message;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Root;
import org.ztp.ledger.StateMachine;
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
    private static final Path NOWHERE = Path.of("nowhere");

    private final ReplicaStore store;
    private final JournalDuty duty;

    /**
     * What outlives the store.
     *
     * @param journal disk of the journal
     * @param safety disk of the safety record
     * @param tables opens the tables of the index
     * @param forgetting deletes them
     */
    public record Media(Disk journal, Disk safety, Supplier<KeyValueStore> tables, Runnable forgetting) { }

    private DrivenStore(final ReplicaStore store, final LongConsumer persisted) {
        this.store = store;
        duty = new JournalDuty(store.journal(), store.safety(), store.durability(), store.openBatches(), store.openBlocks(),
            store.indexedHeight(), store::index, store.superseded(), persisted);
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
        return new DrivenStore(ReplicaStore.open(place, new ReplicaStore.Media(media.journal(),
            JournalOptions.simulated(chain.toBytes(), Durability.DISK), media.safety(), media.tables(),
            media.forgetting())), persisted);
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
        return store.finalBlocksFrom(height);
    }

    /** A batch that is final, for a peer. */
    public Optional<Message.BatchHere> batch(final Hash root) {
        return store.batch(root);
    }

    /** The commit certificate of the last final block; empty if there is no block. */
    public Optional<Certificate> headCertificate() {
        return store.headCertificate();
    }

    /** The process is gone. */
    public void abandon() {
        store.abandon();
    }
}
