package org.ztp.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Samples;

final class RecentBatchesTest {
    private final Map<Long, Batch> stored = new HashMap<>();
    private final List<Long> read = new ArrayList<>();
    private final LedgerSource source = new LedgerSource() {
        @Override
        public Optional<Block> block(final long position) {
            return Optional.empty();
        }

        @Override
        public Optional<Batch> batch(final long position) {
            read.add(position);
            return Optional.ofNullable(stored.get(position));
        }
    };

    RecentBatchesTest() {
        for (long position = 0; position < 4; position++) {
            stored.put(position, Samples.batch(Samples.bundle(1, 1, (int) position, new byte[] {1})));
        }
        stored.put(4L, Samples.batch(Samples.bundle(1, 1, 4, new byte[1_000])));
    }

    @Test
    void aBatchIsReadOnceWhileItIsAmongTheLastOnes() {
        final RecentBatches recent = new RecentBatches(source, 2L * stored.get(0L).length());
        for (final long position : new long[] {0, 0, 1, 0, 1, 0, 2, 0, 1, 1}) {
            assertSame(stored.get(position), recent.batch(position).orElseThrow());
        }
        assertEquals(List.of(0L, 1L, 2L, 1L), read);
    }

    @Test
    void whatIsTooLargeOrCannotBeReadIsReadEachTime() {
        final RecentBatches recent = new RecentBatches(source, 2L * stored.get(0L).length());
        for (final long position : new long[] {0, 4, 4, 5, 5, 0}) {
            assertEquals(Optional.ofNullable(stored.get(position)), recent.batch(position));
        }
        assertEquals(List.of(0L, 4L, 4L, 5L, 5L), read);
    }
}
