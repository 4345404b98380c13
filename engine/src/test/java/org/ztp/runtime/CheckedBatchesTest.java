package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;
import org.ztp.team.Schedule;
import org.ztp.team.Team;
import org.ztp.wire.WireWriter;

/**
 * What the team found out about a batch is asked for again only where that was not found out about this very object.
 */
class CheckedBatchesTest {
    private final AtomicInteger signatures = new AtomicInteger();
    private final List<Batch> made = new ArrayList<>();
    private final List<BatchRef> refs = new ArrayList<>();
    private final List<Boolean> verdicts = new ArrayList<>();

    @Test
    void aBatchOfThisProcessIsCheckedOnceForAllItsReplicas() {
        final Ingest ingest = ingest(true);
        submit(ingest);
        for (int replica = 1; replica < 4; replica++) {
            assertFalse(ingest.check(new Ingest.Check(made.get(0), refs.get(0), verdicts::add)));
        }
        assertEquals(List.of(true, true, true), verdicts);
        assertEquals(1, signatures.get());
    }

    @Test
    void eachReplicaHasItCheckedIfThatIsWished() {
        final Ingest ingest = ingest(false);
        submit(ingest);
        for (int replica = 1; replica < 4; replica++) {
            assertTrue(ingest.check(new Ingest.Check(made.get(0), refs.get(0), verdicts::add)));
        }
        ingest.work();
        assertEquals(List.of(true, true, true), verdicts);
        assertEquals(4, signatures.get());
    }

    @Test
    void equalBytesThatCameAgainAreCheckedAgain() {
        final Ingest ingest = ingest(true);
        submit(ingest);
        final WireWriter bytes = new WireWriter();
        made.get(0).encode(bytes);
        final Batch again = Batch.parse(bytes.toBytes(), bytes.size()).orElseThrow();
        assertTrue(ingest.check(new Ingest.Check(again, refs.get(0), verdicts::add)));
        ingest.work();
        assertFalse(ingest.check(new Ingest.Check(again, refs.get(0), verdicts::add)));
        assertEquals(List.of(true, true), verdicts);
        assertEquals(2, signatures.get());
    }

    @Test
    void aBatchUnderAnotherReferenceIsCheckedAndRefused() {
        final Ingest ingest = ingest(true);
        submit(ingest);
        final BatchRef right = refs.get(0);
        final BatchRef wrong = new BatchRef(right.root(), right.bundles(), right.transactions() + 1, right.bytes());
        for (int turn = 0; turn < 2; turn++) {
            assertTrue(ingest.check(new Ingest.Check(made.get(0), wrong, verdicts::add)));
            ingest.work();
        }
        assertEquals(List.of(false, false), verdicts);
    }

    private void submit(final Ingest ingest) {
        final Bundle bundle = Samples.small(1, 0, 3);
        assertTrue(ingest.offer(new Ingest.Submission(bundle.array(), reply -> { })));
        ingest.work();
        assertEquals(1, made.size());
    }

    private Ingest ingest(final boolean checkOnce) {
        return new Ingest(new Ingest.Settings(Schedule.parse("static"), 16, 1 << 20, 16, 0, checkOnce), new Team(1),
            Samples.CHAIN, (key, keyOffset, signature, signatureOffset, message) -> {
                signatures.incrementAndGet();
                return true;
            }, bundle -> true, this.new Made());
    }

    private final class Made implements Ingest.Sink {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean isIdle() {
            return true;
        }

        @Override
        public boolean admit(final Bundle bundle, final byte[] bytes, final Consumer<ServiceReply> reply) {
            return true;
        }

        @Override
        public void checked(final BatchRef ref, final Batch batch) { }

        @Override
        public void made(final BatchRef ref, final Batch batch) {
            refs.add(ref);
            made.add(batch);
        }
    }
}
