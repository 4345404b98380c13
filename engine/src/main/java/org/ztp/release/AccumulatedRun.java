package org.ztp.release;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ztp.accumulate.AccumulationAction;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.AccumulationRound;
import org.ztp.accumulate.AccumulationTree;
import org.ztp.accumulate.Partial;
import org.ztp.accumulate.RoundRequest;
import org.ztp.accumulate.Verdict;
import org.ztp.accumulate.XorVector;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.release.ReleaseAction.Fault.Kind;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.wire.Hash;

/**
 * A release by accumulation: rounds, each with a look at the own ledger and an {@link AccumulationRound} over all
 * members that may take part, until there is a sum, a verdict of the ledgers, or no time.
 */
final class AccumulatedRun implements ReleaseRun {
    private final Desk desk;
    private final ReleaseEvent.Asked asked;
    private final long number;
    private final long deadlineNs;
    private final Verdicts verdicts;
    private final Set<Integer> missing = new LinkedHashSet<>(); // in rounds before
    private LedgerLook look;
    private Terms terms;
    private Hash id = Hash.ZERO;
    private AccumulationRound<byte[]> accumulation; // null between rounds
    private int round;
    private long pausedUntilNs;
    private boolean tooFew; // some attempt had to do without somebody
    private boolean over;

    AccumulatedRun(final Desk desk, final ReleaseEvent.Asked asked, final long number) {
        this.desk = desk;
        this.asked = asked;
        this.number = number;
        deadlineNs = desk.nowNs + desk.limits.totalTimeoutNs();
        verdicts = new Verdicts(desk);
        look = new LedgerLook(desk, asked.request());
    }

    @Override
    public boolean owns(final Hash round) {
        return accumulation != null && id.equals(round);
    }

    @Override
    public boolean asked(final long callId) {
        return look != null && look.callId == callId;
    }

    @Override
    public void onStanding(final Standing standing) {
        look.answered(standing, this::beginRound,
            refused -> end(ReleaseRun.refusal(asked.token(), refused.reason(), refused.text())));
    }

    private void beginRound(final Terms allowed) {
        look = null;
        terms = allowed;
        if (terms.vectorBytes() > desk.limits.vectorBytes()) {
            end(new Refused(asked.token(), Code.BAD_RANGE, "vectorBytes=" + terms.vectorBytes() + " allowed="
                + desk.limits.vectorBytes()));
            return;
        }
        if (desk.isOver(deadlineNs)) {
            outOfTime();
            return;
        }
        final TransactionId request = asked.request();
        id = ReleaseId.of(desk.group.chain(), request, desk.group.self(), number, round);
        final Set<Integer> last = new LinkedHashSet<>(desk.suspected);
        last.addAll(missing);
        missing.clear();
        accumulation = new AccumulationRound<>(new RoundRequest(id, desk.group.self(), candidates(), last,
            desk.group.needed(), false, AccumulationTree.DEFAULT_FAN_OUT, desk.limits.attemptTimeoutNs(),
            deadlineNs - desk.nowNs), new XorVector(terms.vectorBytes()));
        final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
        accumulation.begin(desk.nowNs, inner);
        follow(inner);
    }

    /** This replica first, then the others from a place on that differs between requests and rounds. */
    private List<Integer> candidates() {
        final List<Integer> members = desk.group.members();
        final int start = Math.floorMod(id.hashCode(), members.size());
        final List<Integer> order = new ArrayList<>();
        order.add(desk.group.self());
        for (int i = 0; i < members.size(); i++) {
            final int member = members.get((start + i) % members.size());
            if (member != desk.group.self()) {
                order.add(member);
            }
        }
        order.removeAll(asked.without());
        return order;
    }

    void onPartial(final int from, final Partial<byte[]> partial) {
        final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
        final Verdict verdict = from == desk.group.self()
            ? accumulation.contribute(partial.attempt(), partial.value(), desk.nowNs, inner)
            : accumulation.onPartial(partial, desk.nowNs, inner);
        switch (verdict) {
            case ACCEPTED, STALE_ATTEMPT, DUPLICATE, FINISHED, EXCLUDED -> follow(inner);
            default -> desk.fault(from, Kind.BAD_PARTIAL, "verdict=" + verdict + " attempt=" + partial.attempt());
        }
    }

    @Override
    public void onDeclined(final int from, final ReleaseMessage.Declined declined) {
        verdicts.note(from, declined.reason()).ifPresentOrElse(
            reason -> end(ReleaseRun.refusal(asked.token(), reason, verdicts.text())), () -> exclude(from));
    }

    @Override
    public void onSuspected() {
        if (accumulation != null) {
            for (final int replica : desk.suspected) {
                exclude(replica);
            }
        }
    }

    private void exclude(final int replica) {
        if (!over && accumulation != null) {
            final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
            accumulation.exclude(replica, desk.nowNs, inner);
            follow(inner);
        }
    }

    @Override
    public void tick() {
        if (look != null) {
            look.tick();
        } else if (accumulation != null) {
            final List<AccumulationAction<byte[]>> inner = new ArrayList<>();
            accumulation.tick(desk.nowNs, inner);
            follow(inner);
        } else if (!over && desk.isOver(pausedUntilNs) && round < Call.MAX_ROUND) {
            round++;
            look = new LedgerLook(desk, asked.request());
        }
        if (!over && desk.isOver(deadlineNs)) {
            outOfTime();
        }
    }

    private void follow(final List<AccumulationAction<byte[]>> inner) {
        for (final AccumulationAction<byte[]> action : inner) {
            if (action instanceof AccumulationAction.Start<byte[]> start) {
                tooFew |= start.plan().attempt() > 0;
                call(start.plan(), start.timeoutNs());
            } else if (action instanceof AccumulationAction.Complete<byte[]> complete) {
                final Call last = message(complete.plan(), 1);
                end(new ReleaseAction.Released(asked.token(), complete.value(), complete.contributors(),
                    last.maskAttempt(), terms.contractVersion()));
            } else if (action instanceof AccumulationAction.GiveUp<byte[]> giveUp) {
                tooFew = true;
                missing.addAll(giveUp.missing());
                accumulation = null;
                pausedUntilNs = desk.nowNs + desk.limits.retryNs();
            }
        }
    }

    private void call(final AccumulationPlan plan, final long timeoutNs) {
        final Call call = message(plan, timeoutNs);
        for (final int member : plan.members()) {
            if (member != desk.group.self() || plan.rootContributes()) {
                desk.send(member, call);
            }
        }
    }

    private Call message(final AccumulationPlan plan, final long timeoutNs) {
        return new Call(asked.request(), number, round, terms.digest(), terms.vectorBytes(), timeoutNs, plan);
    }

    private void outOfTime() {
        end(new Refused(asked.token(), tooFew ? Code.NOT_ENOUGH_REPLICAS : Code.TIMED_OUT, "needed="
            + desk.group.needed() + " of=" + desk.group.size() + " rounds=" + (round + 1) + " missing=" + missing));
    }

    private void end(final ReleaseAction answer) {
        over = true;
        accumulation = null;
        look = null;
        desk.act(answer);
    }

    @Override
    public long nextTickNs(final long otherNs) {
        final long next = deadlineNs - otherNs < 0 ? deadlineNs : otherNs;
        if (look != null) {
            return look.nextTickNs(next);
        }
        final long due = accumulation != null ? accumulation.nextDeadlineNs() : pausedUntilNs;
        return due - next < 0 ? due : next;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
