package org.ztp.ledger;

import java.util.ArrayList;
import java.util.List;

/** Collects verified bundles into one batch. Owned by one thread; reusable. */
public final class BatchBuilder {
    private final int maxBytes;
    private final List<Bundle> bundles = new ArrayList<>();
    private int bytes;
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
     * Adds an identified bundle, whose bytes stay where they are. The first one is taken whatever its size.
     *
     * @return false if the batch is full, and nothing was added
     */
    public boolean add(final Bundle bundle) {
        if (!bundles.isEmpty() && (bundles.size() == Batch.MAX_BUNDLES || bundle.length() > maxBytes - size())) {
            return false;
        }
        bundles.add(bundle);
        bytes += bundle.length();
        transactions += bundle.count();
        return true;
    }

    /** Bundles collected. */
    public int count() {
        return bundles.size();
    }

    /** Transactions collected. */
    public int transactions() {
        return transactions;
    }

    /** Size of the batch as it would be now. */
    public int size() {
        return Batch.HEADER_BYTES + bytes;
    }

    /**
     * The batch of what was collected; starts over.
     *
     * @throws IllegalStateException if nothing was collected
     */
    public Batch build() {
        if (bundles.isEmpty()) {
            throw new IllegalStateException("a batch without bundles");
        }
        final Batch batch = Batch.of(bundles);
        bundles.clear();
        bytes = 0;
        transactions = 0;
        return batch;
    }
}
