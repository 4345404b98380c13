package org.ztp.runtime;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;

/**
 * Which batches in memory this process's team has found to be what their references say, every bundle signed. The
 * verdict is of the very object, which is immutable, never of equal bytes that came again: those are checked again. Any
 * thread; remembers the last one of each of {@value #SLOTS} slots, and keeps no batch in memory.
 */
final class CheckedBatches {
    private static final int SLOTS = 1_024;

    private final AtomicReferenceArray<Checked> slots = new AtomicReferenceArray<>(SLOTS);

    private record Checked(BatchRef ref, WeakReference<Batch> batch) { }

    /** The team has checked all of a batch, and this is its reference. */
    void add(final BatchRef ref, final Batch batch) {
        slots.set(slotOf(ref), new Checked(ref, new WeakReference<>(batch)));
    }

    /** Whether the team has checked this object, and found this reference. */
    boolean contains(final BatchRef ref, final Batch batch) {
        final Checked known = slots.get(slotOf(ref));
        return known != null && known.ref().equals(ref) && known.batch().refersTo(batch);
    }

    private static int slotOf(final BatchRef ref) {
        return ref.root().hashCode() & SLOTS - 1;
    }
}
