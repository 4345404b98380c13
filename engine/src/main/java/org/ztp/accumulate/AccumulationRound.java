package org.ztp.accumulate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The root's side of a whole accumulation: chooses who contributes, runs the root's part of each attempt, and after a
 * failed one chooses again among who is left, until there is a result, or too few candidates, or no time. Owned by one
 * thread.
 *
 * <p>Who did not answer the root itself is left out of this round. Who is missing by others' word alone moves to the
 * end of the order and may be asked again. Attempts after the first are flat, so each one that fails leaves somebody
 * out, and there are at most two more attempts than candidates.
 *
 * @param <V> the value
 */
public final class AccumulationRound<V> {
    /** Where the round stands. */
    public enum State {
        /** Not begun. */
        IDLE,
        /** An attempt is under way. */
        RUNNING,
        /** There is a result. */
        COMPLETE,
        /** There is none. */
        FAILED
    }

    private final RoundRequest request;
    private final Monoid<V> monoid;
    private final List<Integer> order = new ArrayList<>(); // candidates left, best first
    private final Set<Integer> missing = new LinkedHashSet<>(); // left out, in the order of finding
    private State state = State.IDLE;
    private long stateSinceNs;
    private long deadlineNs;
    private int attempts;
    private Accumulation<V> attempt;

    /** A round that has not begun. */
    public AccumulationRound(RoundRequest request, Monoid<V> monoid) {
        this.request = request;
        this.monoid = monoid;
        request.candidates().stream().filter(c -> !request.suspected().contains(c)).forEach(order::add);
        if (!request.all()) {
            request.candidates().stream().filter(request.suspected()::contains).forEach(order::add);
        }
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** Since when it stands there. */
    public long stateSinceNs() {
        return stateSinceNs;
    }

    /** Attempts started. */
    public int attempts() {
        return attempts;
    }

    /** When {@link #tick} has something to do next; only while running. */
    public long nextDeadlineNs() {
        return attempt.deadlineNs();
    }

    /**
     * Starts the first attempt.
     *
     * @throws IllegalStateException when it has begun before
     */
    public void begin(long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state != State.IDLE) {
            throw new IllegalStateException("round has begun before: state=" + state);
        }
        deadlineNs = nowNs + request.totalTimeoutNs();
        state(State.RUNNING, nowNs);
        startAttempt(nowNs, actions);
    }

    /** The root's own contribution to an attempt. */
    public Verdict contribute(int toAttempt, V own, long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state != State.RUNNING) {
            return Verdict.FINISHED;
        }
        if (toAttempt != attempt.plan().attempt()) {
            return toAttempt < attempt.plan().attempt() ? Verdict.STALE_ATTEMPT : Verdict.EARLY_ATTEMPT;
        }
        List<AccumulationAction<V>> inner = new ArrayList<>();
        Verdict verdict = attempt.contribute(own, nowNs, inner);
        follow(inner, nowNs, actions);
        return verdict;
    }

    /** A partial for the root. */
    public Verdict onPartial(Partial<V> partial, long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state != State.RUNNING) {
            return Verdict.FINISHED;
        }
        List<AccumulationAction<V>> inner = new ArrayList<>();
        Verdict verdict = attempt.onPartial(partial, nowNs, inner);
        follow(inner, nowNs, actions);
        return verdict;
    }

    /** A replica is known to be out: it is not asked in this round any more. */
    public Verdict exclude(int replica, long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state != State.RUNNING) {
            return Verdict.FINISHED;
        }
        if (!order.remove((Integer) replica)) {
            return missing.contains(replica) ? Verdict.DUPLICATE : Verdict.NOT_A_MEMBER;
        }
        missing.add(replica);
        List<AccumulationAction<V>> inner = new ArrayList<>();
        attempt.exclude(replica, nowNs, inner);
        follow(inner, nowNs, actions);
        return Verdict.ACCEPTED;
    }

    /** Time passes. */
    public void tick(long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state == State.RUNNING) {
            List<AccumulationAction<V>> inner = new ArrayList<>();
            attempt.tick(nowNs, inner);
            follow(inner, nowNs, actions);
        }
    }

    private void follow(
            List<AccumulationAction<V>> inner, long nowNs, List<? super AccumulationAction<V>> actions) {
        for (AccumulationAction<V> action : inner) {
            if (action instanceof AccumulationAction.Missing<V> failed) {
                leaveOut(failed);
                startAttempt(nowNs, actions);
            } else {
                state(State.COMPLETE, nowNs); // a root's part has no third kind of action
                actions.add(action);
            }
        }
    }

    private void leaveOut(AccumulationAction.Missing<V> failed) {
        missing.addAll(failed.silent());
        order.removeAll(failed.silent());
        List<Integer> hearsay = order.stream().filter(failed.missing()::contains).toList();
        order.removeAll(hearsay);
        order.addAll(hearsay);
    }

    private void startAttempt(long nowNs, List<? super AccumulationAction<V>> actions) {
        if (order.size() < request.needed()) {
            giveUp(AccumulationAction.Reason.TOO_FEW_CANDIDATES, nowNs, actions);
        } else if (nowNs - deadlineNs >= 0) {
            giveUp(AccumulationAction.Reason.TIME_IS_OVER, nowNs, actions);
        } else {
            AccumulationPlan plan = plan();
            long timeoutNs = Math.min(request.attemptTimeoutNs(), deadlineNs - nowNs);
            attempt = new Accumulation<>(plan, request.root(), monoid, nowNs, timeoutNs);
            attempts++;
            actions.add(new AccumulationAction.Start<>(plan, timeoutNs));
        }
    }

    private AccumulationPlan plan() {
        List<Integer> chosen = request.all() ? order : order.subList(0, request.needed());
        TreeSet<Integer> members = new TreeSet<>(chosen);
        members.add(request.root());
        int fanOut = attempts == 0 ? request.fanOut() : AccumulationTree.MAX_SIZE;
        return new AccumulationPlan(request.id(), attempts, List.copyOf(members), request.root(),
                chosen.contains(request.root()), chosen.size(), fanOut);
    }

    private void giveUp(
            AccumulationAction.Reason reason, long nowNs, List<? super AccumulationAction<V>> actions) {
        state(State.FAILED, nowNs);
        actions.add(new AccumulationAction.GiveUp<>(request.id(), reason, List.copyOf(missing)));
    }

    private void state(State next, long nowNs) {
        state = next;
        stateSinceNs = nowNs;
    }
}
