package org.ztp.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ThreadHashing;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.index.Applied;
import org.ztp.index.BlockPlace;
import org.ztp.index.IndexQueries;
import org.ztp.index.IndexTable;
import org.ztp.index.IndexedBlock;
import org.ztp.index.LedgerIndex;
import org.ztp.index.LedgerSource;
import org.ztp.index.RecentBatches;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Root;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.StateTree;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.storage.Buffers;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.storage.safety.SafetyLoad;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.storage.state.RocksKeyValueStore;
import org.ztp.wire.Hash;

/**
 * What one replica keeps: journal, safety record, index. Opening it replays what the index does not know yet; an index
 * that is gone, damaged or ahead of its journal is deleted and rebuilt. Written by the journal thread; read by any.
 */
final class ReplicaStore {
    private static final long RECENT_BYTES = 8 << 20;

    /** A block is recorded before one that is so much lower at most, as far as the limits have their usual values. */
    private static final long OUT_OF_ORDER = 1_000;

    private final Place place;
    private final Journal journal;
    private final SafetyStore safety;
    private final KeyValueStore tables;
    private final LedgerIndex index;
    private final JournalSource source;
    private final RecentBatches recent;
    private final StoredBlocks blocks;
    private final SafetyState safetyState;
    private final Executor machine;
    private final String openedWith;
    private final Optional<SnapshotHead> snapshot;
    private final Object reading = new Object();
    private JournalReplay replay;
    private Recovered recovered;
    private Map<Hash, Long> openBatches;
    private Map<Hash, JournalDuty.OpenBlock> openBlocks;
    private Optional<Handing> life = Optional.empty();
    private volatile LongConsumer rotten = position -> { };
    /** Guarded by {@code reading}. */
    private boolean closed;

    /**
     * Where and how a replica keeps its things.
     *
     * @param journal directory of the journal
     * @param safety directory of the safety record
     * @param state directory of the index
     * @param chain name of the chain
     * @param rules of transactions
     * @param durability when a thing counts as stored
     * @param past which writes of the journal go past the kernel's page cache
     * @param superseded whether another process runs the replica by now
     * @param root what the chain is built on
     * @param told takes a line for people
     */
    record Place(Path journal, Path safety, Path state, Hash chain, TransactionRules rules, Durability durability,
                 PastCache past, BooleanSupplier superseded, Root root, Consumer<String> told) {
        /** Name of the safety record's file. */
        static final String SAFETY_FILE = "record";

        /** A replica that no other process can run, of a chain that is built on its genesis. */
        Place(final Path journal, final Path safety, final Path state, final Hash chain, final TransactionRules rules,
              final Durability durability) {
            this(journal, safety, state, chain, rules, durability, PastCache.AUTO, () -> false, Root.genesis(chain),
                line -> { });
        }
    }

    /**
     * What its things are kept on.
     *
     * @param journal disk of the journal
     * @param options of the journal
     * @param safety disk of the safety record
     * @param tables opens those of the index
     * @param forgetting deletes those of the index
     */
    record Media(Disk journal, JournalOptions options, Disk safety, Supplier<KeyValueStore> tables, Runnable forgetting) {
        static Media of(final Place place) {
            return new Media(new FileDisk(place.journal(), place.past(), place.told()),
                JournalOptions.of(place.chain().toBytes(), place.durability()),
                new FileDisk(place.safety()), () -> RocksKeyValueStore.open(place.state(), IndexTable.names()),
                () -> DirectoryTree.delete(place.state()));
        }
    }

    private ReplicaStore(final Place place, final Journal journal, final SafetyStore safety,
                         final KeyValueStore tables) {
        this.place = place;
        this.journal = journal;
        this.safety = safety;
        this.tables = tables;
        machine = new Executor(place.rules());
        source = new JournalSource(journal, place.chain(), position -> rotten.accept(position));
        recent = new RecentBatches(source, RECENT_BYTES);
        index = LedgerIndex.open(tables, place.rules(), place.chain());
        blocks = new StoredBlocks(index.queries(), source);
        snapshot = snapshot(journal);
        checkIndex();
        replay = new JournalReplay(head(), snapshot.isPresent(), machine, new ThreadHashing(place.chain()), this::index,
            blocks::batch, this::adopt).run(journal.scan(index.applied().floor()));
        settle();
        openedWith = journal.openReport().outcome() + " " + journal.openReport().reason();
        safetyState = loadSafety();
        recordVote();
    }

    /** Makes the record of a replica that has never run; without it, a replica counts as one that lost its record. */
    static void create(final Path safetyDirectory, final Root root) {
        create(new FileDisk(safetyDirectory), root);
    }

    static void create(final Disk safetyDisk, final Root root) {
        try (SafetyStore store = SafetyStore.open(safetyDisk, Place.SAFETY_FILE)) {
            final byte[] initial = SafetyState.initial(root).encode();
            store.store(new UnsafeBuffer(initial), 0, initial.length, Durability.DISK);
        }
    }

    /**
     * Opens everything; what is damaged is cut or rebuilt, and the rest is for the peers to give.
     *
     * @throws StorageException if the disk fails
     */
    static ReplicaStore open(final Place place) {
        return open(place, Media.of(place));
    }

    /** As {@link #open(Place)}, on other media; the directories of the place are not looked at. */
    static ReplicaStore open(final Place place, final Media media) {
        try {
            return openOnce(place, media);
        } catch (final StorageException damaged) {
            if (damaged.kind() != StorageException.Kind.CORRUPT) {
                throw damaged;
            }
            media.forgetting().run();
            return openOnce(place, media);
        }
    }

    private static ReplicaStore openOnce(final Place place, final Media media) {
        final List<AutoCloseable> opened = new ArrayList<>();
        try {
            final KeyValueStore tables = media.tables().get();
            opened.add(tables);
            final Journal journal = Journal.open(media.journal(), media.options(), floor(tables),
                (position, type, buffer, offset, length) -> { });
            opened.add(journal::abandon);
            final SafetyStore safety = SafetyStore.open(media.safety(), Place.SAFETY_FILE);
            opened.add(safety::abandon);
            return new ReplicaStore(place, journal, safety, tables);
        } catch (final RuntimeException failure) {
            for (final AutoCloseable one : opened) {
                try {
                    one.close();
                } catch (final Exception also) {
                    failure.addSuppressed(also);
                }
            }
            throw failure;
        }
    }

    private static long floor(final KeyValueStore tables) {
        return new IndexQueries(tables).applied().map(Applied::floor).orElse(Journal.START);
    }

    /** What a journal goes on from, if it does not begin with the first block. */
    private static Optional<SnapshotHead> snapshot(final Journal journal) {
        final JournalRecord first = journal.scan(Journal.START).next();
        if (!first.isValid() || first.type() != SnapshotRecord.HEAD) {
            return Optional.empty();
        }
        return SnapshotRecord.decode(first.type(), Buffers.bytes(first.payload()))
            .map(record -> ((SnapshotRecord.Head) record).head());
    }

    private void adopt(final SnapshotHead head, final StateTree state, final long floor) {
        index.adopt(new Applied(head.height(), head.block(), head.stateDigest(), floor), state);
    }

    private Optional<BlockHeader> adopted(final Applied applied) {
        return snapshot.filter(head -> head.height() == applied.height() && head.block().equals(applied.block()))
            .map(SnapshotHead::header);
    }

    /**
     * The last indexed block must stand in the journal where the index says, and nothing that the index knows may lie
     * beyond the journal's end; else the journal was cut below it.
     */
    private void checkIndex() {
        final Applied applied = index.applied();
        final long end = journal.tailPosition();
        if (applied.floor() > end || LongStream.rangeClosed(Math.max(1, applied.height() - OUT_OF_ORDER), applied.height())
            .anyMatch(height -> index.queries().block(height).filter(at -> at.position() >= end).isPresent())) {
            throw new StorageException(StorageException.Kind.CORRUPT, "the index knows more than the journal, which ends at "
                + end + ", holds");
        }
        if (applied.height() > 0 && adopted(applied).isEmpty()
            && blocks.block(applied.height()).filter(block -> block.hash().equals(applied.block())).isEmpty()) {
            throw new StorageException(StorageException.Kind.CORRUPT, "the index knows height " + applied.height()
                + ", which the journal does not hold");
        }
    }

    private JournalReplay.Head head() {
        final Applied applied = index.applied();
        final Optional<BlockHeader> last = blocks.block(applied.height()).map(Block::header).or(() -> adopted(applied));
        return new JournalReplay.Head(applied.height(), applied.block(), last.map(BlockHeader::view).orElse(0L),
            last.map(BlockHeader::timeMillis).orElse(0L), indexedEpoch(), index.state());
    }

    private Optional<Epoch> indexedEpoch() {
        final OptionalLong height = index.queries().epochHeight();
        return height.isEmpty() ? snapshot.flatMap(SnapshotHead::epoch)
            : Optional.of(blocks.block(height.getAsLong()).flatMap(Block::epoch).orElseThrow(
                () -> new StorageException(StorageException.Kind.CORRUPT, "the index knows an epoch at height "
                    + height.getAsLong() + ", which the journal does not hold")));
    }

    private SafetyState loadSafety() {
        final SafetyLoad loaded = safety.loaded();
        Optional<SafetyState> state = Optional.empty();
        if (loaded.status() == SafetyLoad.Status.OK || loaded.status() == SafetyLoad.Status.REPAIRED) {
            state = SafetyState.decode(Buffers.bytes(loaded.record()));
        }
        final SafetyState next = state.orElseGet(() -> SafetyState.lost(place.root())).reborn();
        final byte[] bytes = next.encode();
        safety.store(new UnsafeBuffer(bytes), 0, bytes.length, place.durability());
        return next;
    }

    /**
     * Who makes the next records durable and tells the index of final blocks.
     *
     * @param persisted told of tickets up to which all is durable
     * @param written   run by another thread when there is something to do again
     */
    JournalDuty journalDuty(final LongConsumer persisted, final Runnable written) {
        return new JournalDuty(journal, safety, place.durability(), openBatches, openBlocks, indexedHeight(), this::index,
            place.superseded(), persisted, written);
    }

    /** The safety record of this life; already durable. */
    SafetyState safetyState() {
        return safetyState;
    }

    /** Whether the safety record was lost, so that the replica withholds its votes at first. */
    boolean isMute() {
        return safetyState.isMute();
    }

    StateMachine machine() {
        return machine;
    }

    /** What opening found in the journal, for people. */
    String openedWith() {
        return openedWith;
    }

    long indexedHeight() {
        return index.applied().height();
    }

    /** The commit certificate of the last final block, or of one above it; empty if there is no block. */
    Optional<Certificate> headCertificate() {
        return index.queries().certificate(indexedHeight()).or(() -> snapshot.map(head -> head.above().certificate()));
    }

    /** What the journal goes on from; empty if it begins with the first block. */
    Optional<SnapshotHead> snapshot() {
        return snapshot;
    }

    /** The epoch that the chain named last, as the index knows it. */
    Optional<Epoch> epoch() {
        return indexedEpoch();
    }

    /** What the core goes on from; given out once, so that it does not stay in memory. */
    Recovered takeRecovered() {
        final Recovered given = recovered;
        recovered = null;
        replay = null;
        return given;
    }

    /**
     * Takes in what an archive has beyond the journal; before anything was given out.
     *
     * @throws StorageException if the archive or the journal fails; the store can be used on after the former
     */
    Restoration.Outcome restore(final Restoration restoration) {
        final JournalReplay.Head head = replay.head();
        final RestoredRun restored = restoring();
        try {
            return restoration.run(head.height(), head.block(), head.epoch(), restored::append);
        } finally {
            restored.replay();
            settle();
        }
    }

    private void settle() {
        recovered = replay.recovered();
        openBatches = replay.openBatches();
        openBlocks = replay.openBlocks();
    }

    /**
     * Who verifies looks for the block of the last vote: where it was cut off with what stood behind damage, and no chain has
     * it, it is recorded again.
     */
    private void recordVote() {
        final Hash voted = safetyState.preparedBlock();
        if (safetyState.preparedView() == 0 || openBlocks.containsKey(voted) || index.queries().block(
            safetyState.preparedHeight()).filter(at -> at.hash().equals(voted)).isPresent()) {
            return;
        }
        final List<FinalRecords.Raw> found = new ArrayList<>();
        journal.readQuarantined((position, type, buffer, offset, length) -> {
            if (type == LedgerRecord.BLOCK && found.isEmpty()) {
                final byte[] payload = new byte[length];
                buffer.getBytes(offset, payload);
                final FinalRecords.Raw raw = new FinalRecords.Raw(type, new UnsafeBuffer(payload));
                raw.block().filter(block -> block.hash().equals(voted)).ifPresent(block -> found.add(raw));
            }
        });
        final RestoredRun restored = restoring();
        restored.append(found);
        restored.replay();
        settle();
    }

    private RestoredRun restoring() {
        return new RestoredRun(journal, place.durability(), replay);
    }

    private HandOver handOver() {
        return new HandOver(place.chain(), journal, index.queries());
    }

    /** What is recorded and not final, in the order of the journal; while nothing is written. */
    List<FinalRecords.Raw> openRecords() {
        final List<Long> positions = new ArrayList<>(openBatches.values());
        openBlocks.values().forEach(block -> positions.add(block.position()));
        return positions.stream().sorted().map(journal::read)
            .map(record -> new FinalRecords.Raw(record.type(), record.payload())).toList();
    }

    /**
     * Takes in all that a store has which went on from a snapshot, once the blocks up to that are here; before anything was
     * given out. Broken off in between, it is done again: what is there twice counts once.
     */
    void takeIn(final ReplicaStore ahead) {
        final RestoredRun restored = restoring();
        ahead.handOver().votedFor(ahead.safetyState).ifPresent(restored::append);
        FinalRecords.each(indexedHeight() + 1, ahead.indexedHeight(), ahead::finalRecords, restored::append);
        restored.append(ahead.openRecords());
        restored.replay();
        settle();
    }

    /** Takes in what the last life handed over; before anything was given out. */
    private void takeIn(final Path handed) {
        final RestoredRun restored = restoring();
        try {
            handOver().read(handed, place.durability(), restored::append);
        } finally {
            restored.replay();
            settle();
        }
    }

    /**
     * The life begins: what it goes on from is on this node. From then on closing in order hands over to the next one.
     *
     * @param begun the life
     * @param archived up to which height an archive has all, asked at the end
     */
    void begin(final ReplicaLife begun, final LongSupplier archived) {
        begun.handedOver().ifPresent(this::takeIn);
        begun.begin();
        life = Optional.of(new Handing(begun, archived));
    }

    private record Handing(ReplicaLife life, LongSupplier archived) { }

    /** The records of a final block, for the archive; empty if one cannot be read, or the store is closed. */
    Optional<FinalRecords> finalRecords(final long height) {
        synchronized (reading) {
            return closed ? Optional.empty() : FinalRecords.read(index.queries(), source::read, height);
        }
    }

    /** The hash of a final block; empty if it is not known, or the store is closed. */
    Optional<Hash> finalBlock(final long height) {
        synchronized (reading) {
            return closed ? Optional.empty() : index.queries().block(height).map(BlockPlace::hash);
        }
    }

    private void endReading() {
        synchronized (reading) {
            closed = true;
        }
    }

    /** From now on tells of records of final blocks that have become unreadable, by their positions. Any thread. */
    void onRotten(final LongConsumer told) {
        rotten = told;
    }

    /** From now on tells of damage that readers meet in the index, as it was told them. Any thread. */
    void onIndexRotten(final Consumer<StorageException> told) {
        index.queries().onRotten(told);
    }

    /** Who reads the journal again, tells of damage as who reads for others does, and of a disk that does not answer. */
    ScrubDuty scrub(final Consumer<StorageException> unreadable) {
        return new ScrubDuty(journal.scrub(), position -> rotten.accept(position), unreadable);
    }

    /** Where a position of the journal is, for people. */
    String placeOf(final long position) {
        return journal.placeOf(position);
    }

    LedgerIndex index() {
        return index;
    }

    JournalSource source() {
        return source;
    }

    /** The same for receipts, of which many are asked for the bundles of one batch. */
    LedgerSource receiptSource() {
        return recent;
    }

    /** What is final, for peers and clients. */
    StoredBlocks blocks() {
        return blocks;
    }

    /** Takes a final block into the index. */
    void index(final Finalized said, final JournalDuty.Positions at) {
        index.apply(new IndexedBlock(said.block().block(), said.block().batches(), said.block().certificate(),
            said.executed(), at.block(), at.batches(), at.floor()));
    }

    /**
     * Closes in order: no slack is left, and what the next life needs is handed over. If it cannot be handed over, what is
     * on this node is closed all the same: a journal keeps its end in memory until then, if that counts as stored.
     */
    void close() {
        final Optional<Handing> last;
        try {
            last = life.filter(handing -> handing.life().isLast());
            last.ifPresent(handing -> handOver().write(handing.life().handOver(), handing.archived().getAsLong(),
                place.safety(), place.durability()));
        } finally {
            closeFiles();
        }
        last.ifPresent(handing -> handing.life().end());
    }

    private void closeFiles() {
        endReading();
        try (safety) {
            journal.close();
        } finally {
            closeTables();
        }
    }

    /** What a full disk keeps them from writing is in the journal, and is indexed anew from there, as after a kill. */
    private void closeTables() {
        try {
            tables.close();
        } catch (final StorageException failed) {
            if (failed.kind() != StorageException.Kind.NO_SPACE) {
                throw failed;
            }
        }
    }

    /** Lets go of everything, in no order; but what the journal has only in memory goes into its files first. */
    void letGo() {
        endReading();
        try {
            journal.close();
        } finally {
            safety.abandon();
            tables.abandon();
        }
    }

    /** Lets go as if the power were cut. */
    void abandon() {
        endReading();
        try {
            journal.abandon();
        } finally {
            safety.abandon();
            tables.abandon();
        }
    }
}
