package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.consensus.Event.BatchMade;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Samples;
import org.ztp.team.Schedule;
import org.ztp.team.Team;
import org.ztp.wire.Hash;

/** What waits long is driven again, but not what is on its way; on a clock of the test's own. */
class DrivingTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Submissions submissions = new Submissions();
    private final List<BatchMade> sent = new ArrayList<>();
    private final Flights flights = new Flights(sent::add);
    private final Set<Hash> settled = new HashSet<>();
    private final List<ServiceReply> replies = new ArrayList<>();
    private final Team team = new Team(1);
    private final Ingest ingest = new Ingest(new Ingest.Settings(Schedule.parse("static"), 16, 1 << 20, 16, 0, true),
        team, Samples.CHAIN, (key, keyOffset, signature, signatureOffset, message) -> true, bundle -> true,
        new NoSink());
    private final Releases releases = new Releases(Optional::empty, 1);
    private long nowNs = Long.MAX_VALUE - SECOND_NS; // a clock may wrap
    private int gateway = -1;
    private int ticks;
    private final Driving driving = new Driving(submissions, flights, (bundle, ageNs) -> settled.contains(bundle.id()), ingest,
        releases, () -> gateway, this::clock);

    @AfterEach
    void close() {
        releases.close();
        team.close();
    }

    private long clock() {
        nowNs += ticks;
        return nowNs;
    }

    private Bundle handIn(final int client) {
        final Bundle bundle = Samples.small(client, 0, 1);
        submissions.register(bundle.id(), bundle.array(), replies::add, nowNs);
        return bundle;
    }

    private void send(final Bundle... bundles) {
        final Batch batch = Batch.of(List.of(bundles));
        flights.send(ingest.rootOf(batch), batch, nowNs, Flights.PATIENCE_NS);
    }

    private void pass(final int seconds) {
        for (int i = 0; i < 2 * seconds; i++) {
            nowNs += SECOND_NS / 2;
            driving.work();
        }
    }

    @Test
    void whatIsOnItsWayIsNotSentAgainUntilItTookFarTooLongThenLaterAndLater() {
        driving.work();
        send(handIn(1));
        pass(29);
        assertEquals(1, sent.size());
        pass(5);
        assertEquals(2, sent.size());
        pass(25);
        assertEquals(2, sent.size());
        pass(10);
        assertEquals(3, sent.size());
        pass(55);
        assertEquals(3, sent.size());
        pass(15);
        assertEquals(4, sent.size());
        assertEquals(1, flights.count());
    }

    @Test
    void whatNoReplicaHasIsSentWithinSeconds() {
        driving.work();
        final Bundle on = handIn(1);
        send(on);
        final Bundle lost = handIn(2);
        pass(5);
        assertEquals(2, sent.size());
        assertEquals(List.of(lost.id()), sent.get(1).batch().bundles().stream().map(Bundle::id).toList());
        driving.again();
        driving.work();
        assertEquals(3, sent.size());
        assertEquals(2, sent.get(2).batch().bundles().size());
    }

    @Test
    void whatTheGatewayBeforeWasGivenIsSentThroughTheNextIfItIsNotFinalSoonAndWhatThatWasGivenIsNot() {
        driving.work();
        final Bundle lost = handIn(1);
        send(lost);
        nowNs += SECOND_NS / 10; // not much longer than since it was looked for what is late
        gateway = 2;
        ticks = 1;
        driving.work();
        send(handIn(2));
        assertEquals(2, sent.size());
        nowNs += SECOND_NS / 2;
        driving.work();
        assertEquals(2, sent.size(), "it may be final soon");
        nowNs += SECOND_NS / 4;
        driving.work();
        assertEquals(3, sent.size());
        assertEquals(List.of(lost.id()), sent.get(2).batch().bundles().stream().map(Bundle::id).toList());
    }

    @Test
    void whatNeedsNoBatchIsNotSent() {
        driving.work();
        settled.add(handIn(1).id());
        pass(5);
        assertTrue(sent.isEmpty());
    }

    @Test
    void whoseBatchNoReplicaWouldTakeInIsAnswered() {
        driving.work();
        final Bundle bundle = handIn(1);
        send(bundle);
        flights.landed(sent.get(0).ref().root());
        driving.soon(bundle.id());
        pass(1);
        assertEquals(1, sent.size());
        assertEquals(Refused.Reason.UNAVAILABLE, ((Refused) replies.get(0)).reason());
        assertEquals(0, flights.count());
        assertEquals(0, submissions.count());
    }

    private static final class NoSink implements Ingest.Sink {
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
            return false;
        }

        @Override
        public void checked(final BatchRef ref, final Batch batch) { }

        @Override
        public void made(final BatchRef ref, final Batch batch) {
        }
    }
}
