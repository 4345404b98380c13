package org.ztp.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Samples;

class BatchPoolTest {
    private static final int PEER = 2;
    private final BatchPool pool = new BatchPool();

    @Test
    void aSmallBatchCountsForWhatItTakesUpAndNotForItsBytes() {
        final Batch small = Samples.batch(Samples.small(1, 0, 1));
        final BatchRef ref = Samples.ref(small);
        assertTrue(ref.bytes() < 200);
        pool.checking(PEER, ref);
        assertEquals(BatchPool.cost(ref), pool.bytesOf(PEER));
        assertTrue(pool.bytesOf(PEER) > 1_024, "it has a place in maps, a reference, and a bundle: " + pool.bytesOf(PEER));
        pool.checked(PEER, ref);
        assertEquals(0, pool.bytesOf(PEER));
        assertTrue(pool.add(ref, small, PEER, 0, false));
        assertEquals(BatchPool.cost(ref), pool.bytesOf(PEER));
        pool.finalized(ref.root());
        assertEquals(0, pool.bytesOf(PEER));
    }
}
