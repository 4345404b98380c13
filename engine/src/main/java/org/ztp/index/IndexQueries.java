package org.ztp.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.ledger.state.StateProof;
import org.ztp.storage.StorageException;
import org.ztp.storage.state.KeyValueCursor;
import org.ztp.storage.state.KeyValueReader;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;

/**
 * What the index knows. Any thread may ask. Every method throws {@link StorageException}, of kind CORRUPT for a value
 * that is none: then the index is to be deleted and rebuilt.
 */
public final class IndexQueries {
    private final KeyValueReader store;
    private volatile Consumer<StorageException> rotten = damage -> { };

    /** Queries on a store that was opened with {@link IndexTable#names()}, or a snapshot of it. */
    public IndexQueries(final KeyValueReader store) {
        this.store = store;
    }

    /**
     * From now on tells of damage that a question meets twice, before its asker is told.
     *
     * @param told takes what the store said, or that a value is none; by the thread that asks
     */
    public void onRotten(final Consumer<StorageException> told) {
        rotten = told;
    }

    private <T> T ask(final Supplier<T> question) {
        try {
            return question.get();
        } catch (final StorageException failure) {
            if (failure.kind() != StorageException.Kind.CORRUPT) {
                throw failure;
            }
        }
        try {
            return question.get(); // it may have been read wrongly, once
        } catch (final StorageException failure) {
            if (failure.kind() == StorageException.Kind.CORRUPT) {
                rotten.accept(failure);
            }
            throw failure;
        }
    }

    /** How far the index is; empty if no block was applied. */
    public Optional<Applied> applied() {
        return get(IndexTable.APPLIED, IndexKeys.APPLIED, Applied::decode);
    }

    /** Height of the last final block that holds an epoch. */
    public OptionalLong epochHeight() {
        return get(IndexTable.APPLIED, IndexKeys.EPOCH, WireReader::u64).map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    }

    /** Where the final block at a height is. */
    public Optional<BlockPlace> block(final long height) {
        return get(IndexTable.BLOCKS, IndexKeys.height(height), BlockPlace::decode);
    }

    /** The commit certificate of the block at a height; empty if a descendant's makes it final. */
    public Optional<Certificate> certificate(final long height) {
        return get(IndexTable.CERTIFICATES, IndexKeys.height(height), Certificate::decode);
    }

    /** The outcomes of the block at a height. */
    public List<Outcome> outcomes(final long height) {
        return get(IndexTable.OUTCOMES, IndexKeys.height(height), IndexQueries::outcomes).orElse(List.of());
    }

    /** That the state named by the header above a block answers for the block's outcomes; empty if it does not (yet). */
    public Optional<StateProof> proof(final long height) {
        return get(IndexTable.OUTCOMES, IndexKeys.proof(height), StateProof::decode);
    }

    /** Journal position of the record of a batch that a final block names. */
    public OptionalLong batch(final Hash root) {
        return get(IndexTable.BATCHES, root.toBytes(), WireReader::u64).map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    }

    /** Where a bundle counted; if it did not, where it was found last. */
    public Optional<BundlePlace> bundle(final Hash id) {
        return get(IndexTable.BUNDLES, id.toBytes(), BundlePlace::decode);
    }

    /** The bundle that counted for a client, a submission (16 bytes) and a sequence. */
    public Optional<Hash> submission(final Hash client, final byte[] submission, final long sequence) {
        return ask(() -> counted(client, submission, sequence));
    }

    private Optional<Hash> counted(final Hash client, final byte[] submission, final long sequence) {
        final byte[] from = IndexKeys.submission(client, submission, sequence);
        try (KeyValueCursor cursor = store.scan(IndexTable.SEQUENCES.ordinal(), from)) {
            if (!cursor.next() || !IndexKeys.isOfSubmission(cursor.key(), from)) {
                return Optional.empty();
            }
            // No two runs have a sequence in common, so if one holds it, it is the first that ends there or later.
            final byte[] ids = cursor.value();
            if (ids.length == 0 || ids.length % Hash.BYTES != 0) {
                throw none(IndexTable.SEQUENCES, ids);
            }
            final long back = IndexKeys.sequence(cursor.key()) - sequence;
            return back >= ids.length / Hash.BYTES ? Optional.empty()
                : Optional.of(Hash.copyOf(ids, ids.length - ((int) back + 1) * Hash.BYTES));
        }
    }

    /**
     * The records about an entity, from a place on, in order.
     *
     * @param limit most of them
     */
    public List<TransactionPlace> entity(final String entity, final TransactionPlace since, final int limit) {
        return places(IndexTable.ENTITIES, IndexKeys.entity(entity), since, limit, value -> true);
    }

    /**
     * The transactions about a dataset, from a place on, in order; those that were INVALID are not among them.
     *
     * @param limit most of them
     * @param kinds tells of which kinds, as their first byte says; those of rows that do not name theirs are among them, too
     */
    public List<TransactionPlace> dataset(final Hash dataset, final TransactionPlace since, final int limit,
                                          final IntPredicate kinds) {
        return places(IndexTable.DATASETS, dataset.toBytes(), since, limit,
            value -> value.length == 0 || kinds.test(value[0] & 0xff));
    }

    private List<TransactionPlace> places(final IndexTable table, final byte[] beginning, final TransactionPlace since,
                                          final int limit, final Predicate<byte[]> wanted) {
        return ask(() -> scan(table, beginning, since, limit, wanted));
    }

    private List<TransactionPlace> scan(final IndexTable table, final byte[] beginning, final TransactionPlace since,
                                        final int limit, final Predicate<byte[]> wanted) {
        final List<TransactionPlace> places = new ArrayList<>();
        final byte[] from = IndexKeys.place(beginning, since.height(), since.position());
        try (KeyValueCursor cursor = store.scan(table.ordinal(), from)) {
            while (places.size() < limit && cursor.next()) {
                final byte[] key = cursor.key();
                if (key.length != from.length || !Arrays.equals(key, 0, beginning.length, from, 0, beginning.length)) {
                    break;
                }
                if (wanted.test(cursor.value())) {
                    places.add(IndexKeys.place(key));
                }
            }
        }
        return places;
    }

    private <T> Optional<T> get(final IndexTable table, final byte[] key, final Function<WireReader, T> decoder) {
        return ask(() -> store.get(table.ordinal(), key).map(value -> {
            final WireReader in = new WireReader(value);
            final T decoded = decoder.apply(in);
            if (!in.finished()) {
                throw none(table, value);
            }
            return decoded;
        }));
    }

    private static StorageException none(final IndexTable table, final byte[] value) {
        return new StorageException(StorageException.Kind.CORRUPT,
            "table " + table + ": a value of " + value.length + " bytes is none");
    }

    private static List<Outcome> outcomes(final WireReader in) {
        final int count = in.u32();
        final List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            outcomes.add(Outcome.decode(in));
        }
        return List.copyOf(outcomes);
    }
}
