package org.ztp.runtime;

import java.util.Optional;
import java.util.function.LongConsumer;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.ThreadHashing;
import org.ztp.index.LedgerSource;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerRecord;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.wire.Hash;

/** Reads what is final from a journal; every batch read has its bundles identified. Any thread. */
final class JournalSource implements LedgerSource {
    private final Journal journal;
    private final LongConsumer rotten;
    private final ThreadLocal<BatchHashing> hashing;

    /**
     * A source of a journal.
     *
     * @param chain name of the chain
     * @param rotten told of positions of records that have become unreadable; the disk answers, but not with what was written
     */
    JournalSource(final Journal journal, final Hash chain, final LongConsumer rotten) {
        this.journal = journal;
        this.rotten = rotten;
        this.hashing = ThreadLocal.withInitial(() -> new ThreadHashing(chain));
    }

    @Override
    public Optional<Block> block(final long position) {
        return record(position).filter(LedgerRecord.StoredBlock.class::isInstance)
            .map(record -> ((LedgerRecord.StoredBlock) record).block());
    }

    @Override
    public Optional<Batch> batch(final long position) {
        return stored(position).map(LedgerRecord.StoredBatch::batch);
    }

    /** A batch with its reference; empty if its content does not fit that. */
    Optional<LedgerRecord.StoredBatch> stored(final long position) {
        return record(position).filter(LedgerRecord.StoredBatch.class::isInstance)
            .map(LedgerRecord.StoredBatch.class::cast).filter(stored -> {
                final Optional<BatchRef> actual = hashing.get().identify(stored.batch());
                return actual.isPresent() && actual.get().equals(stored.ref());
            });
    }

    /**
     * A batch as the record's checksum vouches for it, its bundles not identified: for a peer, who hashes it anyway and
     * believes nothing.
     */
    Optional<Batch> unidentified(final long position, final BatchRef ref) {
        return record(position, BatchRef.BYTES + ref.bytes()).filter(LedgerRecord.StoredBatch.class::isInstance)
            .map(record -> ((LedgerRecord.StoredBatch) record).batch());
    }

    /** The same, with the reference that stands beside it. */
    Optional<LedgerRecord.StoredBatch> unidentified(final long position) {
        return record(position).filter(LedgerRecord.StoredBatch.class::isInstance)
            .map(LedgerRecord.StoredBatch.class::cast);
    }

    /** The record of something final, as it is. */
    JournalRecord read(final long position) {
        return read(position, 0);
    }

    private JournalRecord read(final long position, final int guess) {
        final JournalRecord record = journal.read(position, guess);
        if (record.verdict() != JournalRecord.Verdict.CORRUPT) {
            return record;
        }
        final JournalRecord again = journal.read(position, guess); // it may have been read wrongly, once
        if (again.verdict() == JournalRecord.Verdict.CORRUPT) {
            rotten.accept(position);
        }
        return again;
    }

    private Optional<LedgerRecord> record(final long position) {
        return record(position, 0);
    }

    private Optional<LedgerRecord> record(final long position, final int guess) {
        final JournalRecord record = read(position, guess);
        return record.isValid() ? LedgerRecord.decode(record.type(), record.payload().byteArray(),
            record.payload().wrapAdjustment(), record.payload().capacity()) : Optional.empty();
    }
}
