package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.client.LogPlace;
import org.ztp.client.ReplyCodec;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.receipt.Position;
import org.ztp.wire.Hash;

class OpenLogPageTest {
    @Test
    void aPageEndsBeforeTheFirstThatIsOneTooMany() {
        final OpenLogPage page = new OpenLogPage(place(2), 3);
        fill(page, 10, "");
        assertEquals(3, page.toReply().entries().size());
        assertEquals(Optional.of(place(5)), page.toReply().next());
    }

    @Test
    void aPageOfLongEntriesEndsAtANumberOfBytes() {
        final OpenLogPage page = new OpenLogPage(place(0), 100);
        fill(page, 100, "\u00e9".repeat(2_000));
        final int bytes = ReplyCodec.encode(page.toReply()).length;
        final int limit = 100 * ServiceRequest.LOG_BYTES_PER_ENTRY;
        assertTrue(bytes > limit && bytes < limit + 5_000, bytes + " bytes");
        assertEquals(Optional.of(place(page.toReply().entries().size())), page.toReply().next());
    }

    @Test
    void aPageThatHasAllIsTheLast() {
        final OpenLogPage page = new OpenLogPage(place(0), 3);
        fill(page, 3, "");
        assertTrue(page.isFull());
        assertFalse(page.isOver());
        assertEquals(Optional.empty(), page.toReply().next());
    }

    private static void fill(final OpenLogPage page, final int offered, final String detail) {
        for (int i = 0; i < offered; i++) {
            if (page.takes(place(i))) {
                page.add(new ServiceReply.LogEntry(1, 1, 0, new TransactionId(Hash.ZERO, i), Hash.ZERO, "RECORD", "", "", 0,
                    detail));
            }
        }
    }

    private static LogPlace place(final int transaction) {
        return new LogPlace(1, 1, new Position(0, 0, transaction));
    }
}
