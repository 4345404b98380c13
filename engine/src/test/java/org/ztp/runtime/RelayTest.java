package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Busy;
import org.ztp.client.ServiceReply.Done;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.transport.Parcel;
import org.ztp.transport.RelayMessage;
import org.ztp.wire.Hash;

/** Replica 1 of sub-cluster 0 takes questions to sub-clusters 1 and 2; its clock and its peers are the test's. */
class RelayTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long BYTES = 2_000;
    private static final ServiceRequest QUESTION = new ServiceRequest.RequestState(
        new TransactionId(Hash.sha256(new byte[1]), 0));

    private final SubClusters all = new SubClusters(List.of(new SubCluster(0, List.of(0, 1, 2, 3)),
        new SubCluster(1, List.of(4, 5, 6, 7)), new SubCluster(2, List.of(8, 9, 10, 11))));
    private final Set<Integer> silent = new TreeSet<>();
    private final List<Integer> asked = new ArrayList<>();
    private final List<RelayMessage> sent = new ArrayList<>();
    private final List<ServiceReply> replies = new ArrayList<>();
    private long nowNs = 5 * SECOND;
    private int chance = 1;
    private final Relay relay = new Relay(new Relay.Place(all, 1, replica -> silent.contains(replica) ? -1 : 0,
        (to, parcel) -> {
            asked.add(to);
            sent.add(((Parcel.Relaying) parcel).message());
            return true;
        }, BYTES, () -> nowNs, () -> chance), (request, reply) -> reply.accept(new Done()),
        new FaultHook(PlannedFaults.none()));

    private void ask(final int subCluster, final ServiceRequest request) {
        relay.ask(subCluster, request, replies::add);
        relay.work();
    }

    private void pass(final long seconds) {
        for (int i = 0; i < 10 * seconds; i++) {
            nowNs += SECOND / 10;
            relay.work();
        }
    }

    private boolean answer(final int from, final ServiceReply reply) {
        final boolean taken = relay.onParcel(from, new Parcel.Relaying(new RelayMessage.Answer(
            sent.get(sent.size() - 1).number(), ReplyCodec.encode(reply))));
        relay.work();
        return taken;
    }

    @Test
    void aMemberOfTheSubClusterIsAskedAndItsAnswerIsTheReply() {
        ask(1, QUESTION);
        assertEquals(List.of(5), asked);
        assertEquals(QUESTION, RequestCodec.decode(sent.get(0).bytes()).orElseThrow());
        assertFalse(answer(3, new Done()), "of another sub-cluster");
        assertFalse(answer(9, new Done()), "of another sub-cluster");
        assertEquals(List.of(), replies);
        assertTrue(answer(5, new Done()));
        assertFalse(answer(5, new Done()), "it has been answered");
        assertEquals(List.of(new Done()), replies);
        assertEquals(0, relay.open());
    }

    /** Else a member that lies would answer all questions of a rank. */
    @Test
    void eachQuestionBeginsWithAMemberByChance() {
        for (final int drawn : new int[] {0, 3, 6, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            chance = drawn;
            ask(1, QUESTION);
        }
        assertEquals(List.of(4, 7, 6, 7, 4, 7), asked);
        asked.clear();
        chance = Integer.MAX_VALUE;
        silent.add(7);
        ask(1, QUESTION);
        assertEquals(List.of(4), asked);
    }

    @Test
    void whoIsSilentIsLeftOutAndWhoFallsSilentOrDoesNotAnswerIsNotWaitedFor() {
        silent.add(5);
        ask(1, QUESTION);
        assertEquals(List.of(6), asked);
        silent.add(6);
        pass(1);
        assertEquals(List.of(6, 7), asked);
        pass(4);
        assertEquals(List.of(6, 7, 4), asked);
        assertTrue(answer(7, new Done()), "late, and still an answer");
        assertEquals(List.of(new Done()), replies);
    }

    @Test
    void aMemberThatWasNotAskedIsNotHeardAndWhoSaysNoTwiceIsHeardOnce() {
        ask(1, QUESTION);
        for (final int other : List.of(4, 6, 7)) {
            assertFalse(answer(other, new Done()), "5 was asked");
        }
        assertTrue(answer(5, new Refused(Refused.Reason.UNAVAILABLE, "no replica runs", "")));
        assertFalse(answer(5, new Refused(Refused.Reason.UNAVAILABLE, "no replica runs", "")), "it said so before");
        assertEquals(List.of(5, 6), asked);
        assertEquals(List.of(), replies);
        assertTrue(answer(6, new Done()));
        assertEquals(List.of(new Done()), replies);
    }

    @Test
    void aSubClusterThatDoesNotAnswerIsGivenUpInTime() {
        ask(1, QUESTION);
        ask(2, new ServiceRequest.Submit(new byte[100]));
        pass(13);
        assertEquals(Refused.Reason.UNAVAILABLE, assertInstanceOf(Refused.class, replies.get(0)).reason());
        assertEquals(1, replies.size(), "what is submitted may take longer");
        pass(18);
        assertTrue(assertInstanceOf(Refused.class, replies.get(1)).message().contains("sub-cluster 2"));
        assertEquals(0, relay.open());
        silent.addAll(List.of(4, 5, 6, 7));
        ask(1, QUESTION);
        assertEquals(3, replies.size(), "all are silent: there is nobody to wait for");
    }

    @Test
    void whoCannotAnswerOrAnswersNonsenseIsFollowedByTheNextAndTheLastRefusalIsTold() {
        ask(1, QUESTION);
        answer(5, new Refused(Refused.Reason.UNAVAILABLE, "no replica runs", ""));
        relay.onParcel(6, new Parcel.Relaying(new RelayMessage.Answer(sent.get(1).number(), new byte[] {99})));
        relay.work();
        answer(7, new Refused(Refused.Reason.UNAVAILABLE, "no replica runs either", ""));
        assertEquals(List.of(5, 6, 7, 4), asked);
        assertEquals(List.of(), replies);
        answer(4, new Refused(Refused.Reason.UNAVAILABLE, "nor here", ""));
        assertEquals(List.of(new Refused(Refused.Reason.UNAVAILABLE, "nor here", "")), replies);
    }

    @Test
    void whatWaitsForOneSubClusterHasABoundThatTheOthersDoNotFeel() {
        ask(1, new ServiceRequest.Submit(new byte[5_000])); // alone it may be larger than the share
        ask(1, QUESTION);
        assertEquals(List.of(new Busy(50)), replies);
        for (int i = 0; i < 9; i++) {
            ask(2, new ServiceRequest.Submit(new byte[100]));
        }
        assertEquals(1, replies.size(), "another has its own share");
        ask(2, new ServiceRequest.Submit(new byte[100]));
        assertEquals(2, replies.size());
        pass(31);
        replies.clear();
        ask(1, QUESTION);
        assertEquals(List.of(), replies, "there is room again");
    }

    @Test
    void manySmallQuestionsHaveABoundToo() {
        final Relay roomy = new Relay(new Relay.Place(all, 1, replica -> 0, (to, parcel) -> true, 1L << 30, () -> nowNs,
            () -> 0),
            (request, reply) -> { }, new FaultHook(PlannedFaults.none()));
        for (int i = 0; i <= Relay.MAX_OPEN; i++) {
            roomy.ask(1, QUESTION, replies::add);
        }
        assertEquals(List.of(new Busy(50)), replies);
        roomy.close();
        assertEquals(Relay.MAX_OPEN + 1, replies.size(), "everybody has an answer in the end");
    }

    @Test
    void oneRankHasNotMoreWaitingHereThanItMay() {
        final List<Parcel> answers = new ArrayList<>();
        final Relay deaf = new Relay(new Relay.Place(all, 1, replica -> 0, (to, parcel) -> answers.add(parcel), BYTES,
            () -> nowNs, () -> 0), (request, reply) -> { }, new FaultHook(PlannedFaults.none()));
        final byte[] question = RequestCodec.encode(QUESTION);
        for (int i = 0; i <= Relay.MAX_OPEN; i++) {
            assertTrue(deaf.onParcel(9, new Parcel.Relaying(new RelayMessage.Ask(i, question))));
        }
        assertEquals(List.of(new Parcel.Relaying(new RelayMessage.Answer(Relay.MAX_OPEN,
            ReplyCodec.encode(new Busy(50))))), answers);
        assertTrue(deaf.onParcel(10, new Parcel.Relaying(new RelayMessage.Ask(1, question))));
        assertEquals(1, answers.size(), "another rank has its own");
    }
}
