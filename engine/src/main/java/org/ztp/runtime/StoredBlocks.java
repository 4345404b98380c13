package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.wire.Hash;

/** What is final as a replica's journal has it, found by its index; what cannot be read is not there. Any thread. */
final class StoredBlocks {
    private static final int ANSWER_BYTES = 24 << 20;

    private final IndexQueries index;
    private final JournalSource journal;

    private interface BatchReading {
        Optional<Batch> read(long position, BatchRef ref);
    }

    StoredBlocks(final IndexQueries index, final JournalSource journal) {
        this.index = index;
        this.journal = journal;
    }

    /** The block at a height. */
    Optional<Block> block(final long height) {
        return index.block(height).flatMap(at -> journal.block(at.position()));
    }

    /** A batch, its bundles identified. */
    Optional<Batch> batch(final Hash root) {
        return batch(root, journal::batch);
    }

    /** A batch as the record's checksum vouches for it, for a peer. */
    Optional<Message.BatchHere> batchForPeer(final Hash root) {
        return batch(root, journal::unidentified).map(stored -> new Message.BatchHere(stored.ref(), stored.batch()));
    }

    private <T> Optional<T> batch(final Hash root, final LongFunction<Optional<T>> reading) {
        final OptionalLong position = index.batch(root);
        return position.isEmpty() ? Optional.empty() : reading.apply(position.getAsLong());
    }

    /** The block at a height with its batches, their bundles identified. */
    Optional<FinalBlock> whole(final long height) {
        return whole(height, (position, ref) -> journal.batch(position));
    }

    private Optional<FinalBlock> whole(final long height, final BatchReading reading) {
        final Optional<Block> block = block(height);
        if (block.isEmpty()) {
            return Optional.empty();
        }
        final List<Batch> batches = new ArrayList<>();
        for (final BatchRef ref : block.get().batches()) {
            final Optional<Batch> here = batch(ref.root(), position -> reading.read(position, ref));
            if (here.isEmpty()) {
                return Optional.empty();
            }
            batches.add(here.get());
        }
        return Optional.of(new FinalBlock(block.get(), batches, index.certificate(height)));
    }

    /** Blocks from a height on up to a certified one, as many as fit an answer to a peer; empty if none can be read. */
    Optional<Message.FinalBlocks> from(final long fromHeight) {
        final List<FinalBlock> blocks = new ArrayList<>();
        long bytes = 0;
        int certified = 0;
        for (long height = fromHeight; blocks.size() < Message.FinalBlocks.MAX
            && (bytes < ANSWER_BYTES || certified == 0); height++) {
            final Optional<FinalBlock> block = whole(height, journal::unidentified);
            if (block.isEmpty()) {
                break;
            }
            blocks.add(block.get());
            bytes += block.get().block().batches().stream().mapToLong(BatchRef::bytes).sum();
            certified = block.get().certificate().isPresent() ? blocks.size() : certified;
        }
        return certified == 0 ? Optional.empty()
            : Optional.of(new Message.FinalBlocks(List.copyOf(blocks.subList(0, certified))));
    }
}
