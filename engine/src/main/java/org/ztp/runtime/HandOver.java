package org.ztp.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.index.Applied;
import org.ztp.index.BlockPlace;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.LedgerRecord;
import org.ztp.storage.Buffers;
import org.ztp.storage.Durability;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalCursor;
import org.ztp.storage.journal.JournalOptions;
import org.ztp.storage.journal.JournalRecord;
import org.ztp.storage.safety.SafetyAudit;
import org.ztp.wire.Hash;

/**
 * What of a store the next one cannot get elsewhere: of a life that ends in order, for the next life, or of a store that went
 * on from a snapshot, for the one that has the blocks below.
 *
 * @param chain name of the chain
 * @param journal the store's journal, to which nothing is written meanwhile
 * @param index the store's index
 */
record HandOver(Hash chain, Journal journal, IndexQueries index) {
    /**
     * Leaves it in a directory: the final blocks above what an archive has, and all that is undecided; and the block of the
     * last vote, if it is neither, for those who verify.
     *
     * @param to where
     * @param archived up to which height an archive has all
     * @param safety directory of the safety record
     * @param durability what the store counts as stored
     * @throws StorageException of kind CORRUPT if the journal is damaged where any of that stands
     */
    void write(final Path to, final long archived, final Path safety, final Durability durability) {
        final Applied applied = index.applied().orElse(new Applied(0, chain, Hash.ZERO, Journal.START));
        try (Journal out = open(to, Durability.DISK)) {
            final Consumer<FinalRecords.Raw> writer = record -> record.appendTo(out);
            FinalRecords.each(archived + 1, applied.height(), height -> FinalRecords.read(index, journal::read, height), writer);
            votedInVain(safety, applied.height()).ifPresent(writer);
            journal.commit(durability);
            each(journal.scan(applied.floor()), writer);
            out.commit(Durability.DISK);
        }
    }

    /** Takes all that was left in a directory. */
    void read(final Path from, final Durability durability, final Consumer<FinalRecords.Raw> taker) {
        final Journal left = open(from, durability);
        try {
            each(left.scan(Journal.START), taker);
        } finally {
            left.abandon();
        }
    }

    private Journal open(final Path directory, final Durability durability) {
        return Journal.open(new FileDisk(directory), JournalOptions.of(chain.toBytes(), durability), Journal.START,
            (position, type, buffer, offset, length) -> { });
    }

    private static void each(final JournalCursor cursor, final Consumer<FinalRecords.Raw> taker) {
        JournalRecord record = cursor.next();
        while (record.isValid()) {
            taker.accept(new FinalRecords.Raw(record.type(), record.payload()));
            record = cursor.next();
        }
        if (record.verdict() == JournalRecord.Verdict.CORRUPT) {
            throw new StorageException(StorageException.Kind.CORRUPT, "the journal is damaged at position "
                + cursor.position() + ", in what is not final");
        }
    }

    /** The block of the last vote, if another one became final at its height. */
    private Optional<FinalRecords.Raw> votedInVain(final Path safety, final long finalHeight) {
        final List<DirectBuffer> kept = SafetyAudit.records(new FileDisk(safety), ReplicaStore.Place.SAFETY_FILE);
        return SafetyState.decode(Buffers.bytes(kept.get(kept.size() - 1)))
            .filter(state -> state.preparedHeight() > 0 && state.preparedHeight() <= finalHeight)
            .filter(state -> !index.block(state.preparedHeight()).map(BlockPlace::hash)
                .equals(Optional.of(state.preparedBlock())))
            .flatMap(this::votedFor);
    }

    /**
     * The block that a safety record remembers the last vote for. It may be neither final nor open, if another one became
     * final at its height; but who verifies looks for what was voted for. Who votes for a block has recorded its parent
     * before, most often the one that is final: all is read only if it is not found behind that.
     */
    Optional<FinalRecords.Raw> votedFor(final SafetyState remembered) {
        return index.block(remembered.preparedHeight() - 1).flatMap(parent -> votedFor(remembered, parent.position()))
            .or(() -> votedFor(remembered, Journal.START));
    }

    private Optional<FinalRecords.Raw> votedFor(final SafetyState remembered, final long from) {
        final JournalCursor cursor = journal.scan(from);
        for (JournalRecord record = cursor.next(); record.isValid(); record = cursor.next()) {
            final FinalRecords.Raw raw = new FinalRecords.Raw(record.type(), record.payload());
            if (record.type() == LedgerRecord.BLOCK
                && raw.block().filter(block -> block.hash().equals(remembered.preparedBlock())).isPresent()) {
                return Optional.of(raw);
            }
        }
        return Optional.empty();
    }
}
