package org.ztp.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.ztp.storage.StorageException;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.Chunk;
import org.ztp.storage.archive.ChunkWriter;
import org.ztp.storage.archive.Link;
import org.ztp.wire.Hash;

/**
 * Copies final blocks to the archive, from the journal of whichever replica of this process is furthest, and mends
 * damaged chunks. Single owner: the archive thread.
 *
 * <p>One process of a sub-cluster does it: that of the lowest replica that is not suspected. The others look now and
 * then, the later the more replicas are before them, and do it themselves if the archive does not grow though it
 * should: so neither a replica that stops nor one that only pretends keeps the archive from growing. Two that do it at
 * once write some heights twice, which readers of the archive do not mind.
 *
 * <p>The archive counts as having what is known here to be of this chain: others may have written there that follow a
 * branch which was lost when voting began anew, and what they wrote is neither relied on nor touched.
 *
 * <p>Who has copied then reads all that there is, once, a chunk in a turn in which there is nothing to copy: clients may
 * wait for what is final to be archived, and at the end the job's time may be over soon, so neither waits until a large
 * archive is read.
 */
final class ArchiveDuty implements Duty {
    /** How often it looks. */
    static final long LOOK_NS = 1_000_000_000L;
    /** How often it looks when somebody waits for it. */
    static final long EAGER_NS = 50_000_000L;
    /** How long it waits for each replica that is to do it before. */
    static final long PATIENCE_NS = 10_000_000_000L;
    private static final long CHUNK_BYTES = 32L << 20;

    private final Archive archive;
    private final Source source;
    private final FaultHook faults;
    private final LongSupplier clockNs;
    private boolean begun;
    /** Chunks that are still to be read; empty until it has copied. */
    private Optional<ArrayDeque<Chunk>> unread = Optional.empty();
    private boolean mended;
    private long known;
    private long lookedNs;
    private long askedNs;

    /** Where the blocks come from. */
    interface Source {
        /** Height up to which blocks can be read here. */
        long height();

        /** How many replicas that seem to run are to do it before this process. */
        int before();

        /** Whether somebody waits for what is final to be archived. */
        boolean isAwaited();

        /** The archive has all of this chain up to this height. */
        void archived(long height);

        /** The hash of a final block; empty if that is not known here. */
        Optional<Hash> block(long height);

        /** The records of a final block; empty if it cannot be read now. */
        Optional<FinalRecords> records(long height);
    }

    ArchiveDuty(final Archive archive, final Source source, final FaultHook faults, final LongSupplier clockNs) {
        this.archive = archive;
        this.source = source;
        this.faults = faults;
        this.clockNs = clockNs;
        lookedNs = clockNs.getAsLong();
    }

    @Override
    public int work() {
        final long nowNs = clockNs.getAsLong();
        final int before = source.before();
        final boolean awaited = source.isAwaited();
        if (awaited && (before > 0 || source.height() <= known) && nowNs - askedNs >= EAGER_NS) {
            askedNs = nowNs;
            ask();
        }
        if (source.height() <= known) {
            lookedNs = nowNs;
        } else if (nowNs - lookedNs >= (before > 0 ? before * PATIENCE_NS : awaited ? EAGER_NS : LOOK_NS)) {
            lookedNs = nowNs;
            return guarded(() -> before == 0 || hasStalled() ? copy() : 0);
        }
        return begun && !mended ? guarded(this::readOne) : 0;
    }

    @Override
    public long restNs() {
        return source.isAwaited() ? EAGER_NS : LOOK_NS;
    }

    /** Another copies, and somebody here waits for it. */
    private void ask() {
        try {
            look();
        } catch (final StorageException failure) {
            failed(failure);
        }
    }

    /** Tells up to where the archive has this chain; returns up to where it reaches, with whatever. */
    private Archive.Known look() {
        final Archive.Known found = archive.forcedHead(this::endsHere);
        source.archived(found.own());
        return found;
    }

    private boolean endsHere(final Chunk chunk) {
        return endsIn(chunk, source::block);
    }

    /** Whether a chunk ends with the block that a chain has at that height. */
    static boolean endsIn(final Chunk chunk, final LongFunction<Optional<Hash>> chain) {
        return chain.apply(chunk.last()).filter(block -> new Link(block.toBytes()).equals(chunk.link())).isPresent();
    }

    /**
     * Copies all that is final here, if it is for this process to do; for the end.
     *
     * @return why it could not; empty if it could
     */
    String finish() {
        int heights = 1;
        while (heights > 0 && source.before() == 0) {
            try {
                heights = copy();
            } catch (final StorageException failure) {
                return failed(failure);
            }
        }
        return "";
    }

    private int guarded(final IntSupplier doing) {
        try {
            return doing.getAsInt();
        } catch (final StorageException failure) {
            failed(failure);
            return 0;
        }
    }

    private String failed(final StorageException failure) {
        faults.report(-1, -1, "ARCHIVE_FAILED", failure.toString());
        return failure.getMessage();
    }

    /** Whether the archive has not grown since the last look, though it should. */
    private boolean hasStalled() {
        final long height = look().head().height();
        final boolean stalled = height == known;
        known = height;
        return stalled;
    }

    private int copy() {
        if (!begun) {
            begun = true;
            archive.deleteLeftovers();
            archive.headless().forEach(this::mend);
        }
        final Archive.Known found = look();
        final Archive.Head head = found.head();
        final long last = write(head.height() + 1, head.link(), 0);
        known = Math.max(head.height(), last);
        if (last > 0 && found.own() == head.height()) {
            source.archived(last);
        }
        return (int) (known - head.height());
    }

    private int readOne() {
        if (unread.isEmpty()) {
            unread = Optional.of(new ArrayDeque<>(archive.above(0)));
        }
        final Chunk next = unread.get().poll();
        if (next == null) {
            mended = true;
            archive.deleteCovered(this::endsHere);
            return 0;
        }
        if (!archive.isWhole(next)) {
            mend(next);
        }
        return 1;
    }

    /**
     * Writes a chunk up to a certified height.
     *
     * @param least the last height that it must have; if it is 0, the chunk ends where it is long enough
     * @return its last height, 0 when there is none
     */
    private long write(final long first, final Link before, final long least) {
        List<FinalRecords> run = run(first);
        if (run.isEmpty()) {
            return 0;
        }
        if (!new Link(run.get(0).parent().toBytes()).equals(before)) {
            faults.report(-1, -1, "ARCHIVE_DIFFERS", "height " + (first - 1) + ": expected=" + run.get(0).parent()
                + " actual=" + before);
            return 0;
        }
        try (ChunkWriter chunk = archive.newChunk(first, before)) {
            Hash last = run.get(0).block();
            while (!run.isEmpty()) {
                for (final FinalRecords block : run) {
                    final long height = chunk.last() + 1;
                    block.records().forEach(record -> chunk.append(height, record.kind(), record.payload(), 0,
                        record.payload().capacity()));
                    last = block.block();
                }
                final boolean more = least > 0 ? chunk.last() < least : chunk.bytes() < CHUNK_BYTES;
                run = more ? run(chunk.last() + 1) : List.of();
            }
            return chunk.last() < least ? 0 : chunk.finish(new Link(last.toBytes())).last();
        }
    }

    /** The blocks from a height on up to the first certified one; none if that cannot be read. */
    private List<FinalRecords> run(final long first) {
        final List<FinalRecords> run = new ArrayList<>();
        final long until = source.height();
        for (long height = first; height <= until; height++) {
            final Optional<FinalRecords> block = source.records(height);
            if (block.isEmpty()) {
                return List.of();
            }
            run.add(block.get());
            if (block.get().certified()) {
                return run;
            }
        }
        return List.of();
    }

    /** Writes the heights of a damaged chunk again; one that the journal here does not reach stays for another. */
    private void mend(final Chunk damaged) {
        final Optional<FinalRecords> block = damaged.last() <= source.height() ? source.records(damaged.first())
            : Optional.empty();
        final long last = block.isEmpty() ? 0
            : write(damaged.first(), new Link(block.get().parent().toBytes()), damaged.last());
        faults.report(-1, -1, last > 0 ? "ARCHIVE_MENDED" : "ARCHIVE_DAMAGED", damaged.fileName());
    }
}
