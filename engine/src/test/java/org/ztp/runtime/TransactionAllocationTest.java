package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.GenesisVoters;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.VerifyKeys;
import org.ztp.index.IndexTable;
import org.ztp.index.IndexedBlock;
import org.ztp.index.LedgerIndex;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.state.Executor;
import org.ztp.ledger.state.SampleRules;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.state.MemoryKeyValueStore;
import org.ztp.wire.Hash;

/**
 * What a transaction costs on its way through a node (decoding, hashing, its bundle's signature, the batch, the
 * journal, execution, the index) is not a byte of the heap: whatever is allocated is so for bundles, batches and
 * blocks, and is the same however many transactions they hold.
 */
final class TransactionAllocationTest {
    private static final int BUNDLES = 20;
    private static final int FEW = 1;
    private static final int MANY = 200;
    private static final int ROUNDS = 40;
    private static final int CHANCES = 20;
    private static final int PAYLOAD = 256;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    @TempDir
    private Path directory;

    /** One thread's way of bundles of the same number of transactions, a block at a time. */
    private final class Way implements AutoCloseable {
        private final SigningKey key = SigningKey.ofSeed(Hash.sha256(Samples.utf8("client")).toBytes());
        private final BundleBuilder client = new BundleBuilder(Samples.CHAIN, Hash.of(key.verifyKey().bytes()),
            new byte[Bundle.SUBMISSION_BYTES], key::sign);
        private final byte[] record = new RecordTransaction("", "", new byte[PAYLOAD]).encode();
        private final BatchBuilder builder = new BatchBuilder(64 << 20);
        private final IngestLane lane = new IngestLane(0, Samples.CHAIN, GenesisVoters.clients(new VerifyKeys(16)),
            this::checked);
        private final UnsafeBuffer run = new UnsafeBuffer(0, 0);
        private final Executor executor = new Executor(new SampleRules());
        private final LedgerIndex index = LedgerIndex.open(new MemoryKeyValueStore(IndexTable.names()),
            new SampleRules(), Samples.CHAIN);
        private final Journal journal;
        private final int transactions;
        private long sequence;

        Way(final int transactions) {
            this.transactions = transactions;
            journal = Journal.open(new FileDisk(directory.resolve("of-" + transactions), PastCache.AUTO),
                JournalOptions.of(new byte[JournalOptions.TAG_BYTES], Durability.OS), Journal.START,
                (position, type, buffer, offset, length) -> { });
        }

        private byte[] next() {
            for (int i = 0; i < transactions; i++) {
                record[record.length - 1] = (byte) i;
                assertTrue(client.add(record, 0, record.length));
            }
            return client.seal(sequence++).array();
        }

        private void checked(final int thread, final Object owner, final Bundle bundle, final boolean signed) {
            assertTrue(signed && builder.add(bundle));
        }

        private void add(final byte[] array, final int offset, final int length) {
            run.wrap(array, offset, length);
            journal.add(run, 0, length);
        }

        /** Bytes that one more block allocates. */
        long block() {
            final List<byte[]> handedIn = new ArrayList<>();
            for (int i = 0; i < BUNDLES; i++) {
                handedIn.add(next());
            }
            final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < BUNDLES; i++) {
                lane.add(this, Bundle.parse(handedIn.get(i), 0, handedIn.get(i).length).orElseThrow());
            }
            lane.settle();
            final Batch batch = builder.build();
            journal.begin(LedgerRecord.BATCH, batch.length() - Batch.HEADER_BYTES);
            batch.forEachRun(this::add);
            final long position = journal.end();
            journal.commit(Durability.OS);
            final Block block = Samples.block(index.applied().height() + 1, index.applied().block(),
                index.state().digest(), batch);
            final Executed executed = executor.execute(index.state(), block, List.of(batch));
            index.apply(new IndexedBlock(block, List.of(batch), Optional.empty(), executed, position, List.of(position),
                position));
            final long cost = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            assertEquals(BUNDLES * transactions, batch.transactions());
            return cost;
        }

        @Override
        public void close() {
            journal.close();
            key.close();
        }
    }

    @Test
    void aTransactionAllocatesNothingWhateverItsBundleDoes() {
        long few = Long.MAX_VALUE;
        long many = Long.MAX_VALUE;
        try (Way ofFew = new Way(FEW); Way ofMany = new Way(MANY)) {
            for (int round = 0; round < ROUNDS; round++) {
                final long costOfFew = ofFew.block();
                final long costOfMany = ofMany.block();
                if (round >= ROUNDS - CHANCES) {
                    few = Math.min(few, costOfFew);
                    many = Math.min(many, costOfMany);
                }
            }
        }
        final double each = (double) (many - few) / (BUNDLES * (MANY - FEW));
        assertTrue(each < 0.05, "bytes a transaction: " + each + ", of a block of few: " + few + ", of many: " + many);
    }
}
