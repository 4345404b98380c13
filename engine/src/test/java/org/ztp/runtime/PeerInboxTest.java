package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Event;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.Proposal;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.SampleEpochs;
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
    void epochsAndCertificatesCountWithTheirVotes() {
        final PeerInbox roomy = new PeerInbox(List.of(0, 1, 2, 3), MessageSize.SHORT_BYTES);
        final Block block = Block.of(Samples.block(1, Samples.CHAIN, Hash.ZERO).header(), List.of(),
            Optional.of(SampleEpochs.epoch(LongStream.generate(() -> 1).limit(400).toArray())));
        final Certificate usual = certificate(100);
        final Certificate large = certificate(Certificate.MAX_VOTES);
        for (final Message one : List.of(
            new Message.Proposed(new Proposal(block, usual, Optional.empty(), new byte[64])),
            new Message.BlockHere(block), new Message.Certified(large),
            new Message.FinalBlocks(List.of(new FinalBlock(block, List.of(), Optional.of(usual)))))) {
            assertTrue(roomy.offer(1, new Parcel.Ordering(one)));
            assertFalse(roomy.offer(1, new Parcel.Ordering(one)), () -> one.getClass().getSimpleName());
            assertTrue(roomy.offer(1, new Parcel.Ordering(new Message.Certified(usual))), "what is short waits not");
            assertEquals(one, ((Event.Received) roomy.poll()).message());
            assertEquals(new Message.Certified(usual), ((Event.Received) roomy.poll()).message());
        }
    }

    private static Certificate certificate(final int votes) {
        return new Certificate(Phase.COMMIT, 1, 1, Hash.ZERO, IntStream.range(0, votes)
            .mapToObj(replica -> new Certificate.Signature(replica, new byte[64])).toList());
    }

    @Test
    void whatStrangersSendIsNotTaken() {
        assertFalse(inbox.offer(4, small()));
        assertNull(inbox.poll());
    }
}
