package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.wire.Hash;

class HashIndexTest {
    private static Hash hash(final int number) {
        return Hash.sha256(ByteBuffer.allocate(4).putInt(number).array());
    }

    @Test
    void everyNumberIsFoundHoweverOftenItsTableHasGrown() {
        final HashIndex index = new HashIndex();
        for (int i = 0; i < 100_000; i++) {
            index.put(hash(i), i);
        }
        index.put(hash(7), 8);
        assertEquals(100_000, index.size());
        for (int i = 0; i < 100_000; i++) {
            assertEquals(i == 7 ? 8 : i, index.get(hash(i)));
            assertFalse(index.contains(hash(-1 - i)));
        }
    }

    @Test
    void thatMemoryRunsOutIsNoFaultOfTheLedger() {
        final Findings findings = new Findings();
        final AuditContext context = new AuditContext(null, null, Optional.empty(), Optional.empty(), false, null, null,
            new HashIndex(), findings, new Tally(Progress.NONE, 0));
        assertThrows(OutOfMemoryError.class, () -> context.guard("a file", () -> {
            throw new OutOfMemoryError("as on a small machine");
        }));
        context.guard("a file", () -> {
            throw new IllegalStateException("a bug");
        });
        assertEquals(1, findings.faultCount());
    }
}
