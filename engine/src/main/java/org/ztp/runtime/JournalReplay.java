package org.ztp.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Recovered;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.snapshot.ArrivingSnapshot;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.StateChanges;
import org.ztp.ledger.state.StateTree;
import org.ztp.ledger.state.TakenBundles;
import org.ztp.runtime.JournalDuty.OpenBlock;
import org.ztp.runtime.JournalDuty.Positions;
import org.ztp.storage.Buffers;
import org.ztp.storage.StorageException;
import org.ztp.storage.journal.JournalCursor;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.wire.Hash;

/**
 * Replays a journal from where the index ends: executes what certificates make final, hands it to the index, and keeps
 * what is undecided. Memory is bounded by what is undecided at one time. Records whose content does not fit their names
 * are passed over: the replica fetches what it misses from its peers.
 */
final class JournalReplay {
    private final StateMachine machine;
    private final BatchHashing hashing;
    private final JournalDuty.FinalIndex index;
    private final Function<Hash, Optional<Batch>> finalBatches;
    private final Map<Hash, Placed<LedgerRecord.StoredBatch>> batches = new LinkedHashMap<>();
    private final Map<Hash, Placed<Block>> blocks = new LinkedHashMap<>();
    private final TakenBundles taken = new TakenBundles();
    private final SnapshotIndex snapshots;
    private ArrivingSnapshot arriving = new ArrivingSnapshot();
    private final boolean gap;
    private Head head;

    /** Where the chain ends, and the epoch that it named last. */
    record Head(long height, Hash block, long view, long timeMillis, Optional<Epoch> epoch, LedgerState state) { }

    /** Takes a snapshot in. */
    @FunctionalInterface
    interface SnapshotIndex {
        /**
         * A snapshot that the journal begins with is whole.
         *
         * @param head what it is of
         * @param state the state
         * @param floor position of its last record
         */
        void adopt(SnapshotHead head, StateTree state, long floor);
    }

    private record Placed<T>(T what, long position) { }

    /**
     * A replay.
     *
     * @param head where the index ends
     * @param gap whether the journal goes on from a snapshot
     * @param machine executes blocks
     * @param hashing hashes batches
     * @param index takes final blocks in
     * @param finalBatches batches that the index knows: a block may name one again
     * @param snapshots takes a snapshot in
     */
    JournalReplay(final Head head, final boolean gap, final StateMachine machine, final BatchHashing hashing,
                  final JournalDuty.FinalIndex index, final Function<Hash, Optional<Batch>> finalBatches,
                  final SnapshotIndex snapshots) {
        this.head = head;
        this.gap = gap;
        this.snapshots = snapshots;
        this.machine = machine;
        this.hashing = hashing;
        this.index = index;
        this.finalBatches = finalBatches;
    }

    /**
     * Replays up to the end.
     *
     * @throws StorageException of kind CORRUPT if something stands there that is no record, as where an index has begun to
     *     read that is of another journal
     */
    JournalReplay run(final JournalCursor cursor) {
        JournalRecord record = cursor.next();
        while (record.isValid()) {
            onRecord(record.position(), record.type(), Buffers.bytes(record.payload()));
            record = cursor.next();
        }
        if (record.verdict() == JournalRecord.Verdict.CORRUPT) {
            throw new StorageException(StorageException.Kind.CORRUPT, "no record stands at position " + cursor.position());
        }
        return this;
    }

    private void onRecord(final long position, final int type, final byte[] payload) {
        SnapshotRecord.decode(type, payload).ifPresent(record -> onSnapshot(record, position));
        final Optional<LedgerRecord> record = LedgerRecord.decode(type, payload);
        if (record.isEmpty()) {
            return;
        }
        if (record.get() instanceof LedgerRecord.StoredBatch stored) {
            final Optional<BatchRef> actual = hashing.identify(stored.batch());
            if (actual.isPresent() && actual.get().equals(stored.ref())) {
                batches.putIfAbsent(stored.ref().root(), new Placed<>(stored, position));
            }
        } else if (record.get() instanceof LedgerRecord.StoredBlock stored) {
            if (stored.block().height() > head.height()) {
                blocks.putIfAbsent(stored.block().hash(), new Placed<>(stored.block(), position));
            }
        } else {
            onCertificate(((LedgerRecord.StoredCertificate) record.get()).certificate(), position);
        }
    }

    /** Only what a journal begins with: a state that blocks have led to is not replaced by another. */
    private void onSnapshot(final SnapshotRecord record, final long position) {
        if (head.height() == 0 && arriving.take(record) && arriving.whole().isPresent()) {
            final StateTree state = arriving.whole().get();
            final SnapshotHead of = arriving.head().orElseThrow();
            snapshots.adopt(of, state, position);
            head = new Head(of.height(), of.block(), of.header().view(), of.header().timeMillis(), of.epoch(),
                new BlockState(state, StateChanges.NONE));
            arriving = new ArrivingSnapshot();
        }
    }

    private void onCertificate(final Certificate certificate, final long position) {
        if (certificate.height() <= head.height()) {
            return;
        }
        final List<Placed<Block>> path = new ArrayList<>();
        Hash at = certificate.block();
        while (!at.equals(head.block())) {
            final Placed<Block> block = blocks.get(at);
            if (block == null) {
                return;
            }
            path.add(0, block);
            at = block.what().header().parent();
        }
        for (final Placed<Block> block : path) {
            final boolean last = block == path.get(path.size() - 1);
            if (!finish(block, last ? Optional.of(certificate) : Optional.empty(), position)) {
                return;
            }
        }
    }

    private boolean finish(final Placed<Block> placed, final Optional<Certificate> certificate, final long position) {
        final Block block = placed.what();
        final List<Batch> contents = new ArrayList<>();
        final Long[] positions = new Long[block.batches().size()];
        for (int i = 0; i < positions.length; i++) {
            final Placed<LedgerRecord.StoredBatch> batch = batches.get(block.batches().get(i).root());
            final Optional<Batch> named = batch != null ? Optional.of(batch.what().batch())
                : finalBatches.apply(block.batches().get(i).root());
            if (named.isEmpty()) {
                return false;
            }
            contents.add(named.get());
            positions[i] = batch == null ? -1L : batch.position();
        }
        if (!head.state().digest().equals(block.header().stateDigest())) {
            throw new StorageException(StorageException.Kind.CORRUPT,
                "state digest differs from the quorum's before height " + block.height() + ": expected=" + block.header().stateDigest() + " actual=" + head.state().digest());
        }
        final StateMachine.Executed executed = machine.execute(head.state(), block, contents);
        head = new Head(block.height(), block.hash(), block.header().view(), block.header().timeMillis(),
            block.epoch().or(head::epoch), executed.after());
        block.batches().forEach(ref -> batches.remove(ref.root()));
        blocks.values().removeIf(open -> open.what().height() <= block.height());
        index.apply(new Finalized(new FinalBlock(block, contents, certificate), executed),
            new Positions(placed.position(), List.of(positions), floor(position)));
        return true;
    }

    private long floor(final long limit) {
        long floor = limit;
        for (final Placed<LedgerRecord.StoredBatch> batch : batches.values()) {
            floor = Math.min(floor, batch.position());
        }
        for (final Placed<Block> block : blocks.values()) {
            floor = Math.min(floor, block.position());
        }
        return floor;
    }

    Head head() {
        return head;
    }

    /**
     * What the core needs to go on. A batch of which nothing is left to do is forgotten, unless a block that may become
     * final names it: that cannot be executed without it.
     */
    Recovered recovered() {
        final List<Block> undecided = new ArrayList<>();
        blocks.values().forEach(block -> undecided.add(block.what()));
        final List<Recovered.StoredBatch> stored = new ArrayList<>();
        final Set<Hash> named = new HashSet<>();
        blocks.values().forEach(block -> block.what().batches().forEach(ref -> named.add(ref.root())));
        batches.entrySet().removeIf(batch -> !named.contains(batch.getKey()) && isTaken(batch.getValue().what().batch()));
        batches.values().forEach(batch -> stored.add(
            new Recovered.StoredBatch(batch.what().ref(), batch.what().batch())));
        return new Recovered(head.height(), head.block(), head.view(), head.timeMillis(), head.epoch(), head.state(),
            undecided, stored, gap);
    }

    /** Whether each bundle of a batch counted in another one: it was driven twice, and there is nothing in it any more. */
    private boolean isTaken(final Batch batch) {
        return batch.bundles().stream().allMatch(bundle -> taken.contains(head.state(), bundle));
    }

    /** Positions of the batches that no final block names; known once {@link #recovered} was asked for. */
    Map<Hash, Long> openBatches() {
        final Map<Hash, Long> open = new LinkedHashMap<>();
        batches.forEach((root, batch) -> open.put(root, batch.position()));
        return open;
    }

    /** The recorded blocks above the head. */
    Map<Hash, OpenBlock> openBlocks() {
        final Map<Hash, OpenBlock> open = new LinkedHashMap<>();
        blocks.forEach((hash, block) -> open.put(hash, new OpenBlock(block.what().height(), block.position())));
        return open;
    }
}
