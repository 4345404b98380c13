package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Collects verified bundles into one batch. Owned by one thread; reusable. */
public final class BatchBuilder {
    private final int maxBytes;
    private final WireWriter bundles = new WireWriter(1 << 16);
    private final List<Hash> ids = new ArrayList<>();
    private int transactions;

    /**
     * A builder of one replica's batches.
     *
     * @param maxBytes most bytes of a batch that holds more than one bundle
     */
    public BatchBuilder(final int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Adds an identified bundle; its bytes are copied. The first one is taken whatever its size.
     *
     * @return false if the batch is full, and nothing was added
     */
    public boolean add(final Bundle bundle) {
        if (!ids.isEmpty() && (ids.size() == Batch.MAX_BUNDLES || bundle.length() > maxBytes - size())) {
            return false;
        }
        bundles.raw(bundle.array(), bundle.offset(), bundle.length());
        ids.add(bundle.id());
        transactions += bundle.count();
        return true;
    }

    /** Bundles collected. */
    public int count() {
        return ids.size();
    }

    /** Transactions collected. */
    public int transactions() {
        return transactions;
    }

    /** Size of the batch as it would be now. */
    public int size() {
        return Batch.HEADER_BYTES + bundles.size();
    }

    /**
     * The batch of what was collected, each bundle's id set; starts over.
     *
     * @throws IllegalStateException if nothing was collected
     */
    public Batch build() {
        final byte[] bytes = new WireWriter(size()).u32(ids.size())
            .raw(bundles.array(), 0, bundles.size()).array();
        final Batch batch = Batch.parse(bytes, bytes.length)
            .orElseThrow(() -> new IllegalStateException("a batch that does not parse: bundles=" + ids.size()));
        for (int i = 0; i < ids.size(); i++) {
            batch.bundles().get(i).identify(ids.get(i));
        }
        bundles.clear();
        ids.clear();
        transactions = 0;
        return batch;
    }
}
