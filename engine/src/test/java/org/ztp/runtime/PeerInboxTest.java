package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Event;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Samples;
import org.ztp.ledger.state.StatePath;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseMessage;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

class PeerInboxTest {
    private static final int BYTES = 10_000;
    private final PeerInbox inbox = new PeerInbox(List.of(0, 1, 2, 3), BYTES);

    private static Parcel small() {
        return new Parcel.Ordering(new Message.WantBlock(Hash.ZERO));
    }

    private static Parcel sealed(final int bytes) {
        return new Parcel.Releasing(new ReleaseMessage.Singly(Hash.ZERO, new byte[bytes]));
    }

    @Test
    void aPeerHasItsShareOfMessagesAndNoMore() {
        int taken = 0;
        while (inbox.offer(1, small())) {
            taken++;
        }
        assertEquals(8_192 / 4, taken);
        assertTrue(inbox.offer(2, small()), "the others have theirs");
        assertEquals(1, ((Event.Received) inbox.poll()).from());
        assertTrue(inbox.offer(1, small()));
        assertFalse(inbox.offer(1, small()));
    }

    @Test
    void aPeerHasItsShareOfBytesAndNoMore() {
        assertTrue(inbox.offer(1, sealed(BYTES)));
        assertFalse(inbox.offer(1, sealed(1)));
        assertTrue(inbox.offer(1, small()));
        assertTrue(inbox.offer(2, sealed(BYTES)));
        assertEquals(1, ((ReleaseEvent.Received) inbox.poll()).from());
        assertTrue(inbox.offer(1, sealed(1)));
        final Batch batch = Samples.batch(Samples.small(1, 0, 1_000));
        assertFalse(inbox.offer(1, new Parcel.Ordering(new Message.BatchHere(Samples.ref(batch), batch))));
        assertTrue(inbox.offer(3, new Parcel.Ordering(new Message.BatchHere(Samples.ref(batch), batch))),
            "one message may be longer");
        assertTrue(batch.length() > BYTES);
        assertTrue(inbox.offer(3, small()), "votes do not wait for it");
    }

    @Test
    void pagesOfAStateCountWithWhatTheyHold() {
        final Parcel page = new Parcel.Ordering(new Message.StateHere(Samples.CHAIN, StatePath.ROOT, new byte[BYTES]));
        assertTrue(inbox.offer(1, page));
        assertFalse(inbox.offer(1, page));
    }

    @Test
    void whatStrangersSendIsNotTaken() {
        assertFalse(inbox.offer(4, small()));
        assertNull(inbox.poll());
    }
}
