package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.index.BlockPlace;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerRecord;
import org.ztp.storage.Buffers;
import org.ztp.storage.StorageException;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * The records of a final block as a journal has them: its batches, the block, and its certificate if it has one of its
 * own. Nothing is hashed: who takes them elsewhere trusts them no more than what peers send.
 *
 * @param block hash of the block
 * @param parent hash of the block one lower
 * @param records in this order
 * @param certified whether the last one is its certificate
 */
record FinalRecords(Hash block, Hash parent, List<Raw> records, boolean certified) {
    /**
     * One record.
     *
     * @param kind as in {@link LedgerRecord}
     * @param payload all of the buffer
     */
    record Raw(int kind, DirectBuffer payload) {
        /** Adds it to a journal. */
        void appendTo(final Journal journal) {
            journal.append(kind, payload, 0, payload.capacity());
        }

        /** The block that it holds; empty if it is no record of a block. */
        Optional<Block> block() {
            return LedgerRecord.decode(kind, Buffers.bytes(payload))
                .map(one -> one instanceof LedgerRecord.StoredBlock stored ? stored.block() : null);
        }
    }

    /**
     * Those of a run of heights, one after the other.
     *
     * @param blocks reads those of one height
     * @throws StorageException of kind CORRUPT if one cannot be read
     */
    static void each(final long from, final long to, final LongFunction<Optional<FinalRecords>> blocks,
                     final Consumer<Raw> taker) {
        for (long height = from; height <= to; height++) {
            final long missing = height;
            blocks.apply(height).orElseThrow(() -> new StorageException(StorageException.Kind.CORRUPT,
                "the journal does not hold height " + missing + " any more")).records().forEach(taker);
        }
    }

    /** Reads them; empty if one is not in the journal, or damaged. */
    static Optional<FinalRecords> read(final IndexQueries index, final LongFunction<JournalRecord> journal,
                                       final long height) {
        final Optional<BlockPlace> place = index.block(height);
        final Optional<Raw> record = place.flatMap(at -> read(journal, at.position(), LedgerRecord.BLOCK));
        final Optional<Block> block = record.flatMap(Raw::block)
            .filter(one -> one.hash().equals(place.get().hash()));
        if (block.isEmpty()) {
            return Optional.empty();
        }
        final List<Raw> records = new ArrayList<>();
        for (final BatchRef ref : block.get().batches()) {
            final OptionalLong position = index.batch(ref.root());
            final Optional<Raw> batch = position.isEmpty() ? Optional.empty()
                : read(journal, position.getAsLong(), LedgerRecord.BATCH).filter(raw -> isOf(ref, raw.payload()));
            if (batch.isEmpty()) {
                return Optional.empty();
            }
            records.add(batch.get());
        }
        records.add(record.get());
        final Optional<Raw> certificate = index.certificate(height)
            .map(one -> new Raw(LedgerRecord.CERTIFICATE, new UnsafeBuffer(LedgerRecord.encode(one))));
        certificate.ifPresent(records::add);
        return Optional.of(new FinalRecords(block.get().hash(), block.get().header().parent(), records,
            certificate.isPresent()));
    }

    private static Optional<Raw> read(final LongFunction<JournalRecord> journal, final long position, final int kind) {
        final JournalRecord record = journal.apply(position);
        return record.isValid() && record.type() == kind ? Optional.of(new Raw(kind, record.payload()))
            : Optional.empty();
    }

    private static boolean isOf(final BatchRef ref, final DirectBuffer payload) {
        final WireWriter expected = new WireWriter(BatchRef.BYTES);
        ref.encode(expected);
        return payload.capacity() == BatchRef.BYTES + ref.bytes()
            && new UnsafeBuffer(payload, 0, BatchRef.BYTES).equals(new UnsafeBuffer(expected.toBytes()));
    }
}
