package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;
import org.ztp.team.Schedule;
import org.ztp.team.Team;

class IngestTest {
    private static final int RING = 16;
    private final List<Batch> made = new ArrayList<>();
    private boolean room;
    private final Ingest ingest = new Ingest(new Ingest.Settings(Schedule.parse("static"), RING, 1 << 20, RING, 0, true),
        new Team(1), Samples.CHAIN, (key, keyOffset, signature, signatureOffset, message) -> true,
        bundle -> true, this.new Taker());

    @Test
    void whatWaitsIsHeldUntilTheSinkIsTold() {
        long bytes = 0;
        for (int i = 0; i < RING; i++) {
            final Bundle bundle = Samples.small(1, i, 3);
            bytes += bundle.length();
            assertTrue(ingest.offer(new Ingest.Submission(bundle.array(), reply -> { })));
            ingest.work();
            assertEquals(bytes, ingest.heldBytes(), "checked, and in a ring");
        }
        room = true;
        ingest.work();
        assertEquals(0, ingest.heldBytes());
        assertEquals(RING, made.stream().mapToInt(batch -> batch.bundles().size()).sum());
    }

    @Test
    void whatIsRefusedOrFindsNoRoomIsNotHeld() {
        final List<ServiceReply> replies = new ArrayList<>();
        assertTrue(ingest.offer(new Ingest.Submission(new byte[77], replies::add)));
        assertEquals(77, ingest.heldBytes());
        ingest.work();
        assertEquals(1, replies.size());
        assertEquals(0, ingest.heldBytes());
        int taken = 0;
        while (ingest.offer(new Ingest.Submission(new byte[10], replies::add))) {
            taken++;
        }
        assertEquals(10L * taken, ingest.heldBytes());
        assertFalse(ingest.offer(new Ingest.Submission(new byte[10], replies::add)));
        assertEquals(10L * taken, ingest.heldBytes());
    }

    private final class Taker implements Ingest.Sink {
        @Override
        public boolean hasRoom() {
            return room;
        }

        @Override
        public boolean isIdle() {
            return false;
        }

        @Override
        public boolean admit(final Bundle bundle, final byte[] bytes, final Consumer<ServiceReply> reply) {
            return true;
        }

        @Override
        public void checked(final BatchRef ref, final Batch batch) { }

        @Override
        public void made(final BatchRef ref, final Batch batch) {
            made.add(batch);
        }
    }
}
