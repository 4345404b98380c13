package org.ztp.accumulate;

import java.util.List;
import org.ztp.wire.Hash;

/** What the caller is to do. */
public sealed interface AccumulationAction<V> {
    /** Send a partial to a replica. */
    record Send<V>(int to, Partial<V> partial) implements AccumulationAction<V> {
    }

    /** At the root: the result, with the replicas whose contributions are in it, ascending. */
    record Complete<V>(AccumulationPlan plan, V value, List<Integer> contributors) implements AccumulationAction<V> {
    }

    /**
     * At the root: this attempt has failed.
     *
     * @param missing contributors that are not in, ascending
     * @param silent  those of the missing that were excluded, or did not answer the root itself
     */
    record Missing<V>(AccumulationPlan plan, List<Integer> missing, List<Integer> silent)
            implements AccumulationAction<V> {
    }

    /**
     * At the root: send the plan to all its other members, who start at once with this time limit, and give the round
     * the root's own contribution if it contributes.
     */
    record Start<V>(AccumulationPlan plan, long timeoutNs) implements AccumulationAction<V> {
    }

    /** At the root: there is no result, and no attempt left; {@code missing} did not answer, in the order of finding. */
    record GiveUp<V>(Hash id, Reason reason, List<Integer> missing) implements AccumulationAction<V> {
    }

    /** Why a round gives up. */
    enum Reason {
        /** Fewer candidates are left than contributions are needed. */
        TOO_FEW_CANDIDATES,
        /** The time for all attempts together is over. */
        TIME_IS_OVER
    }
}
