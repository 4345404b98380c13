package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.index.IndexQueries;
import org.ztp.index.Receipts;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.wire.Hash;

/** What is final as a replica's journal has it, found by its index; what cannot be read is not there. Any thread. */
final class StoredBlocks {
    private static final int ANSWER_BYTES = 24 << 20;

    private final IndexQueries index;
    private final JournalSource journal;
    private final long answerBytes;

    private interface BatchReading {
        Optional<Batch> read(long position, BatchRef ref);
    }

    StoredBlocks(final IndexQueries index, final JournalSource journal) {
        this(index, journal, ANSWER_BYTES);
    }

    private StoredBlocks(final IndexQueries index, final JournalSource journal, final long answerBytes) {
        this.index = index;
        this.journal = journal;
        this.answerBytes = answerBytes;
    }

    /** The same with another bound of the batches in an answer to a peer, bytes; its first block may have more. */
    StoredBlocks answering(final long most) {
        return new StoredBlocks(index, journal, most);
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
        return block(height).flatMap(block -> whole(block, reading));
    }

    private Optional<FinalBlock> whole(final Block block, final BatchReading reading) {
        final List<Batch> batches = new ArrayList<>();
        for (final BatchRef ref : block.batches()) {
            final Optional<Batch> here = batch(ref.root(), position -> reading.read(position, ref));
            if (here.isEmpty()) {
                return Optional.empty();
            }
            batches.add(here.get());
        }
        return Optional.of(new FinalBlock(block, batches, index.certificate(block.height())));
    }

    /**
     * Blocks from a height on, as many as fit an answer to a peer: up to a certified one, or with the headers above up
     * to one if none is among them. Empty if none can be read.
     */
    Optional<Message.FinalBlocks> from(final long fromHeight) {
        final List<FinalBlock> blocks = new ArrayList<>();
        long bytes = 0;
        int certified = 0;
        while (blocks.size() < Message.FinalBlocks.MAX) {
            final Optional<Block> block = block(fromHeight + blocks.size());
            bytes += block.map(StoredBlocks::bytes).orElse(0L);
            final Optional<FinalBlock> whole = blocks.isEmpty() || bytes <= answerBytes
                ? block.flatMap(next -> whole(next, journal::unidentified)) : Optional.empty();
            if (whole.isEmpty()) {
                break;
            }
            blocks.add(whole.get());
            certified = whole.get().certificate().isPresent() ? blocks.size() : certified;
        }
        return certified > 0 ? Optional.of(new Message.FinalBlocks(List.copyOf(blocks.subList(0, certified))))
            : blocks.isEmpty() ? Optional.empty()
            : Receipts.finality(index, journal, fromHeight + blocks.size())
                .map(above -> new Message.FinalBlocks(List.copyOf(blocks), Optional.of(above)));
    }

    private static long bytes(final Block block) {
        return block.batches().stream().mapToLong(BatchRef::bytes).sum();
    }
}
