package org.ztp.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.Partial;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.release.ReleaseAction.Contribute;
import org.ztp.release.ReleaseAction.Fault;
import org.ztp.release.ReleaseAction.Fault.Kind;
import org.ztp.release.ReleaseAction.LookUp;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;
import org.ztp.release.ReleaseAction.Send;
import org.ztp.release.ReleaseEvent.Asked;
import org.ztp.release.ReleaseEvent.AskedSingly;
import org.ztp.release.ReleaseEvent.LookedUp;
import org.ztp.release.ReleaseEvent.Received;
import org.ztp.release.ReleaseEvent.Tick;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.Declined;
import org.ztp.release.ReleaseMessage.PartialHere;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.release.Standing.Reason;
import org.ztp.wire.Hash;

/** One replica of four (ids 5, 8, 11, 14; this is 8) against peers that may say anything. */
class ReleaseCoreTest {
    private static final int SELF = 8;
    private static final int PEER = 5;
    private static final ReleaseLimits LIMITS = new ReleaseLimits(2, 2, 600, 512, 1000, 5000, 100, 10);

    private final Shared shared = new Shared(4, 1);
    private final ReleaseCore core = new ReleaseCore(shared.group(1), LIMITS);
    private long nowNs = 1_000_000;

    private List<ReleaseAction> step(final ReleaseEvent event) {
        return step(core, event);
    }

    private List<ReleaseAction> step(final ReleaseCore one, final ReleaseEvent event) {
        final List<ReleaseAction> actions = new ArrayList<>();
        one.step(nowNs, event, actions);
        return actions;
    }

    private Call call(final int gateway, final long run, final int attempt) {
        final List<Integer> members = gateway < SELF ? List.of(gateway, SELF) : List.of(SELF, gateway);
        return new Call(Shared.REQUEST, run, 0, shared.terms.digest(), shared.terms.vectorBytes(), 1000,
            new AccumulationPlan(ReleaseId.of(Shared.CHAIN, Shared.REQUEST, gateway, run, 0), attempt, members, gateway,
                true, 2, 4));
    }

    private Kind fault(final int from, final ReleaseMessage message) {
        final List<ReleaseAction> actions = step(new Received(from, message));
        assertEquals(1, actions.size(), () -> actions.toString());
        final Fault fault = assertInstanceOf(Fault.class, actions.get(0));
        assertEquals(from, fault.replica());
        return fault.kind();
    }

    private static <T> T only(final Class<T> kind, final List<ReleaseAction> actions) {
        assertEquals(1, actions.size(), () -> actions.toString());
        return assertInstanceOf(kind, actions.get(0));
    }

    @Test
    void aCallLeadsToALookUpAndOnlyThenToAContribution() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        assertEquals(Shared.REQUEST, look.request());
        final Contribute what = only(Contribute.class,
            step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)));
        assertEquals("[0, 1]", what.context().set().toString());
        final byte[] masked = shared.contribution(1, what);
        assertEquals(look, only(LookUp.class, step(new ReleaseEvent.Contributed(what.callId(), Optional.of(masked)))));
        final Send send = only(Send.class, step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)));
        assertEquals(PEER, send.to());
        assertInstanceOf(PartialHere.class, send.message());
        assertEquals(0, core.callsUnderWay());
    }

    @Test
    void whatWasMadeBeforeARevocationWasFinalDoesNotLeaveAfterIt() {
        final Standing revoked = new Standing.Refused(Reason.CLOSED, "revoked");
        final LookUp sum = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        final Contribute what = only(Contribute.class,
            step(new LookedUp(sum.callId(), new Standing.Allowed(shared.terms), true)));
        final byte[] masked = shared.contribution(1, what);
        assertEquals(sum, only(LookUp.class, step(new ReleaseEvent.Contributed(sum.callId(), Optional.of(masked)))));
        final ReleaseCore roomy = new ReleaseCore(shared.group(1), new ReleaseLimits(2, 2, 1 << 20, 512, 1000, 5000, 100,
            10));
        final LookUp single = only(LookUp.class, step(roomy,
            new Received(PEER, new SinglyCall(Shared.REQUEST, 2, shared.terms.digest(), Shared.CHUNKS, 1000))));
        only(ReleaseAction.Seal.class,
            step(roomy, new LookedUp(single.callId(), new Standing.Allowed(shared.terms), true)));
        assertEquals(single,
            only(LookUp.class, step(roomy, new ReleaseEvent.Sealed(single.callId(), Optional.of(new byte[100])))));
        for (final Send send : List.of(only(Send.class, step(new LookedUp(sum.callId(), revoked, true))),
            only(Send.class, step(roomy, new LookedUp(single.callId(), revoked, true))))) {
            assertEquals(Reason.CLOSED, assertInstanceOf(Declined.class, send.message()).reason());
        }
        assertEquals(0, core.callsUnderWay() + roomy.callsUnderWay());
    }

    @Test
    void nothingIsGivenByALedgerThatMayBeBehind() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        final Standing allowed = new Standing.Allowed(shared.terms);
        assertEquals(List.of(), step(new LookedUp(look.callId(), allowed, false)));
        nowNs = core.nextTickNs();
        assertEquals(look, only(LookUp.class, step(new Tick())), "it asks again, as that may pass");
        final Contribute what = only(Contribute.class, step(new LookedUp(look.callId(), allowed, true)));
        final byte[] masked = shared.contribution(1, what);
        assertEquals(look, only(LookUp.class, step(new ReleaseEvent.Contributed(what.callId(), Optional.of(masked)))));
        nowNs += LIMITS.ledgerWaitNs();
        final Send send = only(Send.class, step(new LookedUp(look.callId(), allowed, false)));
        assertEquals(Reason.BEHIND, assertInstanceOf(Declined.class, send.message()).reason());
        assertEquals(0, core.callsUnderWay());
    }

    @Test
    void aSumWithTheOwnShareLeavesOnlyAfterTheLedgerHasSaidSoAgain() {
        assertInstanceOf(PartialHere.class, afterTheChild(new Standing.Allowed(shared.terms)));
        assertEquals(Reason.CLOSED, assertInstanceOf(Declined.class,
            afterTheChild(new Standing.Refused(Reason.CLOSED, "revoked"))).reason());
    }

    /**
     * What this replica sends for a sum, to which a child of its own contributes, when the ledger says this at the end.
     */
    private ReleaseMessage afterTheChild(final Standing standing) {
        final int child = 14;
        final AccumulationPlan chain = new AccumulationPlan(call(PEER, 1, 0).plan().id(), 0, List.of(PEER, SELF, child),
            PEER, true, 3, 1);
        final ReleaseCore inner = new ReleaseCore(shared.group(1), LIMITS);
        final LookUp look = only(LookUp.class, step(inner, new Received(PEER, with(call(PEER, 1, 0), chain))));
        only(Contribute.class, step(inner, new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)));
        final byte[] vector = new byte[shared.terms.vectorBytes()];
        step(inner, new ReleaseEvent.Contributed(look.callId(), Optional.of(vector)));
        assertEquals(List.of(), step(inner, new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)));
        final BitSet theirs = new BitSet();
        theirs.set(chain.position(child));
        assertEquals(look, only(LookUp.class, step(inner, new Received(child,
            new PartialHere(new Partial<>(chain.id(), 0, child, theirs, vector))))));
        final Send send = only(Send.class, step(inner, new LookedUp(look.callId(), standing, true)));
        assertEquals(PEER, send.to());
        assertEquals(0, inner.callsUnderWay());
        return send.message();
    }

    @Test
    void aSumWhoseLookUpIsNeverAnsweredIsDropped() {
        final AccumulationPlan chain = new AccumulationPlan(call(PEER, 1, 0).plan().id(), 0, List.of(PEER, SELF, 14), PEER,
            true, 3, 1);
        final LookUp look = only(LookUp.class, step(new Received(PEER, with(call(PEER, 1, 0), chain))));
        step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
        step(new ReleaseEvent.Contributed(look.callId(), Optional.of(new byte[shared.terms.vectorBytes()])));
        step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
        nowNs = core.nextTickNs();
        assertEquals(look, only(LookUp.class, step(new Tick())), "the child is late: the sum is what there is");
        assertEquals(1, core.callsUnderWay());
        nowNs = core.nextTickNs();
        assertEquals(List.of(), step(new Tick()));
        assertEquals(0, core.callsUnderWay());
    }

    @Test
    void aRefusalOfTheOwnLedgerIsToldToTheGateway() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        final Send send = only(Send.class,
            step(new LookedUp(look.callId(), new Standing.Refused(Reason.DENIED, "no"), true)));
        assertEquals(Reason.DENIED, assertInstanceOf(Declined.class, send.message()).reason());
        assertEquals(List.of(), step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)),
            "it is over");
    }

    @Test
    void anUnknownRequestIsLookedUpAgainForABoundedTime() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        final Standing unknown = new Standing.Refused(Reason.UNKNOWN, "");
        int looks = 1;
        List<ReleaseAction> actions = step(new LookedUp(look.callId(), unknown, true));
        while (actions.isEmpty()) {
            nowNs = core.nextTickNs();
            assertEquals(look, only(LookUp.class, step(new Tick())));
            looks++;
            actions = step(new LookedUp(look.callId(), unknown, true));
        }
        assertEquals(Reason.UNKNOWN, assertInstanceOf(Declined.class, only(Send.class, actions).message()).reason());
        assertEquals(1 + LIMITS.ledgerWaitNs() / LIMITS.retryNs(), looks);
    }

    @Test
    void otherTermsThanTheGatewaysAreNotContributedTo() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        nowNs += LIMITS.ledgerWaitNs();
        final Send send = only(Send.class,
            step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms(4)), true)));
        assertEquals(Reason.OTHER_TERMS, assertInstanceOf(Declined.class, send.message()).reason());
    }

    @Test
    void sharesThatCannotBeOpenedAreDeclined() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
        final Send send = only(Send.class, step(new ReleaseEvent.Contributed(look.callId(), Optional.empty())));
        assertEquals(Reason.UNREADABLE, assertInstanceOf(Declined.class, send.message()).reason());
    }

    @Test
    void aRepeatedCallIsDoneOnceAndALaterAttemptReplacesIt() {
        final LookUp first = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 1))));
        assertEquals(List.of(), step(new Received(PEER, call(PEER, 1, 1))));
        assertEquals(List.of(), step(new Received(PEER, call(PEER, 1, 0))));
        only(LookUp.class, step(new Received(PEER, call(PEER, 1, 2))));
        assertEquals(List.of(), step(new LookedUp(first.callId(), new Standing.Allowed(shared.terms), true)));
        assertEquals(1, core.callsUnderWay());
    }

    @Test
    void whatOneGatewayHasMadeIsBoundedThoughItsCallsReplaceEachOther() {
        final List<Long> begun = new ArrayList<>();
        for (int attempt = 0; attempt < LIMITS.callsPerPeer(); attempt++) {
            begun.add(only(Contribute.class, called(PEER, attempt)).callId());
        }
        final Send busy = only(Send.class, called(PEER, 2));
        assertEquals(Reason.BUSY, assertInstanceOf(Declined.class, busy.message()).reason());
        only(Contribute.class, called(14, 0));
        assertEquals(List.of(), step(new ReleaseEvent.Contributed(begun.get(0), Optional.empty())), "it is over");
        only(Contribute.class, called(PEER, 3));
    }

    private List<ReleaseAction> called(final int gateway, final int attempt) {
        final LookUp look = only(LookUp.class, step(new Received(gateway, call(gateway, 1, attempt))));
        return step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
    }

    @Test
    void whatIsNotDoneForTooMuchElseIsDeclined() {
        final Contribute what = only(Contribute.class, called(PEER, 0));
        final Send send = only(Send.class, step(new ReleaseEvent.Crowded(what.callId())));
        assertEquals(Reason.BUSY, assertInstanceOf(Declined.class, send.message()).reason());
        assertEquals(0, core.callsUnderWay());
        only(Contribute.class, called(PEER, 1));
        only(Contribute.class, called(PEER, 2));
    }

    @Test
    void callsThatNoHonestGatewayMakesAreFaults() {
        final Call good = call(PEER, 1, 0);
        assertEquals(Kind.NOT_A_MEMBER, fault(6, good));
        assertEquals(Kind.NOT_A_MEMBER, fault(SELF, good), "from itself over the network");
        assertEquals(Kind.BAD_CALL, fault(11, good), "the round is another's");
        assertEquals(Kind.BAD_CALL, fault(PEER, new Call(new TransactionId(Hash.ZERO, 0), 1, 0, good.terms(),
            good.vectorBytes(), 1000, good.plan())), "the round is of another request");
        final Hash id = good.plan().id();
        final AccumulationPlan alone = new AccumulationPlan(id, 0, List.of(PEER, SELF), PEER, false, 1, 4);
        assertEquals(Kind.BAD_CALL, fault(PEER, with(good, alone)), "fewer than f + 1");
        final AccumulationPlan some = new AccumulationPlan(id, 0, List.of(PEER, SELF, 11), PEER, true, 2, 4);
        assertEquals(Kind.BAD_CALL, fault(PEER, with(good, some)), "not all of the set");
        final AccumulationPlan strangers = new AccumulationPlan(id, 0, List.of(PEER, SELF, 99), PEER, true, 3, 4);
        assertEquals(Kind.BAD_CALL, fault(PEER, with(good, strangers)), "a member of none");
        final AccumulationPlan without = new AccumulationPlan(id, 0, List.of(PEER, 11), PEER, true, 2, 4);
        assertEquals(Kind.BAD_CALL, fault(PEER, with(good, without)), "not for this replica");
        assertEquals(Kind.BAD_CALL, fault(PEER, new Call(Shared.REQUEST, 1, 0, good.terms(), 544, 1000, good.plan())),
            "longer than the limit");
        assertEquals(Kind.BAD_CALL, fault(PEER, new Call(Shared.REQUEST, 1, 0, good.terms(), 64, 0, good.plan())),
            "no time");
        assertEquals(Kind.BAD_CALL, fault(PEER, new SinglyCall(Shared.REQUEST, 1, good.terms(), Shared.CHUNKS, 0)),
            "no time");
        assertEquals(0, core.callsUnderWay());
    }

    private static Call with(final Call call, final AccumulationPlan plan) {
        return new Call(call.request(), call.run(), call.round(), call.terms(), call.vectorBytes(),
            call.timeoutNs(), plan);
    }

    @Test
    void aGatewayHasRoomForSoManyCalls() {
        only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        only(LookUp.class, step(new Received(PEER, call(PEER, 2, 0))));
        final List<ReleaseAction> third = step(new Received(PEER, call(PEER, 3, 0)));
        assertEquals(Kind.OVER_LIMIT, assertInstanceOf(Fault.class, third.get(0)).kind());
        assertEquals(Reason.BUSY, ((Declined) ((Send) third.get(1)).message()).reason());
        only(LookUp.class, step(new Received(14, call(14, 1, 0))));
        nowNs += LIMITS.attemptTimeoutNs();
        step(new Tick());
        assertEquals(0, core.callsUnderWay(), "what is out of time is forgotten");
    }

    @Test
    void aGatewayHasRoomForSoManyBytes() {
        final Call call = call(PEER, 1, 0);
        final Call large = new Call(call.request(), 1, 0, call.terms(), 512, 1000, call.plan());
        only(LookUp.class, step(new Received(PEER, large)));
        assertEquals(Kind.OVER_LIMIT, ((Fault) step(new Received(PEER, call(PEER, 2, 0))).get(0)).kind());
    }

    @Test
    void partialsThatAreNotTheSendersAreFaults() {
        final BitSet own = new BitSet();
        own.set(0);
        final Hash id = call(PEER, 1, 0).plan().id();
        step(new Received(PEER, call(PEER, 1, 0)));
        assertEquals(Kind.BAD_PARTIAL,
            fault(PEER, new PartialHere(new Partial<>(id, 0, 11, own, new byte[shared.terms.vectorBytes()]))));
        assertEquals(Kind.BAD_PARTIAL,
            fault(PEER, new PartialHere(new Partial<>(id, 0, PEER, own, new byte[shared.terms.vectorBytes()]))),
            "the root is nobody's child");
        assertEquals(Kind.BAD_PARTIAL,
            fault(PEER, new PartialHere(new Partial<>(Hash.ZERO, 0, PEER, own, new byte[1024]))),
            "longer than allowed");
    }

    @Test
    void moreReleasesThanTheLimitAreBusy() {
        only(LookUp.class, step(new Asked(1, Shared.REQUEST, Set.of())));
        only(LookUp.class, step(new AskedSingly(2, Shared.REQUEST, Shared.CHUNKS, Set.of())));
        assertEquals(Code.BUSY, only(Refused.class, step(new Asked(3, Shared.REQUEST, Set.of()))).code());
        assertThrows(IllegalArgumentException.class, () -> step(new Asked(1, Shared.REQUEST, Set.of())));
    }

    @Test
    void theOwnLedgersRefusalIsTheAnswer() {
        final Object[][] cases = {{Reason.DENIED, Code.DENIED}, {Reason.CLOSED, Code.CLOSED}};
        long token = 1;
        for (final Object[] expected : cases) {
            final LookUp look = only(LookUp.class, step(new Asked(token, Shared.REQUEST, Set.of())));
            final Refused refused = only(Refused.class,
                step(new LookedUp(look.callId(), new Standing.Refused((Reason) expected[0], "rule"), true)));
            assertEquals(new Refused(token++, (Code) expected[1], "rule"), refused);
        }
    }

    private Call firstCall(final ReleaseCore life) {
        final LookUp look = only(LookUp.class, step(life, new Asked(1, Shared.REQUEST, Set.of())));
        final List<ReleaseAction> actions = step(life,
            new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
        return actions.stream().filter(action -> action instanceof Send send && send.message() instanceof Call)
            .map(action -> (Call) ((Send) action).message()).findFirst().orElseThrow();
    }

    /** What peers answer to a life that has ended is no answer to the next one, which may have chosen other members. */
    @Test
    void aGatewayThatStartedAgainCallsUnderANewNumber() {
        final ReleaseCore before = new ReleaseCore(shared.group(1), LIMITS);
        final Call old = firstCall(before);
        nowNs++;
        final Call fresh = firstCall(new ReleaseCore(shared.group(1), LIMITS));
        assertTrue(fresh.run() > old.run(), fresh.run() + " after " + old.run());
        assertTrue(!fresh.plan().id().equals(old.plan().id()));
    }

    @Test
    void anUnansweredLookUpEndsInTime() {
        step(new Asked(1, Shared.REQUEST, Set.of()));
        step(new AskedSingly(2, Shared.REQUEST, Shared.CHUNKS, Set.of()));
        nowNs += LIMITS.totalTimeoutNs();
        final List<ReleaseAction> actions = step(new Tick());
        assertEquals(List.of(Code.TIMED_OUT, Code.TIMED_OUT),
            actions.stream().map(action -> ((Refused) action).code()).toList());
    }

    @Test
    void rangesBeyondTheRequestOrTheLimitAreRefused() {
        final LookUp look = only(LookUp.class,
            step(new AskedSingly(1, Shared.REQUEST, new ChunkRange(1, 3), Set.of())));
        assertEquals(Code.BAD_RANGE, only(Refused.class,
            step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true))).code());
        assertEquals(Code.BAD_RANGE, only(Refused.class, step(new AskedSingly(1, Shared.REQUEST,
            new ChunkRange(0, ReleaseLimits.MAX_SINGLE_CHUNKS), Set.of()))).code());
        final Terms all = shared.terms;
        final LookUp long0 = only(LookUp.class, step(new Asked(2, Shared.REQUEST, Set.of())));
        assertEquals(Code.BAD_RANGE, only(Refused.class, step(new LookedUp(long0.callId(), new Standing.Allowed(
            new Terms(all.dataset(), all.publish(), all.part(), 100, new ChunkRange(0, 99), all.seeker(),
                all.freshKey(), 1)), true))).code());
    }

    @Test
    void answersOfAnotherLengthThanAskedAreTheReplicasOwnMistake() {
        final LookUp look = only(LookUp.class, step(new Received(PEER, call(PEER, 1, 0))));
        step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true));
        step(new ReleaseEvent.Contributed(look.callId(), Optional.of(new byte[32])));
        assertThrows(IllegalStateException.class,
            () -> step(new LookedUp(look.callId(), new Standing.Allowed(shared.terms), true)));
    }

    @Test
    void aTickIsDueWithinTheTimeOfARelease() {
        assertTrue(core.nextTickNs() - nowNs <= LIMITS.totalTimeoutNs());
    }
}
