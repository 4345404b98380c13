package org.ztp.runtime;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.StateHere;
import org.ztp.index.IndexTable;
import org.ztp.ledger.snapshot.ArrivingSnapshot;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.PartialState;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;
import org.ztp.storage.Buffers;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalCursor;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.storage.state.RocksKeyValueStore;
import org.ztp.wire.Hash;

/**
 * What one replica keeps, in one store or, while it goes on from a snapshot, in two.
 *
 * <pre>
 *   journal, state            all blocks from the first one on: what everybody reads but who votes
 *   snapshot/journal, state   a snapshot, then what is recorded since: what votes are made of while blocks are missing
 *   snapshot/begun            says that the latter is in use
 *   safety                    the one safety record
 * </pre>
 *
 * <p>A snapshot is written while the replica runs, with nothing depending on it. The next life adds what is recorded and
 * not final, so nothing is lost that was voted for, and marks the snapshot as begun. From then on the first store gets
 * the blocks that it lacks ({@link Backfill}), and when it has all below the snapshot, the next life takes in the rest
 * from the second store, unmarks and deletes that. A crash anywhere leaves the mark or none; and whatever is done without
 * the mark, or has to be done before it goes, is done again.
 *
 * @param voting what votes are made of
 * @param whole what is read; the same, unless blocks are missing
 * @param media what they are kept on
 */
record ReplicaStores(ReplicaStore voting, ReplicaStore whole, Media media) {
    /** Where the snapshot is, beside the journal. */
    static final String DIRECTORY = "snapshot";

    private static final String JOURNAL = "journal";
    private static final String BEGUN = "begun";

    /**
     * What they are kept on.
     *
     * @param own of the store without a gap
     * @param data the directory in which the other has its own
     * @param tables opens the index of the other
     * @param forgetting deletes that index
     */
    record Media(ReplicaStore.Media own, Disk data, Supplier<KeyValueStore> tables, Runnable forgetting) {
        private Disk snapshot() {
            return data.view(DIRECTORY);
        }

        private Disk journal() {
            return data.directory(DIRECTORY).directory(JOURNAL);
        }

        private ReplicaStore.Media ofVoting() {
            return new ReplicaStore.Media(journal(), own.options(), own.safety(), tables, forgetting);
        }

        /** Who only reads has no safety record: its own says that all is lost, so whatever happens it votes for nothing. */
        private ReplicaStore.Media ofWhole() {
            return new ReplicaStore.Media(own.journal(), own.options(), snapshot().directory("onlooker"), own.tables(),
                own.forgetting());
        }

        /** Writes to the journal of the snapshot, while nobody else does; all of it is durable, or it has failed. */
        private boolean write(final Predicate<Journal> writing) {
            final Journal journal = Journal.open(journal(), own.options(), Journal.START,
                (position, type, buffer, offset, length) -> { });
            try {
                final boolean written = writing.test(journal);
                journal.commit(own.options().durability());
                journal.close();
                return written;
            } catch (final RuntimeException failure) {
                journal.abandon();
                throw failure;
            }
        }

        private void mark() {
            try (DiskFile mark = snapshot().open(BEGUN, Disk.Mode.CREATE)) {
                mark.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
                mark.force();
            }
            snapshot().forceDirectory("");
        }

        /** The mark goes first, and durably: without it the rest is nobody's. */
        private void drop() {
            if (snapshot().exists(BEGUN)) {
                snapshot().delete(BEGUN);
                snapshot().forceDirectory("");
            }
            delete(JOURNAL);
            delete("onlooker");
            forgetting.run();
        }

        /** What was written last goes first, so what is left of a journal is its beginning; and so does what was cut off. */
        private void delete(final String directory) {
            final List<Disk.Entry> entries = new ArrayList<>(snapshot().list(directory));
            Collections.reverse(entries);
            for (final Disk.Entry entry : entries) {
                final String name = directory + "/" + entry.name();
                if (entry.directory()) {
                    delete(name);
                }
                snapshot().delete(name);
            }
        }
    }

    /** Opens them in the directories of a place, and the snapshot beside the journal. */
    static ReplicaStores open(final ReplicaStore.Place place) {
        final Path snapshot = place.journal().resolveSibling(DIRECTORY);
        final Path state = snapshot.resolve("state");
        return open(place, new Media(ReplicaStore.Media.of(place), new FileDisk(snapshot.getParent(), place.past(), place.told()),
            () -> RocksKeyValueStore.open(state, IndexTable.names()), () -> DirectoryTree.delete(state)));
    }

    /**
     * Opens what is there, and brings it to where the last life was to go.
     *
     * @throws org.ztp.storage.StorageException if the disk fails
     */
    static ReplicaStores open(final ReplicaStore.Place place, final Media media) {
        if (!media.snapshot().exists(BEGUN)) {
            final ReplicaStore own = ReplicaStore.open(place, media.own());
            if (media.snapshot().list(JOURNAL).isEmpty()) {
                return new ReplicaStores(own, own, media);
            }
            try {
                if (!begin(own, media)) {
                    media.drop();
                    return new ReplicaStores(own, own, media);
                }
            } catch (final RuntimeException failure) {
                own.abandon();
                throw failure;
            }
            own.close();
        }
        return goOn(place, media);
    }

    /** Begins with a snapshot that the last life has taken; one that is not whole or of no use any more does not count. */
    private static boolean begin(final ReplicaStore own, final Media media) {
        final boolean begins = media.write(journal -> {
            final Optional<SnapshotHead> head = arrived(journal);
            if (head.isEmpty() || head.get().height() <= own.indexedHeight()) {
                return false;
            }
            own.openRecords().forEach(record -> record.appendTo(journal));
            return true;
        });
        if (begins) {
            media.mark();
        }
        return begins;
    }

    /** What the second store has is read to the end only as it is joined; what has rotten is cut as on any opening. */
    private static ReplicaStores goOn(final ReplicaStore.Place place, final Media media) {
        try {
            return join(place, media);
        } catch (final StorageException rotten) {
            if (rotten.kind() != StorageException.Kind.CORRUPT) {
                throw rotten;
            }
            media.forgetting.run(); // the next opening reads all
            return join(place, media);
        }
    }

    /** Joins the two if no block is missing between them. */
    private static ReplicaStores join(final ReplicaStore.Place place, final Media media) {
        final ReplicaStore voting = ReplicaStore.open(place, media.ofVoting());
        ReplicaStore whole = voting;
        try {
            if (voting.snapshot().isPresent() && voting.indexedHeight() > 0) {
                whole = ReplicaStore.open(place, media.ofWhole());
                if (whole.indexedHeight() < voting.snapshot().get().height()) {
                    return new ReplicaStores(voting, whole, media);
                }
                whole.takeIn(voting);
                whole.close();
            }
        } catch (final RuntimeException failure) {
            new ReplicaStores(voting, whole, media).abandon();
            throw failure;
        }
        voting.close();
        media.drop();
        final ReplicaStore own = ReplicaStore.open(place, media.own());
        return new ReplicaStores(own, own, media);
    }

    /**
     * Writes a snapshot down, for the next life to begin with; by any thread, while the store is in use.
     *
     * @param wanted looked at between pages; what is written then counts for nothing
     * @throws org.ztp.storage.StorageException if the disk fails; then there is no snapshot
     */
    void keep(final SnapshotHead head, final StateTree state, final BooleanSupplier wanted) {
        if (hasGap()) {
            throw new IllegalStateException("a snapshot over another: height=" + head.height());
        }
        media.drop();
        media.write(journal -> {
            append(journal, SnapshotRecord.HEAD, SnapshotRecord.encode(head));
            final PartialState written = new PartialState(head.stateDigest());
            for (Optional<StatePath> at = written.next(); at.isPresent() && wanted.getAsBoolean(); at = written.next()) {
                final byte[] page = state.page(at.get(), StateHere.PAGE_BYTES).orElseThrow();
                append(journal, SnapshotRecord.PAGE, SnapshotRecord.encode(at.get(), page));
                if (!written.add(at.get(), page)) {
                    throw new IllegalStateException("a page that is not of its own state: height=" + head.height());
                }
            }
            return true;
        });
    }

    private static void append(final Journal journal, final int kind, final byte[] payload) {
        journal.append(kind, new UnsafeBuffer(payload), 0, payload.length);
    }

    /** The snapshot that a journal begins with; empty if it is not whole. */
    private static Optional<SnapshotHead> arrived(final Journal journal) {
        final ArrivingSnapshot snapshot = new ArrivingSnapshot();
        final JournalCursor cursor = journal.scan(Journal.START);
        for (JournalRecord record = cursor.next(); record.isValid(); record = cursor.next()) {
            SnapshotRecord.decode(record.type(), Buffers.bytes(record.payload())).ifPresent(snapshot::take);
        }
        return snapshot.whole().flatMap(state -> snapshot.head());
    }

    /** Where the final blocks from a height on are, if they are here. */
    ReplicaStore from(final long height) {
        return hasGap() && height <= voting.snapshot().orElseThrow().height() ? whole : voting;
    }

    /** A batch that is final, for a peer. */
    Optional<Message.BatchHere> batch(final Hash root) {
        return voting.blocks().batchForPeer(root).or(() -> whole.blocks().batchForPeer(root));
    }

    /** Whether blocks are missing. */
    boolean hasGap() {
        return whole != voting;
    }

    /** Closes in order. */
    void close() {
        end(ReplicaStore::close);
    }

    /** Deletes what can be built anew from the journals, which the next life does; after everything was let go. */
    void forgetIndexes() {
        media.own().forgetting().run();
        media.forgetting().run();
    }

    /** Lets go of everything, in no order; but what journals have only in memory goes into their files first. */
    void letGo() {
        end(ReplicaStore::letGo);
    }

    /** Lets go as if the power were cut. */
    void abandon() {
        end(ReplicaStore::abandon);
    }

    /** Ends each store, whatever becomes of the other. */
    private void end(final Consumer<ReplicaStore> ending) {
        try {
            ending.accept(voting);
        } finally {
            if (hasGap()) {
                ending.accept(whole);
            }
        }
    }
}
