package org.ztp.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptVerdict;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.ledger.receipt.SampleChain;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.ledger.state.SampleRules;
import org.ztp.storage.StorageException;
import org.ztp.storage.state.KeyValueBatch;
import org.ztp.storage.state.KeyValueStore;
import org.ztp.storage.state.MemoryKeyValueStore;
import org.ztp.storage.state.RocksKeyValueStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

final class LedgerIndexTest {
    private final SampleChain chain = new SampleChain();
    private final KeyValueStore store = new MemoryKeyValueStore(IndexTable.names());
    private final LedgerIndex index = open();
    private final IndexQueries queries = index.queries();
    private final Map<Long, Block> blocks = new HashMap<>();
    private final Map<Long, Batch> batches = new HashMap<>();

    /** The records that a journal would hold; batches are read back without their bundles' ids. */
    private final LedgerSource source = new LedgerSource() {
        @Override
        public Optional<Block> block(final long position) {
            return Optional.ofNullable(blocks.get(position));
        }

        @Override
        public Optional<Batch> batch(final long position) {
            return Optional.ofNullable(batches.get(position))
                .flatMap(LedgerIndexTest::unidentified);
        }
    };

    private static Optional<Batch> unidentified(final Batch batch) {
        final WireWriter out = new WireWriter();
        batch.encode(out);
        return Batch.parse(out.toBytes(), batch.length());
    }

    @Test
    void anEmptyIndexStandsAtTheGenesis() {
        assertEquals(new Applied(0, Samples.CHAIN, Hash.ZERO, 0), index.applied());
        assertTrue(queries.applied().isEmpty());
        assertTrue(queries.block(1).isEmpty());
        assertTrue(index.named().isEmpty());
    }

    @Test
    void whatWasAppliedIsFound() {
        final Bundle bundle = Samples.bundle(1, 1, 0, record("a"), record(""), Samples.utf8("\u0002k1"));
        apply(true, Samples.batch(Samples.bundle(2, 1, 0, record("")), bundle));
        assertEquals(Optional.of(new BundlePlace(1, 0, 1, Outcome.Code.ACCEPTED)), queries.bundle(bundle.id()));
        assertEquals(Optional.of(bundle.id()), queries.submission(Samples.client(1), Samples.submission(1), 0));
        assertTrue(queries.submission(Samples.client(1), Samples.submission(1), 1).isEmpty());
        assertEquals(Optional.of(new BlockPlace(100, chain.blocks.get(0).hash())), queries.block(1));
        assertEquals(OptionalLong.of(1000), queries.batch(chain.blocks.get(0).batches().get(0).root()));
        assertEquals(chain.executed.get(0).outcomes(), queries.outcomes(1));
        assertEquals(1, queries.outcomes(1).size());
        assertEquals(Phase.COMMIT, queries.certificate(1).orElseThrow().phase());
        assertEquals(List.of(place(1, 0, 1, 0)), queries.entity("a", TransactionPlace.BEGINNING, 10));
        assertEquals(List.of(place(1, 0, 1, 2)), queries.dataset(Hash.sha256(Samples.utf8("k")), TransactionPlace.BEGINNING, 10, kind -> kind == 2));
        assertEquals(List.of(), queries.dataset(Hash.sha256(Samples.utf8("k")), TransactionPlace.BEGINNING, 10, kind -> kind != 2));
        assertEquals(new Applied(1, chain.blocks.get(0).hash(), chain.state().digest(), 5000), index.applied());
    }

    @Test
    void theStateIsLoadedAndGoesOn() {
        apply(true, Samples.batch(Samples.bundle(1, 1, 0, Samples.utf8("\u0002k1"), Samples.utf8("\u0002l1"))));
        apply(true, Samples.batch(Samples.bundle(1, 1, 1, Samples.utf8("\u0003k"), Samples.utf8("\u0002l2"))));
        final LedgerIndex again = open();
        assertEquals(index.applied(), again.applied());
        assertEquals(chain.state().digest(), again.state().digest());
        assertEquals(2, again.applied().height());
    }

    @Test
    void anIndexOnDiskGoesOnWhereItWasClosed(@TempDir final Path directory) {
        chain.append(Samples.batch(Samples.bundle(1, 1, 0, Samples.utf8("\u0002k1"), record("a"))));
        chain.append(Samples.batch(Samples.bundle(1, 1, 1, Samples.utf8("\u0003k"), Samples.utf8("\u0002l2"))));
        try (KeyValueStore disk = RocksKeyValueStore.open(directory, IndexTable.names())) {
            LedgerIndex.open(disk, new SampleRules(), Samples.CHAIN).apply(indexed(1, true));
        }
        try (KeyValueStore disk = RocksKeyValueStore.open(directory, IndexTable.names())) {
            final LedgerIndex again = LedgerIndex.open(disk, new SampleRules(), Samples.CHAIN);
            assertEquals(chain.state(1).digest(), again.state().digest());
            again.apply(indexed(2, true));
            assertEquals(List.of(place(1, 0, 0, 1)), again.queries().entity("a", TransactionPlace.BEGINNING, 10));
        }
    }

    @Test
    void aStateThatIsNotItsDigestsIsCorrupt() {
        apply(true, Samples.batch(Samples.bundle(1, 1, 0, Samples.utf8("\u0002k1"))));
        store.write(new KeyValueBatch().delete(IndexTable.STATE.ordinal(), Samples.utf8("xk")));
        assertEquals(StorageException.Kind.CORRUPT, assertThrows(StorageException.class, this::open).kind());
    }

    @Test
    void aValueThatIsNoneIsCorrupt() {
        store.write(new KeyValueBatch().put(IndexTable.BLOCKS.ordinal(), IndexKeys.height(1), new byte[39]));
        assertEquals(StorageException.Kind.CORRUPT,
            assertThrows(StorageException.class, () -> queries.block(1)).kind());
    }

    @Test
    void onlyTheNextBlockIsApplied() {
        apply(true, Samples.batch(Samples.bundle(1, 1, 0, record(""))));
        assertThrows(IllegalStateException.class, () -> index.apply(indexed(1, true)));
        chain.append();
        chain.append();
        assertThrows(IllegalStateException.class, () -> index.apply(indexed(3, true)));
        index.apply(indexed(2, true));
    }

    @Test
    void aBundleIsFoundWhereItCounted() {
        final Bundle ahead = Samples.bundle(1, 1, 2000, record("a"));
        apply(true, Samples.batch(ahead));
        assertEquals(Optional.of(new BundlePlace(1, 0, 0, Outcome.Code.TOO_FAR_AHEAD)), queries.bundle(ahead.id()));
        assertTrue(queries.submission(Samples.client(1), Samples.submission(1), 2000).isEmpty());
        final Bundle first = Samples.bundle(1, 1, 0, record("a"));
        apply(true, Samples.batch(first, first));
        apply(true, Samples.batch(first));
        final Bundle other = Samples.bundle(1, 1, 0, record("a"), record("a"));
        apply(true, Samples.batch(other));
        assertEquals(Optional.of(new BundlePlace(2, 0, 0, Outcome.Code.ACCEPTED)), queries.bundle(first.id()));
        assertEquals(Optional.of(new BundlePlace(4, 0, 0, Outcome.Code.DUPLICATE)), queries.bundle(other.id()));
        assertEquals(Optional.of(first.id()), queries.submission(Samples.client(1), Samples.submission(1), 0));
        assertEquals(List.of(place(2, 0, 0, 0)), queries.entity("a", TransactionPlace.BEGINNING, 10));
    }

    @Test
    void entitiesAreInOrderAndApart() {
        for (int i = 0; i < 300; i++) {
            apply(true, Samples.batch(Samples.bundle(1, 1, i, record("ab"), record("a"), record("abc"))));
        }
        assertEquals(300, queries.entity("ab", TransactionPlace.BEGINNING, 1000).size());
        assertEquals(List.of(place(256, 0, 0, 1), place(257, 0, 0, 1)), queries.entity("a", place(256, 0, 0, 0), 2));
        assertTrue(queries.entity("a", place(301, 0, 0, 0), 10).isEmpty());
        assertTrue(queries.entity("", TransactionPlace.BEGINNING, 10).isEmpty());
        assertTrue(queries.entity("x", TransactionPlace.BEGINNING, 10).isEmpty());
    }

    @Test
    void invalidTransactionsAreNotIndexed() {
        apply(true, Samples.batch(Samples.bundle(1, 1, 0, Samples.utf8("\u0004k"), new byte[] {1, 1, 0, 'a'},
            Samples.utf8("\u0005k"))));
        assertEquals(List.of(place(1, 0, 0, 2)), queries.dataset(Hash.sha256(Samples.utf8("k")), TransactionPlace.BEGINNING, 10, kind -> true));
        assertTrue(queries.entity("a", TransactionPlace.BEGINNING, 10).isEmpty());
    }

    @Test
    void rowsPerRecordAreWrittenForEntitiesOnly() {
        final byte[][] records = new byte[1000][];
        Arrays.fill(records, record(""));
        chain.append(Samples.batch(Samples.bundle(1, 1, 0, records)));
        // Block, certificate, batch, bundle, submission, one state key, applied.
        assertEquals(7, changesOfFirstBlock());
    }

    @Test
    void bundlesThatFollowEachOtherShareARow() {
        final List<Bundle> bundles = new ArrayList<>();
        for (int sequence = 0; sequence < 150; sequence++) {
            for (int client = 1; client <= 3; client++) {
                bundles.add(Samples.bundle(client, 1, sequence, record("")));
            }
        }
        chain.append(Samples.batch(bundles.toArray(Bundle[]::new)));
        // Block, certificate, batch, three state keys, applied; a row for each bundle; three for each submission's 150.
        assertEquals(7 + 450 + 3 * 3, changesOfFirstBlock());
    }

    @Test
    void aBlockThatCouldNotBeIndexedLeavesNothingToTheNext() {
        final SubmissionRuns runs = new SubmissionRuns();
        final KeyValueBatch changes = new KeyValueBatch();
        for (int client = 1; client <= 50; client++) {
            runs.add(Samples.bundle(client, 1, 0, record("")), changes);
        }
        runs.begin();
        changes.clear();
        runs.add(Samples.bundle(1, 1, 1, record("")), changes);
        runs.end(changes);
        assertEquals(1, changes.size());
        store.write(changes);
        assertTrue(queries.submission(Samples.client(1), Samples.submission(1), 0).isEmpty());
        assertTrue(queries.submission(Samples.client(1), Samples.submission(1), 1).isPresent());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theBundleOfEachSequenceIsFoundWhateverTheirOrder(final long seed) {
        final Random random = new Random(seed);
        final int clients = 40;
        final Map<Integer, List<Bundle>> counted = new HashMap<>();
        for (int block = 0; block < 4; block++) {
            final List<Bundle> bundles = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                for (int i = 0; i < (client % 4 == 0 ? 70 : 5); i++) {
                    final List<Bundle> own = counted.computeIfAbsent(client, none -> new ArrayList<>());
                    own.add(Samples.bundle(client, client, 2L * own.size() + random.nextInt(2), record("")));
                    bundles.add(own.get(own.size() - 1));
                }
            }
            Collections.shuffle(bundles, random);
            if (block % 2 == 0) {
                bundles.sort(Comparator.comparingLong(Bundle::sequence));
            }
            apply(true, Samples.batch(bundles.toArray(Bundle[]::new)));
        }
        counted.forEach((client, bundles) -> {
            for (int i = -1; i <= 2 * bundles.size() + 1; i++) {
                final int sequence = i;
                final Optional<Hash> expected = bundles.stream().filter(bundle -> bundle.sequence() == sequence)
                    .map(Bundle::id).findFirst();
                assertEquals(expected, queries.submission(Samples.client(client), Samples.submission(client), i));
            }
        });
        assertTrue(queries.submission(Samples.client(1), Samples.submission(2), 0).isEmpty());
    }

    @Test
    void receiptsComeFromIndexAndSource() {
        final Bundle bundle = Samples.bundle(1, 1, 0, record("a"), Samples.utf8("\u0005k"));
        apply(false, Samples.batch(bundle), Samples.batch(Samples.bundle(2, 1, 0, record(""))));
        final Receipts receipts = new Receipts(queries, source, Samples.CHAIN);
        assertTrue(receipts.receipt(bundle.id(), 1, index.named()).isEmpty(), "no certificate yet");
        apply(true, Samples.batch(Samples.bundle(2, 1, 1, record(""))));
        final ReceiptVerifier verifier =
            new ReceiptVerifier(Samples.CHAIN, List.of(chain.voters()), Samples.SIGNATURES);
        apply(true, Samples.batch(Samples.bundle(2, 1, 2, record(""))));
        final Receipt proven = receipts.receipt(bundle.id(), 1, Optional.empty()).orElseThrow();
        assertEquals(new ReceiptVerdict(ReceiptVerdict.Fault.NONE, "", true), verifier.verify(proven));
        final KeyValueBatch without = new KeyValueBatch();
        without.delete(IndexTable.OUTCOMES.ordinal(), IndexKeys.proof(1));
        store.write(without);
        final Receipt plain = receipts.receipt(bundle.id(), 1, Optional.empty()).orElseThrow();
        assertEquals(new ReceiptVerdict(ReceiptVerdict.Fault.NONE, "", false), verifier.verify(plain));
        final Receipt otherwise = receipts.receipt(bundle.id(), 1, index.named()).orElseThrow();
        assertEquals(new ReceiptVerdict(ReceiptVerdict.Fault.NONE, "", true), verifier.verify(otherwise));
        assertEquals(Outcome.Code.DENIED, proven.outcome().code());
        assertTrue(receipts.receipt(bundle.id(), 2, index.named()).isEmpty());
        assertTrue(receipts.receipt(bundle.id(), -1, index.named()).isEmpty());
        assertTrue(receipts.receipt(Hash.ZERO, 0, index.named()).isEmpty());
        batches.clear();
        assertTrue(receipts.receipt(bundle.id(), 1, index.named()).isEmpty());
    }

    private int changesOfFirstBlock() {
        return new BlockIndexing(new SampleRules(), store, indexed(1, true), new SubmissionRuns(), new KeyValueBatch())
            .changes().size();
    }

    private LedgerIndex open() {
        return LedgerIndex.open(store, new SampleRules(), Samples.CHAIN);
    }

    /** Appends a block to the chain and applies it. */
    private void apply(final boolean certified, final Batch... content) {
        chain.append(content);
        index.apply(indexed(chain.blocks.size(), certified));
    }

    private IndexedBlock indexed(final int height, final boolean certified) {
        final Block block = chain.blocks.get(height - 1);
        final List<Long> positions = new ArrayList<>();
        blocks.put(100L * height, block);
        for (int i = 0; i < block.batches().size(); i++) {
            final long position = 1000L * height + i;
            final boolean known = batches.values().stream()
                .anyMatch(batch -> Samples.ref(batch).equals(block.batches().get(positions.size())));
            batches.putIfAbsent(position, chain.batches.get(height - 1).get(i));
            positions.add(known ? -1L : position);
        }
        final Optional<Certificate> certificate = certified
            ? Optional.of(chain.certificate(Phase.COMMIT, height, 0, 1, 2)) : Optional.empty();
        return new IndexedBlock(block, chain.batches.get(height - 1), certificate, chain.executed.get(height - 1),
            100L * height, positions, 5000L * height);
    }

    private static byte[] record(final String entity) {
        return new RecordTransaction(entity, "", Samples.utf8("payload")).encode();
    }

    private static TransactionPlace place(final long height, final int batch, final int bundle, final int transaction) {
        return new TransactionPlace(height, new Position(batch, bundle, transaction));
    }
}
