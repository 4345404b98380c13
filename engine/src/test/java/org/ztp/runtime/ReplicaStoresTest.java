package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.consensus.Action;
import org.ztp.consensus.Action.BatchEntry;
import org.ztp.consensus.Action.BlockEntry;
import org.ztp.consensus.Action.CertificateEntry;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.crypto.SystemRandomness;
import org.ztp.index.IndexTable;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Root;
import org.ztp.ledger.Samples;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.StatePath;
import org.ztp.ledger.state.StateTree;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalCursor;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.storage.state.MemoryKeyValueStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * A replica with the first block and an undecided one takes a snapshot of height 4 of a chain of 6, and then the
 * blocks.
 */
final class ReplicaStoresTest {
    private static final int SNAPSHOT = 4;
    private static final int BLOCKS = 6;
    /** Each has a key of its own in the state. */
    private static final int CLIENTS = 25;
    /** Segments so short that a snapshot takes several. */
    private static final JournalOptions OPTIONS = new JournalOptions(Samples.CHAIN.toBytes(), Durability.DISK, 4 << 10,
        64 << 20, 64 << 10, 0, false);
    private static final ReplicaStore.Place PLACE = new ReplicaStore.Place(Path.of("none"), Path.of("none"), Path.of("none"),
        Samples.CHAIN, null, Durability.DISK);

    private final List<Block> blocks = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private final List<BlockState> states = new ArrayList<>();
    private final Node peer = new Node(99);

    ReplicaStoresTest() {
        final Executor executor = new Executor(null);
        BlockState state = executor.genesis();
        for (int height = 1; height <= BLOCKS + 1; height++) {
            final byte[] record = new RecordTransaction("", "", new byte[] {(byte) height}).encode();
            final List<Bundle> bundles = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                bundles.add(Samples.bundle(CLIENTS * height + client, 1, 0, record));
            }
            final Batch batch = Samples.batch(bundles.toArray(Bundle[]::new));
            final Block block = Samples.block(height, height == 1 ? Samples.CHAIN : blocks.get(height - 2).hash(),
                state.digest(), batch);
            Samples.ref(batch);
            state = (BlockState) executor.execute(state, block, List.of(batch)).after();
            blocks.add(block);
            batches.add(batch);
            states.add(state);
        }
        for (int height = 1; height <= BLOCKS; height++) {
            peer.record(height, true);
        }
    }

    /** What a replica keeps on its disk; indexes survive, or are gone, as it happens. */
    private final class Node {
        final SimulatedDisk disk;
        private MemoryKeyValueStore index = tables();
        private MemoryKeyValueStore above = tables();

        Node(final long seed) {
            disk = new SimulatedDisk(seed);
            ReplicaStore.create(disk.directory("safety"), Root.genesis(Samples.CHAIN));
        }

        private static MemoryKeyValueStore tables() {
            return new MemoryKeyValueStore(IndexTable.names());
        }

        ReplicaStores open() {
            return open(() -> index);
        }

        ReplicaStores open(final Supplier<KeyValueStore> opening) {
            return ReplicaStores.open(PLACE, new ReplicaStores.Media(new ReplicaStore.Media(disk.directory("journal"), OPTIONS,
                disk.directory("safety"), opening, () -> index = tables()), disk, () -> above, () -> above = tables()));
        }

        void loseIndexes() {
            index = tables();
            above = tables();
        }

        /** Records a block, final or not. */
        void record(final int height, final boolean isFinal) {
            ReplicaStoresTest.this.record(disk.directory("journal"), height, isFinal);
        }
    }

    private void record(final Disk disk, final int height, final boolean isFinal) {
        try (Journal journal = Journal.open(disk, OPTIONS, Journal.START, (position, type, buffer, offset, length) -> { })) {
            final WireWriter batch = new WireWriter();
            blocks.get(height - 1).batches().get(0).encode(batch);
            batches.get(height - 1).encode(batch);
            append(journal, LedgerRecord.BATCH, batch.toBytes());
            append(journal, LedgerRecord.BLOCK, LedgerRecord.encode(blocks.get(height - 1)));
            if (isFinal) {
                append(journal, LedgerRecord.CERTIFICATE, LedgerRecord.encode(certificate(height)));
            }
            journal.commit(Durability.DISK);
        }
    }

    private static void append(final Journal journal, final int kind, final byte[] payload) {
        journal.append(kind, new UnsafeBuffer(payload), 0, payload.length);
    }

    @Test
    void aDiskTooFullForTheIndexLetsItEndInOrder() {
        final MemoryKeyValueStore tables = new MemoryKeyValueStore(IndexTable.names());
        final KeyValueStore full = (KeyValueStore) Proxy.newProxyInstance(KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                    throw new StorageException(StorageException.Kind.NO_SPACE, "flush: No space left on device");
                }
                return method.invoke(tables, arguments);
            });
        peer.open(() -> full).close();
        peer.loseIndexes();
        final ReplicaStores next = peer.open();
        assertEquals(BLOCKS, next.whole().indexedHeight());
        next.close();
    }

    @Test
    void whatRotsBelowTheIndexIsToldByWhoReadsItAndCutWhenTheIndexIsDistrusted() {
        final Disk journal = peer.disk.directory("journal");
        peer.open().abandon();
        final Block rival = voteInVain(journal, peer.disk.directory("safety"));
        peer.open().abandon();
        peer.disk.flip("journal/0000000000000000.seg", 3_000, 1);
        final ReplicaStores rotten = peer.open();
        assertEquals(BLOCKS, rotten.whole().indexedHeight(), "a start does not read it");
        final List<String> told = new ArrayList<>();
        rotten.whole().onRotten(position -> told.add(rotten.whole().placeOf(position)));
        long height = 1;
        while (rotten.whole().blocks().whole(height).isPresent()) {
            height++;
        }
        assertEquals(1, told.size());
        assertTrue(told.get(0).startsWith("0000000000000000.seg offset="), told.toString());
        assertTrue(rotten.whole().finalRecords(height).isEmpty());
        assertEquals(2, told.size());
        final ScrubDuty scrub = rotten.whole().scrub(failure -> { });
        scrub.work();
        scrub.work();
        assertEquals(List.of(told.get(0), told.get(0), told.get(0)), told, "and by who reads it again");
        rotten.abandon();
        rotten.forgetIndexes();
        final ReplicaStores cut = peer.open();
        assertEquals(height - 1, cut.whole().indexedHeight());
        assertTrue(cut.whole().openedWith().startsWith("CORRUPT"), cut.whole().openedWith());
        cut.abandon();
        assertTrue(recorded(journal).contains(rival.hash()), "what was voted for is recorded again");
        peer.open().close();
        assertTrue(recorded(journal).contains(rival.hash()));
    }

    /** Records a block that is not to become final, and the vote for it. */
    private Block voteInVain(final Disk journals, final Disk safeties) {
        final Block rival = Samples.block(BLOCKS, blocks.get(BLOCKS - 2).hash(), states.get(BLOCKS - 2).digest(),
            batches.get(0));
        try (Journal journal = Journal.open(journals, OPTIONS, Journal.START,
            (position, type, buffer, offset, length) -> { })) {
            append(journal, LedgerRecord.BLOCK, LedgerRecord.encode(rival));
            journal.commit(Durability.DISK);
        }
        try (SafetyStore safety = SafetyStore.open(safeties, ReplicaStore.Place.SAFETY_FILE)) {
            final SafetyState first = SafetyState.initial(Root.genesis(Samples.CHAIN));
            final byte[] voted = new SafetyState(first.lives(), BLOCKS + 5, 0, 0, false, BLOCKS + 5, BLOCKS, rival.hash(),
                first.high(), Optional.empty()).encode();
            safety.store(new UnsafeBuffer(voted), 0, voted.length, Durability.DISK);
        }
        return rival;
    }

    private static Set<Hash> recorded(final Disk disk) {
        final Set<Hash> found = new HashSet<>();
        try (Journal journal = Journal.open(disk, OPTIONS, Journal.START, (position, type, buffer, offset, length) -> { })) {
            final JournalCursor cursor = journal.scan(Journal.START);
            for (JournalRecord record = cursor.next(); record.isValid(); record = cursor.next()) {
                final byte[] payload = new byte[record.payload().capacity()];
                record.payload().getBytes(0, payload);
                if (LedgerRecord.decode(record.type(), payload).orElseThrow() instanceof LedgerRecord.StoredBlock stored) {
                    found.add(stored.block().hash());
                }
            }
        }
        return found;
    }

    /** One step made all of them final, as when views change, or in a replica that was behind. */
    @Test
    void blocksOfWhichOnlyTheLastIsCertifiedAreGivenInPortions() {
        final Node node = new Node(5);
        for (int height = 1; height <= BLOCKS; height++) {
            node.record(height, height == BLOCKS);
        }
        final ReplicaStore store = node.open().whole();
        final StoredBlocks whole = store.blocks();
        assertEquals(BLOCKS, whole.from(1).orElseThrow().blocks().size());
        final StoredBlocks stored = whole.answering(2L * batches.get(0).length());
        for (int height = 1; height < BLOCKS; height += 2) {
            final Message.FinalBlocks answer = stored.from(height).orElseThrow();
            assertEquals(blocks.subList(height - 1, height + 1),
                answer.blocks().stream().map(FinalBlock::block).toList());
            final boolean last = height + 1 == BLOCKS;
            assertEquals(last, answer.blocks().get(1).certificate().isPresent());
            assertEquals(last ? Optional.empty() : Optional.of(new Finality(blocks.subList(height + 1, BLOCKS).stream()
                .map(Block::header).toList(), certificate(BLOCKS))), answer.above());
        }
        final StoredBlocks one = whole.answering(1);
        assertEquals(1, one.from(1).orElseThrow().blocks().size(), "a block may be longer");
        final WireWriter bytes = new WireWriter();
        MessageCodec.encode(one.from(1).orElseThrow(), bytes);
        assertEquals(one.from(1).orElseThrow().above(), ((Message.FinalBlocks) MessageCodec.decode(bytes.array(), 0,
            bytes.size()).orElseThrow()).above());
        store.abandon();
    }

    private Certificate certificate(final int height) {
        return new Certificate(Phase.COMMIT, height, height, blocks.get(height - 1).hash(), List.of());
    }

    private SnapshotHead head() {
        return new SnapshotHead(blocks.get(SNAPSHOT - 1).header(), Optional.empty(),
            new Finality(List.of(blocks.get(SNAPSHOT).header()), certificate(SNAPSHOT + 1)));
    }

    private StateTree state() {
        return states.get(SNAPSHOT - 1).tree();
    }

    /** A replica with the first block, and a vote for the last. */
    private Node behind(final long seed) {
        final Node node = new Node(seed);
        node.record(1, true);
        node.record(BLOCKS + 1, false);
        return node;
    }

    /** Does something again and again, each time with a crash at the next call, until none comes; then it is done. */
    private void withACrashAtEachCall(final Supplier<Node> start, final Consumer<Node> doing,
                                      final Consumer<Node> check) {
        boolean crashed = true;
        int calls = 0;
        while (crashed) {
            calls++;
            final Node node = start.get();
            node.disk.failCall(calls, SimulatedDisk.Fault.CRASH);
            try {
                doing.accept(node);
                crashed = false;
            } catch (final StorageException crash) {
                crashed = true;
            }
            node.disk.losePower();
            if (calls % 2 == 0) {
                node.loseIndexes();
            }
            check.accept(node);
        }
        assertTrue(calls > 20, "calls: " + calls);
    }

    private void checkAt(final ReplicaStores stores, final long height) {
        assertFalse(stores.voting().isMute());
        final Recovered found = stores.voting().takeRecovered();
        assertEquals(height, found.height());
        assertEquals(states.get((int) height - 1).digest(), found.state().digest());
        assertEquals(blocks.get((int) height - 1).hash(), found.block());
        assertEquals(List.of(BLOCKS + 1L), found.undecided().stream().map(Block::height).toList());
        assertEquals(1, found.batches().size());
        assertEquals(stores.hasGap(), found.gap());
    }

    private Node kept(final long seed) {
        return kept(behind(seed));
    }

    private Node kept(final Node node) {
        final ReplicaStores stores = node.open();
        stores.keep(head(), state(), () -> true);
        stores.abandon();
        return node;
    }

    private ReplicaStore full() {
        return peer.open().whole();
    }

    private Node filled(final long seed) {
        final Node node = kept(seed);
        final ReplicaStores stores = node.open();
        assertTrue(stores.hasGap());
        final ReplicaStore full = full();
        stores.voting().takeIn(full);
        stores.whole().takeIn(full);
        full.abandon();
        stores.abandon();
        return node;
    }

    @Test
    void aSnapshotIsBegunWithAndThenJoinedWithTheBlocks() {
        final Node node = kept(1);
        final ReplicaStores begun = node.open();
        checkAt(begun, SNAPSHOT);
        assertTrue(begun.hasGap());
        assertEquals(1, begun.whole().indexedHeight());
        assertTrue(begun.whole().isMute(), "who only reads has nothing to vote with");
        begun.close();
        final ReplicaStores again = node.open();
        checkAt(again, SNAPSHOT);
        again.close();
        final ReplicaStores joined = filled(2).open();
        assertFalse(joined.hasGap());
        checkAt(joined, BLOCKS);
        assertEquals(BLOCKS, joined.whole().indexedHeight());
        assertTrue(joined.whole().blocks().from(1).orElseThrow().blocks().size() == BLOCKS);
        joined.close();
    }

    /** Has all up to the snapshot in one store, the rest in the other; nothing is undecided, so no start reads that. */
    private Node aboutToBeJoined(final long seed) {
        final Node low = new Node(seed);
        for (int height = 1; height <= SNAPSHOT; height++) {
            low.record(height, true);
        }
        final Node node = kept(new Node(seed));
        final ReplicaStores stores = node.open();
        final ReplicaStore full = full();
        stores.voting().takeIn(full);
        full.abandon();
        final ReplicaStores below = low.open();
        stores.whole().takeIn(below.whole());
        below.abandon();
        stores.abandon();
        return node;
    }

    @Test
    void whereverTheSecondStoreHasRottenTheTwoAreJoinedUpToThere() {
        final List<String> segments = aboutToBeJoined(11).disk.fileNames().stream()
            .filter(name -> name.startsWith("snapshot/journal/")).sorted().toList();
        final Set<Long> reached = new HashSet<>();
        for (final String segment : segments) {
            final Node node = aboutToBeJoined(11);
            node.disk.corruptSector(segment, 1024);
            final ReplicaStores joined = node.open();
            assertFalse(joined.hasGap(), segment);
            final long height = joined.whole().indexedHeight();
            reached.add(height);
            assertEquals(states.get((int) height - 1).digest(), joined.voting().takeRecovered().state().digest());
            assertFalse(joined.voting().isMute());
            joined.close();
            assertFalse(node.disk.exists("snapshot/begun"));
        }
        assertEquals(Set.of((long) SNAPSHOT, SNAPSHOT + 1L, (long) BLOCKS), reached);
    }

    @Test
    void theBlockOfTheLastVoteIsKeptWhereAnotherBecameFinalAtItsHeight() {
        final Node node = filled(10);
        final Block rival = voteInVain(node.disk.directory("snapshot/journal"), node.disk.directory("safety"));
        final ReplicaStores joined = node.open();
        assertFalse(joined.hasGap());
        joined.close();
        assertEquals(List.of(), node.disk.list("snapshot/journal"));
        assertTrue(recorded(node.disk.directory("journal")).contains(rival.hash()));
    }

    @Test
    void itIsHandedOverToTheNextLifeToo(@TempDir final Path temporary) throws Exception {
        assertTrue(handedOver(temporary, 1, journal -> { }), "it is found wherever it is");
    }

    @Test
    void forThatMostOfAJournalIsNotRead(@TempDir final Path temporary) throws Exception {
        assertTrue(handedOver(temporary, BLOCKS, journal -> {
            try (DiskFile first = journal.open("0000000000000000.seg", Disk.Mode.WRITE)) {
                first.write(ByteBuffer.allocate(100), 2_000); // who reads on from there finds nothing
            }
        }));
    }

    @Test
    void whatIsDamagedAndNotFinalIsNotHandedOverAsIfItWereNotThere(@TempDir final Path temporary) throws Exception {
        final Consumer<Disk> spoil = journal -> {
            final String last = journal.list("").get(journal.list("").size() - 1).name();
            try (DiskFile file = journal.open(last, Disk.Mode.WRITE)) {
                file.write(ByteBuffer.allocate(8), file.size() - 16);
            }
        };
        final StorageException damaged = assertThrows(StorageException.class,
            () -> handedOver(temporary, BLOCKS, spoil, BLOCKS + 1));
        assertEquals(StorageException.Kind.CORRUPT, damaged.kind(), damaged.getMessage());
    }

    /** Whether a life that votes in vain before it records a height, and has all archived, hands the vote's block over. */
    private boolean handedOver(final Path temporary, final int before, final Consumer<Disk> spoil, final int... open)
            throws Exception {
        final Path shared = Files.createDirectories(temporary.resolve("shared"));
        final Path node = Files.createDirectories(temporary.resolve("node"));
        ReplicaStore.create(Files.createDirectories(shared.resolve("safety")), Root.genesis(Samples.CHAIN));
        final ReplicaLife life = ReplicaLife.next(shared, node, 0, new SystemRandomness());
        life.prepare();
        final Disk journal = new FileDisk(node.resolve("journal"));
        Block rival = null;
        for (int height = 1; height <= BLOCKS; height++) {
            rival = height == before ? voteInVain(journal, new FileDisk(node.resolve("safety"))) : rival;
            record(journal, height, true);
        }
        for (final int height : open) {
            record(journal, height, false);
        }
        final ReplicaStore store = ReplicaStore.open(new ReplicaStore.Place(node.resolve("journal"),
            node.resolve("safety"), node.resolve("state"), Samples.CHAIN, null, Durability.DISK));
        store.begin(life, () -> BLOCKS);
        spoil.accept(journal);
        store.close();
        return recorded(new FileDisk(shared.resolve("handover").resolve("journal"))).equals(Set.of(rival.hash()));
    }

    @Test
    void anIndexThatReadsOnBeyondTheEndOfACutJournalIsBuiltAnew() {
        final Cut cut = new Cut();
        final ReplicaStore first = cut.open();
        cut.live(first, 1, cut.batch(1), cut.block(1), new CertificateEntry(certificate(1)));
        cut.live(first, 0, cut.batch(2), cut.block(2));
        final int end = cut.length();
        cut.live(first, 2, new CertificateEntry(certificate(2)));
        first.abandon();
        cut.to(end);
        final ReplicaStore second = cut.open();
        assertEquals(1, second.indexedHeight());
        cut.live(second, 0, cut.batch(3), cut.block(3));
        second.abandon();
        final ReplicaStore third = cut.open();
        assertEquals(List.of(2L, 3L), third.takeRecovered().undecided().stream().map(Block::height).toList());
        third.close();
    }

    @Test
    void anIndexThatKnowsABlockBelowItsLastThatACutJournalLacksIsBuiltAnew() {
        final Cut cut = new Cut();
        final ReplicaStore first = cut.open();
        cut.live(first, 0, cut.batch(3), cut.batch(1), cut.batch(2), cut.block(2));
        final int end = cut.length();
        cut.live(first, 2, cut.block(1), new CertificateEntry(certificate(2)));
        assertEquals(2, first.indexedHeight());
        first.abandon();
        cut.to(end);
        final ReplicaStore second = cut.open();
        assertEquals(0, second.indexedHeight(), "height 1 is not there");
        assertEquals(List.of(2L), second.takeRecovered().undecided().stream().map(Block::height).toList());
        second.close();
    }

    /** A store whose journal, of one segment, loses its end while the index loses nothing. */
    private final class Cut {
        private static final String SEGMENT = "journal/0000000000000000.seg";
        private final SimulatedDisk disk = new SimulatedDisk(11);
        private MemoryKeyValueStore tables = Node.tables();
        private JournalDuty duty;

        ReplicaStore open() {
            final ReplicaStore store = ReplicaStore.open(PLACE, new ReplicaStore.Media(disk.directory("journal"),
                new JournalOptions(Samples.CHAIN.toBytes(), Durability.DISK, 1 << 20, 64 << 20, 64 << 10, 0, false),
                disk.directory("safety"), () -> tables, () -> tables = Node.tables()));
            duty = store.journalDuty(ticket -> { }, () -> { });
            return store;
        }

        Action.Entry batch(final int height) {
            return new BatchEntry(blocks.get(height - 1).batches().get(0), batches.get(height - 1));
        }

        Action.Entry block(final int height) {
            return new BlockEntry(blocks.get(height - 1));
        }

        /** Records something, and then what is not final yet is so up to a height. */
        void live(final ReplicaStore store, final int finalTo, final Action.Entry... entries) {
            duty.persist(new Action.Persist(1, List.of(entries), Optional.empty()));
            for (int height = (int) store.indexedHeight() + 1; height <= finalTo; height++) {
                final Executor executor = new Executor(null);
                final BlockState before = height == 1 ? executor.genesis() : states.get(height - 2);
                final Block block = blocks.get(height - 1);
                final List<Batch> named = List.of(batches.get(height - 1));
                duty.finalized(new Action.Finalized(new FinalBlock(block, named, Optional.empty()),
                    executor.execute(before, block, named)));
            }
            duty.finish();
        }

        int length() {
            return disk.bytes(SEGMENT).length;
        }

        void to(final int end) {
            disk.put(SEGMENT, Arrays.copyOf(disk.bytes(SEGMENT), end));
        }
    }

    @Test
    void whatCountsAsStoredInMemoryOutlastsAnEndThatCannotHandOver(@TempDir final Path temporary) throws Exception {
        final Path shared = Files.createDirectories(temporary.resolve("shared"));
        final Path node = Files.createDirectories(temporary.resolve("node"));
        ReplicaStore.create(Files.createDirectories(shared.resolve("safety")), Root.genesis(Samples.CHAIN));
        final ReplicaLife life = ReplicaLife.next(shared, node, 0, new SystemRandomness());
        life.prepare();
        final ReplicaStore store = inMemory(node);
        store.begin(life, () -> 0);
        DirectoryTree.delete(shared);
        assertThrows(StorageException.class, store::close);
        store.letGo();
        assertEquals(BLOCKS, ReplicaStore.open(memory(node)).indexedHeight());
    }

    @Test
    void whatCountsAsStoredInMemoryOutlastsALifeThatIsFollowedByAnother(@TempDir final Path temporary) {
        inMemory(temporary).letGo();
        final ReplicaStore next = ReplicaStore.open(memory(temporary));
        assertEquals(BLOCKS, next.indexedHeight());
        next.close();
    }

    private static ReplicaStore.Place memory(final Path node) {
        return new ReplicaStore.Place(node.resolve("journal"), node.resolve("safety"), node.resolve("state"),
            Samples.CHAIN, null, Durability.MEMORY);
    }

    private ReplicaStore inMemory(final Path node) {
        final ReplicaStore store = ReplicaStore.open(memory(node));
        final ReplicaStore full = full();
        store.takeIn(full);
        full.abandon();
        assertEquals(BLOCKS, store.indexedHeight());
        return store;
    }

    @Test
    void aCrashInTheMiddleOfASnapshotLeavesAllOfItOrNothing() {
        withACrashAtEachCall(() -> behind(3), node -> {
            final ReplicaStores stores = node.open();
            stores.keep(head(), state(), () -> true);
            stores.close();
        }, node -> {
            final ReplicaStores stores = node.open();
            checkAt(stores, stores.hasGap() ? SNAPSHOT : 1);
            stores.close();
        });
    }

    @Test
    void aCrashWhileASnapshotIsBegunLosesNothing() {
        withACrashAtEachCall(() -> kept(4), node -> node.open().close(), node -> {
            final ReplicaStores stores = node.open();
            assertTrue(stores.hasGap());
            checkAt(stores, SNAPSHOT);
            stores.close();
        });
    }

    @Test
    void aCrashWhileTheBlocksAreJoinedLosesNothing() {
        withACrashAtEachCall(() -> filled(5), node -> node.open().close(), node -> {
            final ReplicaStores stores = node.open();
            assertFalse(stores.hasGap());
            checkAt(stores, BLOCKS);
            stores.close();
            assertFalse(node.disk.exists("snapshot/begun"));
            assertEquals(List.of(), node.disk.list("snapshot/journal"));
        });
    }

    @Test
    void aCrashWhileASnapshotIsDroppedLosesNothing() {
        final Supplier<Node> ahead = () -> {
            final Node node = kept(8);
            for (int height = 2; height <= SNAPSHOT; height++) {
                node.record(height, true);
            }
            return node;
        };
        assertTrue(ahead.get().disk.list("snapshot/journal").size() > 1, "segments");
        withACrashAtEachCall(ahead, node -> node.open().close(), node -> {
            final ReplicaStores stores = node.open();
            assertFalse(stores.hasGap());
            checkAt(stores, SNAPSHOT);
            stores.close();
            assertEquals(List.of(), node.disk.list("snapshot/journal"));
        });
    }

    @Test
    void aSnapshotThatHasBegunAndIsSpoiltIsGivenUp() {
        final Node node = kept(9);
        node.open().close();
        final String segment = node.disk.fileNames().stream().filter(name -> name.startsWith("snapshot/journal")).findFirst()
            .orElseThrow();
        node.disk.corruptSector(segment, 512);
        node.loseIndexes();
        for (int i = 0; i < 2; i++) {
            final ReplicaStores stores = node.open();
            assertFalse(stores.hasGap());
            checkAt(stores, 1);
            stores.close();
        }
        assertFalse(node.disk.exists("snapshot/begun"));
    }

    @Test
    void aSnapshotThatIsNotWholeOrNotHigherIsDropped() {
        final Node half = kept(6);
        final String segment = half.disk.fileNames().stream().filter(name -> name.startsWith("snapshot/journal")).findFirst()
            .orElseThrow();
        half.disk.corruptSector(segment, 512);
        final ReplicaStores without = half.open();
        assertFalse(without.hasGap());
        checkAt(without, 1);
        without.close();
        final Node ahead = kept(7);
        for (int height = 2; height <= SNAPSHOT; height++) {
            ahead.record(height, true);
        }
        final ReplicaStores own = ahead.open();
        assertFalse(own.hasGap());
        checkAt(own, SNAPSHOT);
        own.close();
    }

    @Test
    void whatAPeerGetsIsTheNewestStateWithItsProof() {
        peer.loseIndexes(); // the states are known as blocks are executed
        final ReplicaStore full = full();
        final SnapshotShelf shelf = new SnapshotShelf(full, 1 << 20);
        final SnapshotHead newest = shelf.newest(2, 0).orElseThrow().head();
        assertEquals(BLOCKS - 1, newest.height());
        assertEquals(Optional.empty(), newest.fault(Samples.CHAIN, 0));
        final Message.WantState want = new Message.WantState(newest.stateDigest(),
            StatePath.ROOT);
        assertTrue(shelf.page(2, want, SnapshotShelf.KEPT_NS).isPresent());
        assertTrue(shelf.page(1, want, SnapshotShelf.KEPT_NS).isEmpty(), "it was another that asked");
        assertTrue(shelf.page(2, want, 2 * SnapshotShelf.KEPT_NS + 1).isEmpty(), "it is not kept for ever");
        full.abandon();
    }
}
