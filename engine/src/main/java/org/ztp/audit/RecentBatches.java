package org.ztp.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.LedgerRecord.StoredBatch;
import org.ztp.wire.Hash;

/**
 * The batches of a journal that were read last, at most {@value #BYTES_MAX} bytes; others are read and hashed again.
 */
final class RecentBatches {
    private static final long BYTES_MAX = 32 << 20;

    private record Kept(BatchRef ref, Batch batch) { }

    private final RecordPlaces places;
    private final BundleHasher hasher;
    private final Map<Hash, Kept> kept = new LinkedHashMap<>();
    private long bytes;

    RecentBatches(final RecordPlaces places, final BundleHasher hasher) {
        this.places = places;
        this.hasher = hasher;
    }

    /** Keeps a batch whose bytes come to this reference. */
    void add(final BatchRef ref, final Batch batch) {
        if (ref.bytes() > BYTES_MAX || kept.putIfAbsent(ref.root(), new Kept(ref, batch)) != null) {
            return;
        }
        bytes += ref.bytes();
        while (bytes > BYTES_MAX) {
            final Kept eldest = kept.remove(kept.keySet().iterator().next());
            bytes -= eldest.ref.bytes();
        }
    }

    /** The batch of the record at a position, each bundle's id known; empty if it is not the one that is named. */
    Optional<Batch> get(final BatchRef named, final long position) {
        final Kept here = kept.get(named.root());
        if (here != null) {
            return here.ref.equals(named) ? Optional.of(here.batch) : Optional.empty();
        }
        return places.payload(position, BatchRef.BYTES + named.bytes())
            .flatMap(payload -> LedgerRecord.decode(LedgerRecord.BATCH, payload))
            .map(record -> ((StoredBatch) record).batch())
            .filter(batch -> BatchRoot.of(hasher, batch).equals(named));
    }
}
