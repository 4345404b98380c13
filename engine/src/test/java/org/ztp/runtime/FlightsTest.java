package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Event.BatchMade;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchVerifier;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;

class FlightsTest {
    private final List<BatchMade> taken = new ArrayList<>();
    private boolean runs = true;
    private final Flights flights = new Flights(made -> runs && taken.add(made));

    private static Batch batch(final int client) {
        return Batch.of(List.of(Samples.small(client, 0, 1)));
    }

    private static BatchRef ref(final Batch batch) {
        return new BatchVerifier(Samples.CHAIN, (key, keyOffset, signature, signatureOffset, message) -> true)
            .verify(batch).ref();
    }

    private Flights.Sent send(final Batch batch, final long nowNs) {
        return flights.send(ref(batch), batch, nowNs, 100);
    }

    @Test
    void aBatchThatWasFinalLatelyIsNeitherSentNorOnItsWay() {
        final Batch one = batch(1);
        assertEquals(Flights.Sent.ON_ITS_WAY, send(one, 0));
        assertEquals(1, flights.count());
        flights.landed(ref(one).root());
        assertEquals(0, flights.count());
        assertEquals(Flights.Sent.WAS_FINAL, send(one, 0));
        assertEquals(0, flights.count());
        assertEquals(1, taken.size());
        assertEquals(Flights.Sent.ON_ITS_WAY, send(batch(2), 0));
    }

    @Test
    void nothingIsOnItsWayThatNoReplicaTook() {
        runs = false;
        assertEquals(Flights.Sent.NO_REPLICA, send(batch(1), 0));
        assertEquals(0, flights.count());
        assertTrue(flights.bundles(0).isEmpty());
    }

    @Test
    void whatTakesTooLongIsForgotten() {
        final Bundle late = Samples.small(1, 0, 1);
        final Batch first = Batch.of(List.of(late));
        final Batch second = batch(2);
        send(first, 0);
        send(second, 50);
        assertEquals(Set.of(late.id(), second.bundles().get(0).id()), flights.bundles(99));
        assertEquals(Set.of(second.bundles().get(0).id()), flights.bundles(100));
        assertEquals(1, flights.count());
        flights.forget();
        assertEquals(0, flights.count());
    }
}
