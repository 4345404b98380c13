package org.ztp.index;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.StateChanges;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.storage.state.KeyValueBatch;
import org.ztp.storage.state.KeyValueReader;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * One block as changes of the tables. Owned by the thread that writes them. A block whose bundles all count, with records
 * that name no entity, allocates nothing for a bundle.
 */
final class BlockIndexing {
    private static final byte[] NOTHING = new byte[0];

    private final TransactionRules rules;
    private final KeyValueReader store;
    private final IndexedBlock indexed;
    private final Block block;
    private final KeyValueBatch changes;
    private final Map<Position, Outcome.Code> bundles = new HashMap<>();
    private final Set<Position> invalid = new HashSet<>();
    private final Set<Hash> accepted = new HashSet<>();
    private final byte[] bundleKey = new byte[Hash.BYTES];
    private final SubmissionRuns runs;
    private final byte[] place = new byte[BundlePlace.BYTES];
    private final WireWriter placeWriter = new WireWriter(BundlePlace.BYTES);

    /** One block's changes, to be written into an empty batch. */
    BlockIndexing(final TransactionRules rules, final KeyValueReader store, final IndexedBlock indexed,
                  final SubmissionRuns runs, final KeyValueBatch changes) {
        this.rules = rules;
        this.runs = runs;
        this.changes = changes;
        this.store = store;
        this.indexed = indexed;
        this.block = indexed.block();
        for (final Outcome outcome : indexed.executed().outcomes()) {
            final Position position = new Position(outcome.batch(), outcome.bundle(), outcome.transaction());
            if (outcome.transaction() == Outcome.WHOLE_BUNDLE) {
                bundles.put(position, outcome.code());
            } else if (outcome.code() == Outcome.Code.INVALID) {
                invalid.add(position);
            }
        }
    }

    /** All changes, those of the state and of how far the index is included. */
    KeyValueBatch changes() {
        runs.begin();
        final byte[] height = IndexKeys.height(block.height());
        put(IndexTable.BLOCKS, height, new BlockPlace(indexed.position(), block.hash()).encode());
        indexed.certificate().ifPresent(certificate -> {
            final WireWriter out = new WireWriter();
            certificate.encode(out);
            put(IndexTable.CERTIFICATES, height, out.toBytes());
        });
        outcomes(height, indexed.executed().outcomes());
        for (int i = 0; i < indexed.batches().size(); i++) {
            if (indexed.batchPositions().get(i) >= 0) {
                put(IndexTable.BATCHES, block.batches().get(i).root().toBytes(),
                    new WireWriter(8).u64(indexed.batchPositions().get(i)).toBytes());
            }
            batch(i, indexed.batches().get(i));
        }
        runs.end(changes);
        if (block.epoch().isPresent()) {
            put(IndexTable.APPLIED, IndexKeys.EPOCH, new WireWriter(8).u64(block.height()).toBytes());
        }
        final BlockState state = (BlockState) indexed.executed().after();
        state.changes().changes().forEach(this::state);
        put(IndexTable.APPLIED, IndexKeys.APPLIED,
            new Applied(block.height(), block.hash(), state.digest(), indexed.floor()).encode());
        return changes;
    }

    private void outcomes(final byte[] height, final List<Outcome> outcomes) {
        if (!outcomes.isEmpty()) {
            final WireWriter out = new WireWriter().u32(outcomes.size());
            outcomes.forEach(outcome -> outcome.encode(out));
            put(IndexTable.OUTCOMES, height, out.toBytes());
        }
    }

    private void batch(final int batchIndex, final Batch batch) {
        for (int i = 0; i < batch.bundles().size(); i++) {
            final Bundle bundle = batch.bundles().get(i);
            final Outcome.Code code = code(batchIndex, i);
            bundle.id().copyTo(bundleKey, 0);
            if (code == Outcome.Code.ACCEPTED) {
                runs.add(bundle, changes);
                if (!bundles.isEmpty()) {
                    accepted.add(bundle.id());
                }
                if (!bundle.isPlain()) {
                    transactions(batchIndex, i, bundle);
                }
            }
            // A bundle that counted is told of where it did, whatever came before or after it.
            if (code == Outcome.Code.ACCEPTED || !counted(bundle)) {
                BundlePlace.encode(placeWriter, block.height(), batchIndex, i, code, place);
                put(IndexTable.BUNDLES, bundleKey, place);
            }
        }
    }

    /** What became of a bundle; almost always none of a block's is told of. */
    private Outcome.Code code(final int batchIndex, final int bundleIndex) {
        return bundles.isEmpty() ? Outcome.Code.ACCEPTED : bundles.getOrDefault(
            new Position(batchIndex, bundleIndex, Outcome.WHOLE_BUNDLE), Outcome.Code.ACCEPTED);
    }

    private boolean counted(final Bundle bundle) {
        return accepted.contains(bundle.id()) || store.get(IndexTable.BUNDLES.ordinal(), bundle.id().toBytes())
            .map(value -> BundlePlace.decode(new WireReader(value)).outcome() == Outcome.Code.ACCEPTED).orElse(false);
    }

    private void transactions(final int batchIndex, final int bundleIndex, final Bundle bundle) {
        bundle.forEach((index, array, offset, length) -> {
            final Position position = new Position(batchIndex, bundleIndex, index);
            if (!invalid.isEmpty() && invalid.contains(position)) {
                return;
            }
            if (array[offset] == RecordTransaction.KIND) {
                record(position, RecordTransaction.entity(array, offset));
            } else {
                final TransactionContext context = new TransactionContext(block.height(),
                    block.header().timeMillis(), bundle.client(), bundle.id(), index);
                rules.dataset((BlockState) indexed.executed().after(), context, array, offset, length)
                    .ifPresent(dataset -> put(IndexTable.DATASETS, IndexKeys.place(dataset.toBytes(), block.height(), position),
                        new byte[] {array[offset]}));
            }
        });
    }

    private void record(final Position position, final String entity) {
        if (!entity.isEmpty()) {
            put(IndexTable.ENTITIES, IndexKeys.place(IndexKeys.entity(entity), block.height(), position), NOTHING);
        }
    }

    private void state(final StateChanges.Change change) {
        if (change.value().isPresent()) {
            put(IndexTable.STATE, change.key(), change.value().get());
        } else {
            changes.delete(IndexTable.STATE.ordinal(), change.key());
        }
    }

    private void put(final IndexTable table, final byte[] key, final byte[] value) {
        changes.put(table.ordinal(), key, value);
    }
}
