package org.ztp.index;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;

/**
 * A source that remembers the batches that were read last. Who records many lines asks for a receipt of each bundle
 * just after it is final, so a batch is read and hashed once for all its bundles, and not once for each. Any thread.
 */
public final class RecentBatches implements LedgerSource {
    private static final float LOAD = 0.75f;

    private final LedgerSource source;
    private final long maxBytes;
    /** Guarded by this: the one asked for last is last. */
    private final LinkedHashMap<Long, Batch> batches = new LinkedHashMap<>(16, LOAD, true);
    /** Guarded by this. */
    private long bytes;

    /**
     * What a source gives, of which the last ones are remembered.
     *
     * @param source gives always the same for a position
     * @param maxBytes of all batches together that are kept; one that alone is larger is not
     */
    public RecentBatches(final LedgerSource source, final long maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    @Override
    public Optional<Block> block(final long position) {
        return source.block(position);
    }

    @Override
    public Optional<Batch> batch(final long position) {
        final Optional<Batch> known = known(position);
        if (known.isPresent()) {
            return known;
        }
        final Optional<Batch> read = source.batch(position);
        read.filter(batch -> batch.length() <= maxBytes).ifPresent(batch -> keep(position, batch));
        return read;
    }

    private synchronized Optional<Batch> known(final long position) {
        return Optional.ofNullable(batches.get(position));
    }

    private synchronized void keep(final long position, final Batch batch) {
        if (batches.put(position, batch) == null) {
            bytes += batch.length();
        }
        final Iterator<Map.Entry<Long, Batch>> oldest = batches.entrySet().iterator();
        while (bytes > maxBytes) {
            bytes -= oldest.next().getValue().length();
            oldest.remove();
        }
    }
}
