package org.ztp.runtime;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ztp.consensus.Action;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.StateDiffersException;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.Signer;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.StateReader;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseCore;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseGroup;
import org.ztp.release.ReleaseLimits;
import org.ztp.storage.StorageException;
import org.ztp.transport.Parcel;
import org.ztp.transport.Transport;

/**
 * One running life of a replica: its store, its core, the journal's thread and a place on one for cores. Started from
 * what is on disk; ended in order ({@link #close}), or as if the power were cut ({@link #cut}). A new life is a new object.
 */
final class Replica {
    private final int id;
    private final ReplicaStores stores;
    private final ReplicaStore store;
    private final Optional<BackfillDuty> backfill;
    private final Optional<DutyThread> backfillThread;
    private final DutyThread scrubThread;
    private final Object keeping = new Object();
    private volatile boolean ended;
    private final ShareVault vault;
    private final ReplicaDuty duty;
    private final JournalDuty journalDuty;
    private final SharedThread.Place thread;
    private final DutyThread journalThread;
    private volatile String halted = "";
    private volatile boolean hung;
    private volatile boolean cut;
    private volatile boolean indexDistrusted;

    /**
     * What a replica is given.
     *
     * @param group who orders the chain
     * @param core bounds of the core
     * @param transport way to its peers
     * @param faults where trouble is reported
     * @param idleTurns how often its threads look again before they rest
     * @param signatures checks of other replicas' signatures
     * @param detectorNs a peer silent for this long is suspected
     * @param subClusters who votes in each sub-cluster, by its number
     * @param thread drives the core, and perhaps those of other replicas
     */
    record Setting(Group group, Limits core, Transport transport, FaultHook faults, int idleTurns,
                   SignatureCheck signatures, long detectorNs, List<Voters> subClusters, SharedThread thread) { }

    /** What the rest of the node does for a replica. */
    interface Surroundings {
        /** Checks a batch with the team. */
        void check(Batch batch, BatchRef expected, Consumer<Boolean> done);

        /** Hashing for the replica's thread, which may know what the team has checked. */
        BatchHashing hashing();

        /** A block is final. */
        void finalized(Action.Finalized said);

        /** Reads the journal for a peer, on another thread; false if these have too much to do, and it is not done. */
        boolean serve(Runnable reading);

        /** What a client of this node asked for is here, or refused. */
        void answered(int replica, ReleaseAction answer);

        /** The replica cannot go on. */
        void halted(int replica, Throwable cause);

        /** The replica is to go on in a new life, which finds what this one has prepared; nothing if one has begun. */
        void renew(Replica life);

        /**
         * The replica's state is not the quorum's, or its index cannot be read.
         *
         * @return whether its index is to be built anew from its journal, since that was not done yet in this process
         */
        boolean rebuilds(int replica, Throwable cause);

        /**
         * A record of a final block has become unreadable in the journal of a life.
         *
         * @param place where, for people
         * @return whether the life, which distrusts its index then, is to be followed by one that cuts the journal there and
         *     gets from peers what was cut
         */
        boolean cutsRot(Replica life, String place);
    }

    Replica(final int id, final ReplicaStores stores, final Signer signer, final ShareVault vault, final Setting setting,
            final Surroundings surroundings) {
        this.id = id;
        this.stores = stores;
        store = stores.voting();
        this.vault = vault;
        final SafetyRules safety = new SafetyRules(setting.group(), id, signer, store.safetyState());
        final ReplicaCore core = new ReplicaCore(setting.group(), id, setting.core(), safety, setting.signatures(),
            surroundings.hashing(), store.machine(), store.takeRecovered(), setting.subClusters());
        final Consumer<Throwable> onFailure = cause -> halt(cause, surroundings);
        journalDuty = store.journalDuty(this::persisted, this::written);
        journalThread = new DutyThread("ztp-journal-" + id,
            setting.faults().planned().before(journalDuty, id, PlannedFaults.Point.JOURNAL), setting.idleTurns(), onFailure);
        final ReleaseGroup releases = new ReleaseGroup(setting.group().chain(), setting.group().members(), id);
        duty = new ReplicaDuty(id, setting.group(), core,
            new ReleaseCore(releases, ReleaseLimits.forFaults(setting.group().faults())),
            new FailureDetector(setting.group().members().stream().filter(peer -> peer != id).toList(),
                setting.detectorNs(), setting.core().heartbeatNs(), System.nanoTime()), setting.transport(),
            new Outlets(setting, surroundings),
            setting.faults(), new PeerInbox(setting.group().members(), setting.core().pooledBytesPerPeer()));
        thread = setting.thread().new Place(
            setting.faults().planned().before(duty, id, PlannedFaults.Point.EXCHANGE), onFailure);
        watch(store, surroundings);
        watch(stores.whole(), surroundings);
        backfill = stores.hasGap() ? Optional.of(new BackfillDuty(id, stores, setting, () -> duty.standing().finalHeight(),
            () -> surroundings.renew(this))) : Optional.empty();
        scrubThread = new DutyThread("ztp-scrub-" + id, store.scrub(failure ->
            setting.faults().report(id, id, "JOURNAL_UNREADABLE", failure + "; see to the disk")), 0, onFailure);
        backfillThread = backfill.map(one -> new DutyThread("ztp-backfill-" + id, one, 0, onFailure));
    }

    /** Only an opening that trusts no index reads what is below its floor, and so finds what has become unreadable there. */
    private void watch(final ReplicaStore read, final Surroundings surroundings) {
        read.onRotten(position -> {
            if (!ended && surroundings.cutsRot(this, read.placeOf(position))) {
                surroundings.renew(this);
            }
        });
        read.onIndexRotten(damage -> {
            if (!ended) {
                renewsIndex(damage, surroundings);
            }
        });
    }

    private final class Outlets implements ReplicaDuty.Outlet {
        private final Setting setting;
        private final Surroundings surroundings;
        private final PeerReading blocks;
        private final PeerReading batches;
        private final PeerReading states;
        private final SnapshotShelf shelf = new SnapshotShelf(store, Message.StateHere.PAGE_BYTES);
        private final ShareTasks shares;

        Outlets(final Setting setting, final Surroundings surroundings) {
            this.setting = setting;
            this.surroundings = surroundings;
            blocks = new PeerReading(surroundings::serve, setting.transport());
            batches = new PeerReading(surroundings::serve, setting.transport());
            states = new PeerReading(surroundings::serve, setting.transport());
            shares = new ShareTasks(surroundings::serve, Replica.this::post,
                failure -> setting.faults().report(id, id, "SHARES_UNREADABLE", failure.toString()));
        }

        @Override
        public void persist(final Action.Persist persist) {
            journalDuty.persist(persist);
            journalThread.signal();
        }

        @Override
        public void check(final Action.CheckBatch check) {
            surroundings.check(check.batch(), check.ref(), valid -> post(
                new Event.BatchChecked(check.from(), check.ref(), check.batch(), valid)));
        }

        @Override
        public void finalized(final Action.Finalized said) {
            journalDuty.finalized(said);
            journalThread.signal();
            surroundings.finalized(said);
            shelf.forget(System.nanoTime());
        }

        @Override
        public void sendFinal(final Action.SendFinal wanted) {
            blocks.serve(wanted.to(), () -> stores.from(wanted.fromHeight()).blocks().from(wanted.fromHeight()));
        }

        @Override
        public void sendStored(final Action.SendStoredBatches wanted) {
            batches.serveBatches(wanted.to(), wanted.roots(), stores::batch, setting.core().blockBytes());
        }

        @Override
        public void sendSnapshot(final Action.SendSnapshot wanted) {
            states.serve(wanted.to(), () -> shelf.newest(wanted.to(), System.nanoTime()));
        }

        @Override
        public void sendState(final Action.SendState wanted) {
            states.serve(wanted.to(), () -> shelf.page(wanted.to(), new Message.WantState(wanted.digest(), wanted.at()),
                System.nanoTime()));
        }

        @Override
        public void snapshotTaken(final Action.SnapshotTaken snapshot) {
            setting.faults().report(id, id, "SNAPSHOT_TAKEN", "height " + snapshot.head().height());
            final Thread taking = new Thread(() -> keep(snapshot), "ztp-snapshot-" + id);
            taking.setDaemon(true);
            taking.start();
        }

        /** Not beside the next life, which reads what is written here. */
        private void keep(final Action.SnapshotTaken snapshot) {
            synchronized (keeping) {
                if (ended) {
                    return;
                }
                try {
                    stores.keep(snapshot.head(), snapshot.state(), () -> !ended);
                } catch (final StorageException failure) {
                    setting.faults().report(id, id, "SNAPSHOT_NOT_KEPT", failure.toString());
                    post(new Event.SnapshotLost());
                    return;
                }
            }
            surroundings.renew(Replica.this);
        }

        @Override
        public void contribute(final ReleaseAction.Contribute wanted) {
            setting.faults().planned().reach(id, PlannedFaults.Point.CONTRIBUTE);
            shares.begin(wanted.callId(), () -> vault.contribute(new VaultLedger(), wanted),
                made -> new ReleaseEvent.Contributed(wanted.callId(), made));
        }

        @Override
        public void seal(final ReleaseAction.Seal wanted) {
            shares.begin(wanted.callId(), () -> vault.seal(new VaultLedger(), wanted),
                made -> new ReleaseEvent.Sealed(wanted.callId(), made));
        }

        @Override
        public void answer(final ReleaseAction answer) {
            surroundings.answered(id, answer);
        }
    }

    private final class VaultLedger implements ShareVault.Ledger {
        @Override
        public StateReader state() {
            return (StateReader) duty.state();
        }

        @Override
        public Optional<byte[]> transaction(final TransactionId transaction) {
            return new FinalTransactions(store).bytes(transaction)
                .or(() -> new FinalTransactions(stores.whole()).bytes(transaction));
        }
    }

    Replica start() {
        journalThread.start();
        thread.start();
        backfillThread.ifPresent(DutyThread::start);
        scrubThread.start();
        return this;
    }

    int id() {
        return id;
    }

    /** Takes a parcel from a peer. */
    boolean onParcel(final int from, final Parcel parcel) {
        if (backfill.isPresent() && backfill.get().offer(from, parcel)) {
            backfillThread.ifPresent(DutyThread::signal);
        }
        final boolean taken = duty.offer(from, parcel);
        thread.signal();
        return taken;
    }

    /** Something that the node has done for this replica. */
    void post(final Event event) {
        duty.post(event);
        thread.signal();
    }

    /** Something about a release. */
    void post(final ReleaseEvent event) {
        duty.post(event);
        thread.signal();
    }

    /** Peers that it suspects. */
    Set<Integer> suspected() {
        return duty.suspected();
    }

    /** When its thread last looked at its peers. */
    long lookedNs() {
        return duty.lookedNs();
    }

    /** When blocks were missing last. */
    GapMeter.Gap lastGap() {
        return duty.lastGap();
    }

    /** From now on it gives wrong shares, to show that they are found. */
    void giveWrongShares() {
        vault.giveWrongShares();
    }

    ReplicaDuty.Position standing() {
        return duty.standing();
    }

    LedgerState state() {
        return duty.state();
    }

    /** What it has of the ledger, from the first block on. */
    ReplicaStore store() {
        return stores.whole();
    }

    /** Up to which height it has all of the ledger. */
    long indexedHeight() {
        return backfill.map(BackfillDuty::indexedHeight).orElseGet(journalDuty::indexedHeight);
    }

    /** The newest that it has; the same, unless it goes on from a snapshot. */
    ReplicaStore newest() {
        return store;
    }

    /** Whether it goes on from a snapshot, and blocks below that are still missing. */
    boolean hasGap() {
        return backfill.isPresent();
    }

    /** Why it stopped by itself; empty while it runs. */
    String haltedBecause() {
        return halted;
    }

    /** In a word: running, hung, stopped or halted. */
    String condition() {
        return cut ? "stopped" : !halted.isEmpty() ? "halted" : hung ? "hung" : "running";
    }

    /** Whether it takes part. */
    boolean isRunning() {
        return halted.isEmpty() && !hung && !cut;
    }

    /** Whether it was neither stopped nor halted; it may hang. */
    boolean isAlive() {
        return halted.isEmpty() && !cut;
    }

    void hang(final boolean hangs) {
        hung = hangs;
        thread.hang(hangs);
        journalThread.hang(hangs);
        backfillThread.ifPresent(one -> one.hang(hangs));
    }

    /** The next life builds its index anew, from all of the journal. */
    void distrustIndex() {
        indexDistrusted = true;
    }

    boolean distrustsIndex() {
        return indexDistrusted;
    }

    private void endKeeping() {
        ended = true; // who writes a snapshot down stops
        synchronized (keeping) {
            ended = true; // and has stopped
        }
    }

    /** Ends it in order: what it was given is durable, and its journal has no slack. */
    void close() {
        hang(false);
        endKeeping();
        scrubThread.stop();
        thread.stop();
        backfillThread.ifPresent(DutyThread::stop);
        journalThread.stop();
        if (halted.isEmpty()) {
            journalDuty.finish();
        }
        vault.close();
        stores.close();
        if (indexDistrusted) {
            stores.forgetIndexes();
        }
    }

    /** Ends it as if the power were cut: nothing more is written. */
    void cut() {
        end(stores::abandon);
    }

    /** Ends it at once, and nothing is handed over; what it has told others stays, as far as its disk lets it. */
    void letGo() {
        end(stores::letGo);
    }

    private void end(final Runnable ending) {
        if (!cut) {
            cut = true;
            hang(false);
            endKeeping();
            scrubThread.stop();
            backfillThread.ifPresent(DutyThread::stop);
            journalThread.stop();
            thread.stop();
            vault.close();
            try {
                ending.run();
            } finally {
                if (indexDistrusted) {
                    stores.forgetIndexes();
                }
            }
        }
    }

    private void written() {
        journalThread.signal();
    }

    private void persisted(final long ticket) {
        post(new Event.Persisted(ticket));
    }

    /** What a replica's threads read of the journal they skip if it is damaged: what they call damaged is the index. */
    private static boolean isOfIndex(final Throwable cause) {
        return cause instanceof StateDiffersException
            || cause instanceof StorageException disk && disk.kind() == StorageException.Kind.CORRUPT;
    }

    /** Whether the next life begins with another index, be it that another thread has met the damage before. */
    private synchronized boolean renewsIndex(final Throwable cause, final Surroundings surroundings) {
        if (!indexDistrusted && surroundings.rebuilds(id, cause)) {
            distrustIndex();
            surroundings.renew(this);
        }
        return indexDistrusted;
    }

    private void halt(final Throwable cause, final Surroundings surroundings) {
        if (halted.isEmpty() && !(isOfIndex(cause) && renewsIndex(cause, surroundings))) {
            halted = cause.toString();
            surroundings.halted(id, cause);
        }
    }
}
