package org.ztp.accumulate;

import java.util.BitSet;
import java.util.List;

/**
 * One member's part in one attempt: it waits for its own contribution and its children's partials, then sends their
 * combination to its parent, or completes if it is the root. Owned by one thread.
 *
 * <p>No contribution is ever counted twice: each child is heard once, and only for members of its own subtree.
 *
 * @param <V> the value
 */
public final class Accumulation<V> {
    /** Where a member stands. */
    public enum State {
        /** For its own contribution or its children. */
        WAITING,
        /** Its partial is on the way to its parent: all that can still come is in. */
        SENT,
        /** Root: there is a result. */
        COMPLETE,
        /** Root: too few can still contribute. Other members: their parent is out. */
        FAILED,
        /** At the deadline. Root: too few have contributed. Other members: what was there has been sent. */
        EXPIRED
    }

    private final AccumulationPlan plan;
    private final AccumulationTree tree;
    private final Monoid<V> monoid;
    private final int self; // positions from here on
    private final long deadlineNs;
    private final BitSet expected; // contributors at or below this member
    private final BitSet covered = new BitSet(); // of those: whose contribution is in the value
    private final BitSet lost = new BitSet(); // of those: whose contribution cannot come any more
    private final BitSet reported = new BitSet(); // children heard
    private final BitSet excluded = new BitSet();
    private final long[] verdicts = new long[Verdict.values().length];
    private V value;
    private State state = State.WAITING;
    private long stateSinceNs;
    private String stateReason = "started";

    /**
     * A member's part, which starts now. Of the time limit, the root has all, and each level below one equal step less,
     * so that a partial that is sent at a deadline reaches the parent before the parent's.
     *
     * @param self      replica id of this member
     * @param timeoutNs limit of the attempt, at least 1
     * @throws IllegalArgumentException when {@code self} is no member of the plan, or the limit is below 1
     */
    public Accumulation(AccumulationPlan plan, int self, Monoid<V> monoid, long nowNs, long timeoutNs) {
        this.plan = plan;
        this.monoid = monoid;
        this.tree = plan.tree();
        this.self = plan.position(self);
        if (this.self < 0 || timeoutNs < 1) {
            throw new IllegalArgumentException(
                    "accumulation: self=" + self + " members=" + plan.members() + " timeoutNs=" + timeoutNs);
        }
        int levels = tree.height() + 1;
        deadlineNs = nowNs + timeoutNs - timeoutNs / levels * tree.depth(this.self);
        expected = plan.contributors();
        expected.and(tree.subtree(this.self));
        value = monoid.identity();
        stateSinceNs = nowNs;
    }

    /** The plan of this attempt. */
    public AccumulationPlan plan() {
        return plan;
    }

    /** Where it stands. */
    public State state() {
        return state;
    }

    /** Since when and why it stands there, for people. */
    public String stateReason() {
        return stateReason + " at " + stateSinceNs + " ns";
    }

    /** When {@link #tick} will end the wait. */
    public long deadlineNs() {
        return deadlineNs;
    }

    /** How many inputs got a verdict. */
    public long count(Verdict verdict) {
        return verdicts[verdict.ordinal()];
    }

    /** Takes in this member's own contribution, which is not changed. */
    public Verdict contribute(V own, long nowNs, List<? super AccumulationAction<V>> actions) {
        Verdict verdict = state != State.WAITING ? Verdict.FINISHED
                : !expected.get(self) ? Verdict.NOT_A_MEMBER
                : covered.get(self) ? Verdict.DUPLICATE
                : !monoid.accepts(own) ? Verdict.WRONG_SHAPE
                : Verdict.ACCEPTED;
        if (verdict == Verdict.ACCEPTED) {
            value = monoid.combine(value, own);
            covered.set(self);
            proceed(nowNs, actions);
        }
        return counted(verdict);
    }

    /** Takes in a partial, which is not changed. */
    public Verdict onPartial(Partial<V> partial, long nowNs, List<? super AccumulationAction<V>> actions) {
        int child = plan.position(partial.from());
        Verdict verdict = judge(partial, child);
        if (verdict == Verdict.ACCEPTED) {
            value = monoid.combine(value, partial.value());
            reported.set(child);
            covered.or(partial.contributors());
            lose(tree.subtree(child));
            lost.andNot(covered);
            proceed(nowNs, actions);
        }
        return counted(verdict);
    }

    /** A replica is known to be out: what it and, if it is a child, its subtree have not contributed, is not waited for. */
    public Verdict exclude(int replica, long nowNs, List<? super AccumulationAction<V>> actions) {
        int position = plan.position(replica);
        Verdict verdict = state != State.WAITING ? Verdict.FINISHED
                : position < 0 ? Verdict.NOT_A_MEMBER
                : excluded.get(position) ? Verdict.DUPLICATE
                : Verdict.ACCEPTED;
        if (verdict == Verdict.ACCEPTED) {
            excluded.set(position);
            if (position == tree.parent(self)) {
                state(State.FAILED, nowNs, "parent " + replica + " is out");
            } else {
                loseExcluded(position);
                proceed(nowNs, actions);
            }
        }
        return counted(verdict);
    }

    /** Time passes: at the deadline the wait is over. */
    public void tick(long nowNs, List<? super AccumulationAction<V>> actions) {
        if (state != State.WAITING || nowNs - deadlineNs < 0) {
            return;
        }
        if (tree.parent(self) != AccumulationTree.NO_PARENT) {
            send(State.EXPIRED, nowNs, "deadline", actions);
        } else if (covered.cardinality() >= plan.required()) {
            complete(nowNs, "deadline", actions);
        } else {
            state(State.EXPIRED, nowNs, "deadline");
            actions.add(missing(true));
        }
    }

    private Verdict judge(Partial<V> partial, int child) {
        if (!partial.id().equals(plan.id())) {
            return Verdict.OTHER_ACCUMULATION;
        }
        if (partial.attempt() != plan.attempt()) {
            return partial.attempt() < plan.attempt() ? Verdict.STALE_ATTEMPT : Verdict.EARLY_ATTEMPT;
        }
        if (child < 0 || tree.parent(child) != self) {
            return Verdict.NOT_A_CHILD;
        }
        if (state != State.WAITING) {
            return Verdict.FINISHED;
        }
        if (reported.get(child) || excluded.get(child)) {
            return reported.get(child) ? Verdict.DUPLICATE : Verdict.EXCLUDED;
        }
        BitSet foreign = (BitSet) partial.contributors().clone();
        foreign.andNot(tree.subtree(child));
        if (!foreign.isEmpty()) {
            return Verdict.WRONG_CONTRIBUTORS;
        }
        return monoid.accepts(partial.value()) ? Verdict.ACCEPTED : Verdict.WRONG_SHAPE;
    }

    private void loseExcluded(int position) {
        if (tree.parent(position) == self) {
            if (!reported.get(position)) {
                lose(tree.subtree(position));
            }
            return;
        }
        if (plan.root() == plan.members().get(self)) { // elsewhere in the tree its own parent takes care of it
            BitSet alone = new BitSet();
            alone.set(position);
            lose(alone);
        }
    }

    private void lose(BitSet members) {
        members.and(expected);
        members.andNot(covered);
        lost.or(members);
    }

    /** Ends the wait if nothing more can come, or, at the root, if what can come is too little. */
    private void proceed(long nowNs, List<? super AccumulationAction<V>> actions) {
        boolean root = tree.parent(self) == AccumulationTree.NO_PARENT;
        if (root && expected.cardinality() - lost.cardinality() < plan.required()) {
            state(State.FAILED, nowNs, "too few can contribute");
            actions.add(missing(false));
        } else if (covered.cardinality() + lost.cardinality() == expected.cardinality()) {
            if (root) {
                complete(nowNs, "all are in", actions);
            } else {
                send(State.SENT, nowNs, "all are in", actions);
            }
        }
    }

    private void send(State next, long nowNs, String reason, List<? super AccumulationAction<V>> actions) {
        state(next, nowNs, reason);
        int parent = plan.members().get(tree.parent(self));
        actions.add(new AccumulationAction.Send<>(parent, new Partial<>(
                plan.id(), plan.attempt(), plan.members().get(self), (BitSet) covered.clone(), value)));
    }

    private void complete(long nowNs, String reason, List<? super AccumulationAction<V>> actions) {
        state(State.COMPLETE, nowNs, reason);
        actions.add(new AccumulationAction.Complete<>(plan, value, plan.replicas(covered)));
    }

    private AccumulationAction<V> missing(boolean atDeadline) {
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(covered);
        BitSet silent = (BitSet) excluded.clone();
        for (int child : tree.children(self)) {
            if (atDeadline || reported.get(child)) {
                silent.set(child); // a child that was heard and did not put in its own share is as good as silent
            }
        }
        if (atDeadline) {
            silent.set(self);
        }
        silent.and(missing);
        return new AccumulationAction.Missing<>(plan, plan.replicas(missing), plan.replicas(silent));
    }

    private void state(State next, long nowNs, String reason) {
        state = next;
        stateSinceNs = nowNs;
        stateReason = reason;
    }

    private Verdict counted(Verdict verdict) {
        verdicts[verdict.ordinal()]++;
        return verdict;
    }
}
