package org.ztp.release;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.accumulate.Accumulation;
import org.ztp.accumulate.AccumulationAction;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.Partial;
import org.ztp.accumulate.Verdict;
import org.ztp.accumulate.XorVector;
import org.ztp.privacy.ParticipantSet;
import org.ztp.privacy.ReleaseContext;
import org.ztp.privacy.ReleaseName;
import org.ztp.release.ReleaseAction.Fault.Kind;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.Declined;
import org.ztp.release.ReleaseMessage.PartialHere;
import org.ztp.release.ReleaseMessage.Singly;
import org.ztp.release.ReleaseMessage.SinglyCall;
import org.ztp.release.ShareCall.Single;
import org.ztp.release.ShareCall.Summed;
import org.ztp.wire.Hash;

/**
 * The side that gives shares. It believes a gateway nothing but that it wants something: whether, what and to whom is
 * asked of this replica's own ledger, anew for each attempt: before shares are opened, and again whenever what was made
 * of them is about to leave, alone or in a sum, since a revocation may have become final in between. While that ledger
 * may be behind, nothing leaves by it.
 */
final class Participant {
    private final Desk desk;
    private final EarlyStash early;
    private final Map<Hash, ShareCall> calls = new LinkedHashMap<>();
    /** Work that was handed out and has not come back, with its gateway; its call may be replaced or over. */
    private final Map<Long, Integer> tasks = new HashMap<>();

    Participant(final Desk desk) {
        this.desk = desk;
        early = new EarlyStash(desk);
    }

    void onCall(final int from, final Call call) {
        final AccumulationPlan plan = call.plan();
        final Optional<String> wrong = wrong(from, call);
        if (wrong.isPresent()) {
            desk.fault(from, Kind.BAD_CALL, wrong.get());
            return;
        }
        final ShareCall before = calls.get(plan.id());
        if (before != null && before.work().attempt() >= plan.attempt()) {
            return; // repeated, or late
        }
        calls.remove(plan.id());
        if (!hasRoom(from, plan.id(), plan.attempt(), call.vectorBytes())) {
            return;
        }
        final long timeoutNs = Math.min(call.timeoutNs(), desk.limits.attemptTimeoutNs());
        final Optional<Accumulation<byte[]>> tree = from == desk.group.self() ? Optional.empty()
            : Optional.of(new Accumulation<>(plan, desk.group.self(), new XorVector(call.vectorBytes()), desk.nowNs,
                timeoutNs));
        final ShareCall begun = new ShareCall(from, plan.id(), call.request(), call.terms(), new Summed(call, tree),
            tree.map(Accumulation::deadlineNs).orElse(desk.nowNs + timeoutNs), new LedgerLook(desk, call.request()));
        calls.put(plan.id(), begun);
        early.take(plan.id(), plan.attempt()).forEach(partial -> onPartial(partial.from(), partial));
    }

    private Optional<String> wrong(final int from, final Call call) {
        final AccumulationPlan plan = call.plan();
        if (plan.root() != from || !plan.id().equals(
            ReleaseId.of(desk.group.chain(), call.request(), from, call.run(), call.round()))) {
            return Optional.of("the round is not the sender's: root=" + plan.root());
        }
        final BitSet contributors = plan.contributors();
        final int place = plan.position(desk.group.self());
        if (place < 0 || !contributors.get(place) || !desk.group.members().containsAll(plan.members())) {
            return Optional.of("members=" + plan.members());
        }
        if (plan.required() != contributors.cardinality() || plan.required() < desk.group.needed()) {
            return Optional.of("contributors=" + contributors.cardinality() + " required=" + plan.required()
                + " needed=" + desk.group.needed());
        }
        if (call.vectorBytes() > desk.limits.vectorBytes() || call.timeoutNs() < 1) {
            return Optional.of("vectorBytes=" + call.vectorBytes() + " timeoutNs=" + call.timeoutNs());
        }
        return Optional.empty();
    }

    void onSinglyCall(final int from, final SinglyCall call) {
        final Hash id = ReleaseId.of(desk.group.chain(), call.request(), from, call.run(), 0);
        if (call.timeoutNs() < 1) {
            desk.fault(from, Kind.BAD_CALL, "timeoutNs=" + call.timeoutNs());
            return;
        }
        final Single work = new Single(call);
        if (calls.containsKey(id) || !hasRoom(from, id, 0, work.bytes())) {
            return;
        }
        final long timeoutNs = Math.min(call.timeoutNs(), desk.limits.attemptTimeoutNs());
        calls.put(id, new ShareCall(from, id, call.request(), call.terms(), work, desk.nowNs + timeoutNs,
            new LedgerLook(desk, call.request())));
    }

    private boolean hasRoom(final int from, final Hash id, final int attempt, final long bytes) {
        int count = 0;
        long held = bytes;
        for (final ShareCall call : calls.values()) {
            if (call.gateway() == from) {
                count++;
                held += call.work().bytes();
            }
        }
        if (count < desk.limits.callsPerPeer() && held <= desk.limits.bytesPerPeer()) {
            return true;
        }
        desk.fault(from, Kind.OVER_LIMIT, "calls=" + (count + 1) + " bytes=" + held);
        desk.send(from, new Declined(id, attempt, Standing.Reason.BUSY));
        return false;
    }

    void onLookedUp(final ReleaseEvent.LookedUp answer) {
        final ShareCall call = byCallId(answer.callId());
        if (call == null) {
            return;
        }
        Standing standing = answer.standing();
        if (standing instanceof Standing.Allowed && !answer.recent()) {
            standing = new Standing.Refused(Standing.Reason.BEHIND, "a revocation may be final that is not here");
        } else if (standing instanceof Standing.Allowed allowed && !fits(call, allowed.terms())) {
            standing = new Standing.Refused(Standing.Reason.OTHER_TERMS, "terms differ");
        }
        call.look().answered(standing, terms -> proceed(call, terms), refused -> decline(call, refused.reason()));
    }

    private void proceed(final ShareCall call, final Terms terms) {
        if (call.sum().isPresent()) {
            calls.remove(call.id());
            send(call.sum().get());
        } else if (call.made().isPresent()) {
            leave(call, call.made().get());
        } else {
            work(call, terms);
        }
    }

    /** The gateway's terms are this replica's, and the chunks and sizes in the call are theirs. */
    private static boolean fits(final ShareCall call, final Terms terms) {
        final boolean size = call.work() instanceof Summed summed
            ? summed.call().vectorBytes() == terms.vectorBytes()
            : call.work() instanceof Single single && terms.chunks().contains(single.part());
        return size && terms.digest().equals(call.terms());
    }

    /** Calls that replace others make work, too: what one gateway has made of it is bounded, whatever became of the calls. */
    private void work(final ShareCall call, final Terms terms) {
        if (Collections.frequency(tasks.values(), call.gateway()) >= desk.limits.callsPerPeer()) {
            decline(call, Standing.Reason.BUSY);
            return;
        }
        tasks.put(call.look().callId, call.gateway());
        if (call.work() instanceof Summed summed) {
            desk.act(new ReleaseAction.Contribute(call.look().callId, terms, context(summed.call(), terms)));
        } else if (call.work() instanceof Single single) {
            desk.act(new ReleaseAction.Seal(call.look().callId,
                new ReleaseName(desk.group.chain(), call.request(), terms.contractVersion()), terms, single.part()));
        }
    }

    private ReleaseContext context(final Call call, final Terms terms) {
        final AccumulationPlan plan = call.plan();
        final int[] numbers = plan.replicas(plan.contributors()).stream().mapToInt(desk.group::number).toArray();
        return new ReleaseContext(desk.group.chain(), call.request().bundle(), call.request().index(),
            terms.contractVersion(), ParticipantSet.of(numbers), call.maskAttempt());
    }

    void onContributed(final long callId, final Optional<byte[]> masked) {
        onMade(callId, Summed.class, masked);
    }

    void onSealed(final long callId, final Optional<byte[]> sealed) {
        onMade(callId, Single.class, sealed);
    }

    void onCrowded(final long callId) {
        tasks.remove(callId);
        Optional.ofNullable(byCallId(callId)).ifPresent(call -> decline(call, Standing.Reason.BUSY));
    }

    private void onMade(final long callId, final Class<? extends ShareCall.Work> kind, final Optional<byte[]> made) {
        tasks.remove(callId);
        final ShareCall call = byCallId(callId);
        if (call == null || !kind.isInstance(call.work())) {
            return;
        }
        if (made.isEmpty()) {
            decline(call, Standing.Reason.UNREADABLE);
        } else {
            calls.put(call.id(), call.with(made.get()));
            call.look().ask();
        }
    }

    private void leave(final ShareCall call, final byte[] made) {
        if (!(call.work() instanceof Summed summed)) {
            calls.remove(call.id());
            desk.send(call.gateway(), new Singly(call.id(), made));
        } else if (summed.tree().isEmpty()) {
            final AccumulationPlan plan = summed.call().plan();
            final BitSet own = new BitSet();
            own.set(plan.position(desk.group.self()));
            calls.remove(call.id());
            desk.send(desk.group.self(), new PartialHere(
                new Partial<>(plan.id(), plan.attempt(), desk.group.self(), own, made)));
        } else {
            final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
            final Verdict verdict = summed.tree().get().contribute(made, desk.nowNs, inner);
            if (verdict == Verdict.WRONG_SHAPE || verdict == Verdict.NOT_A_MEMBER) {
                throw new IllegalStateException("own contribution: " + verdict + " bytes=" + made.length
                    + " expected=" + summed.call().vectorBytes());
            }
            inner.forEach(this::send); // the ledger has just said that it may
            endUnlessWaiting(call, summed.tree().get());
        }
    }

    void onPartial(final int from, final Partial<byte[]> partial) {
        final ShareCall call = calls.get(partial.id());
        if (call == null || !(call.work() instanceof Summed summed) || summed.tree().isEmpty()) {
            keepEarly(from, partial);
            return;
        }
        final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
        final Verdict verdict = summed.tree().get().onPartial(partial, desk.nowNs, inner);
        switch (verdict) {
            case ACCEPTED -> follow(call, summed.tree().get(), inner);
            case EARLY_ATTEMPT -> keepEarly(from, partial);
            case STALE_ATTEMPT, DUPLICATE, FINISHED, EXCLUDED -> { }
            default -> desk.fault(from, Kind.BAD_PARTIAL, "verdict=" + verdict + " attempt=" + partial.attempt());
        }
    }

    private void keepEarly(final int from, final Partial<byte[]> partial) {
        if (partial.value().length > desk.limits.vectorBytes()) {
            desk.fault(from, Kind.BAD_PARTIAL, "vectorBytes=" + partial.value().length);
        } else {
            early.keep(partial);
        }
    }

    void tick() {
        early.turn();
        for (final ShareCall call : List.copyOf(calls.values())) {
            call.look().tick();
            if (call.sum().isEmpty() && call.work() instanceof Summed summed && summed.tree().isPresent()) {
                final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
                summed.tree().get().tick(desk.nowNs, inner);
                follow(call, summed.tree().get(), inner);
            } else if (desk.isOver(call.deadlineNs())) {
                calls.remove(call.id());
            }
        }
    }

    long nextTickNs(final long otherNs) {
        if (calls.isEmpty()) {
            return otherNs; // asked at each turn of an idle replica: no iterator is made
        }
        long next = otherNs;
        for (final ShareCall call : calls.values()) {
            next = call.look().nextTickNs(call.deadlineNs() - next < 0 ? call.deadlineNs() : next);
        }
        return next;
    }

    int callsUnderWay() {
        return calls.size();
    }

    private void follow(final ShareCall call, final Accumulation<byte[]> tree,
                        final List<AccumulationAction<byte[]>> inner) {
        for (final AccumulationAction<byte[]> action : inner) {
            if (action instanceof AccumulationAction.Send<byte[]> send
                && send.partial().contributors().get(tree.plan().position(desk.group.self()))) {
                // the own share has been in the sum for as long as the children took
                calls.put(call.id(), call.with(send, desk.nowNs + desk.limits.attemptTimeoutNs()));
                call.look().ask();
                return;
            }
            send(action);
        }
        endUnlessWaiting(call, tree);
    }

    private void send(final AccumulationAction<byte[]> action) {
        if (action instanceof AccumulationAction.Send<byte[]> send) {
            desk.send(send.to(), new PartialHere(send.partial()));
        }
    }

    private void endUnlessWaiting(final ShareCall call, final Accumulation<byte[]> tree) {
        if (tree.state() != Accumulation.State.WAITING) {
            calls.remove(call.id());
        }
    }

    private void decline(final ShareCall call, final Standing.Reason reason) {
        calls.remove(call.id());
        desk.send(call.gateway(), new Declined(call.id(), call.work().attempt(), reason));
    }

    private ShareCall byCallId(final long callId) {
        return calls.values().stream().filter(call -> call.look().callId == callId).findFirst().orElse(null);
    }
}
