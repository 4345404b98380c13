package org.ztp.runtime;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.ztp.consensus.Action.BatchEntry;
import org.ztp.consensus.Action.BlockEntry;
import org.ztp.consensus.Action.CertificateEntry;
import org.ztp.consensus.Action.Entry;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Action.Persist;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.storage.Durability;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Makes things durable: all that waits is written together, then the safety record, then the replica is told. After
 * that the index learns of final blocks; it can be rebuilt, so nobody waits for it. While the disk takes one group the
 * next is gathered, and appended to the journal. Single owner: the replica's journal thread.
 *
 * <p>Order, and what a crash in between does: records before the safety record, so what a vote speaks of is there
 * when the vote is remembered; a crash after the records but before the safety record loses a vote that was never
 * sent. A replica that was superseded by another process stops here: that one may have marked it at any time.
 */
final class JournalDuty implements Duty {
    /** About so much is appended at a time. */
    static final int GROUP_BYTES = 16 << 20;

    private final Journal journal;
    private final SafetyStore safety;
    private final Durability durability;
    private final LongConsumer persisted;
    private final BooleanSupplier superseded;
    private final FinalIndex index;
    private final MpscUnboundedArrayQueue<Object> queue = new MpscUnboundedArrayQueue<>(1024);
    /** First positions of what is recorded and not final, ascending: what is recorded again keeps its place, as in a replay. */
    private final Map<Hash, Long> openBatches;
    private final Map<Hash, OpenBlock> openBlocks;
    private final UnsafeBuffer body = new UnsafeBuffer(0, 0);
    private final Batch.RunVisitor addRun = this::addRun;
    private final WireWriter refBytes = new WireWriter(BatchRef.BYTES + Batch.HEADER_BYTES);
    private final Runnable written;
    /** What is appended, and what of that is being made durable: nothing, or a group that was gathered before. */
    private Group gathered = new Group();
    private Group committing = new Group();
    private volatile long indexedHeight;

    /** What waits for the journal to be durable up to some place, and becomes known together. */
    private static final class Group {
        private final ArrayDeque<Finalized> finals = new ArrayDeque<>();
        private Optional<byte[]> record = Optional.empty();
        private long ticket;

        void add(final Persist persist) {
            ticket = persist.ticket();
            record = persist.safety().isPresent() ? persist.safety() : record;
        }

        boolean isEmpty() {
            return ticket == 0 && finals.isEmpty();
        }
    }

    /** A recorded block that is not final: its height and its record's position. */
    record OpenBlock(long height, long position) { }

    /** Takes final blocks in; implemented over the index. */
    interface FinalIndex {
        /**
         * A block is final.
         *
         * @param said the block and what came of it
         * @param at where it lies in the journal
         */
        void apply(Finalized said, Positions at);
    }

    /**
     * Where a final block lies in the journal.
     *
     * @param block position of its record
     * @param batches positions of its batches' records; -1 for a batch that an earlier final block named too
     * @param floor everything that is not in the index lies at or after this position
     */
    record Positions(long block, List<Long> batches, long floor) { }

    JournalDuty(final Journal journal, final SafetyStore safety, final Durability durability,
                final Map<Hash, Long> openBatches, final Map<Hash, OpenBlock> openBlocks, final long indexedHeight,
                final FinalIndex index, final BooleanSupplier superseded, final LongConsumer persisted,
                final Runnable written) {
        this.journal = journal;
        this.safety = safety;
        this.durability = durability;
        this.openBatches = new LinkedHashMap<>(openBatches);
        this.openBlocks = new LinkedHashMap<>(openBlocks);
        this.indexedHeight = indexedHeight;
        this.index = index;
        this.superseded = superseded;
        this.persisted = persisted;
        this.written = written;
    }

    /** Asks for durability. Any thread. */
    void persist(final Persist persist) {
        queue.add(persist);
    }

    /** Tells of a final block whose records were asked for before. Any thread. */
    void finalized(final Finalized said) {
        queue.add(said);
    }

    /** Height up to which the index knows the chain. */
    long indexedHeight() {
        return indexedHeight;
    }

    @Override
    public int work() {
        int done = 0;
        if (!committing.isEmpty() && journal.commitEnded()) {
            finish(committing);
            done++;
        }
        final long start = journal.tailPosition();
        Object next;
        while (journal.tailPosition() - start < GROUP_BYTES && (next = queue.poll()) != null) {
            done++;
            if (next instanceof Persist persist) {
                persist.records().forEach(this::append);
                gathered.add(persist);
            } else {
                gathered.finals.add((Finalized) next);
            }
        }
        if (committing.isEmpty() && !gathered.isEmpty()) {
            final Group group = gathered;
            gathered = committing;
            committing = group;
            if (group.ticket == 0 || journal.beginCommit(durability, written)) {
                finish(group);
            }
        }
        return done;
    }

    /** Waits until all that was asked for is durable and the index knows it. */
    void finish() {
        while (work() > 0 || !committing.isEmpty()) {
            journal.awaitCommit();
        }
    }

    /** The records of a group are durable. */
    private void finish(final Group group) {
        if (group.ticket > 0) {
            if (group.record.isPresent()) {
                requireCurrent();
                body.wrap(group.record.get());
                safety.store(body, 0, group.record.get().length, durability);
                group.record = Optional.empty();
            }
            persisted.accept(group.ticket);
            group.ticket = 0;
        }
        for (Finalized said = group.finals.poll(); said != null; said = group.finals.poll()) {
            index(said);
        }
    }

    @Override
    public long restNs() {
        return 1_000_000_000L;
    }

    /**
     * Another process may vote with this key once this one was superseded, so nothing that votes depend on is written.
     */
    private void requireCurrent() {
        if (superseded.getAsBoolean()) {
            throw new IllegalStateException("a later incarnation runs this replica");
        }
    }

    private void append(final Entry entry) {
        if (entry instanceof BatchEntry batch) {
            openBatches.putIfAbsent(batch.ref().root(), append(batch));
        } else if (entry instanceof BlockEntry block) {
            final byte[] bytes = LedgerRecord.encode(block.block());
            body.wrap(bytes);
            openBlocks.putIfAbsent(block.block().hash(), new OpenBlock(block.block().height(),
                journal.append(LedgerRecord.BLOCK, body, 0, bytes.length)));
        } else {
            final Certificate certificate = ((CertificateEntry) entry).certificate();
            final byte[] bytes = LedgerRecord.encode(certificate);
            body.wrap(bytes);
            journal.append(LedgerRecord.CERTIFICATE, body, 0, bytes.length);
        }
    }

    private long append(final BatchEntry entry) {
        refBytes.clear();
        entry.ref().encode(refBytes);
        refBytes.u32(entry.batch().bundles().size());
        body.wrap(refBytes.array());
        journal.begin(LedgerRecord.BATCH, BatchRef.BYTES + entry.batch().length());
        journal.add(body, 0, refBytes.size());
        entry.batch().forEachRun(addRun);
        return journal.end();
    }

    private void addRun(final byte[] array, final int offset, final int length) {
        body.wrap(array);
        journal.add(body, offset, length);
    }

    private void index(final Finalized said) {
        final Hash hash = said.block().block().hash();
        final OpenBlock block = openBlocks.get(hash);
        final Long[] batchPositions = new Long[said.block().batches().size()];
        for (int i = 0; i < batchPositions.length; i++) {
            final Hash root = said.block().block().batches().get(i).root();
            final Long position = openBatches.remove(root);
            batchPositions[i] = position == null ? -1L : position;
        }
        if (block == null) {
            throw new IllegalStateException("final block without a record: height=" + said.block().block().height());
        }
        openBlocks.values().removeIf(open -> open.height() <= block.height());
        long floor = journal.tailPosition();
        floor = openBatches.isEmpty() ? floor : Math.min(floor, openBatches.values().iterator().next());
        floor = openBlocks.isEmpty() ? floor : Math.min(floor, openBlocks.values().iterator().next().position());
        index.apply(said, new Positions(block.position(), List.of(batchPositions), floor));
        indexedHeight = said.block().block().height();
    }
}
