package org.ztp.release;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;

/** What can happen to the release core. */
public sealed interface ReleaseEvent {
    /** Time has passed. */
    record Tick() implements ReleaseEvent { }

    /**
     * A client of this replica wants the accumulated shares of a request.
     *
     * @param token names the question; unique among those not answered
     * @param request the request
     * @param without replicas that are not to take part, as their shares were wrong before
     */
    record Asked(long token, TransactionId request, Set<Integer> without) implements ReleaseEvent {
        /** Keeps the set as it is. */
        public Asked {
            without = Set.copyOf(without);
        }
    }

    /**
     * A client of this replica wants single shares, as an accumulated vector did not fit its commitments.
     *
     * @param token names the question; unique among those not answered
     * @param request the request
     * @param part which of its chunks, at most {@link ReleaseLimits#MAX_SINGLE_CHUNKS}
     * @param without replicas that are not asked
     */
    record AskedSingly(long token, TransactionId request, ChunkRange part, Set<Integer> without)
        implements ReleaseEvent {
        /** Keeps the set as it is. */
        public AskedSingly {
            without = Set.copyOf(without);
        }
    }

    /** Which replicas the failure detector suspects now; all others it does not. */
    record Suspected(Set<Integer> replicas) implements ReleaseEvent {
        /** Keeps the set as it is, in ascending order: what follows from it has the same order each time. */
        public Suspected {
            replicas = Collections.unmodifiableSortedSet(new TreeSet<>(replicas));
        }
    }

    /** A peer has said something; the transport vouches for the sender's id. */
    record Received(int from, ReleaseMessage message) implements ReleaseEvent { }

    /**
     * The answer to {@link ReleaseAction.LookUp}.
     *
     * @param recent whether that state is as far as a quorum was a moment ago; by no other shares are given
     */
    record LookedUp(long callId, Standing standing, boolean recent) implements ReleaseEvent { }

    /**
     * The answer to {@link ReleaseAction.Contribute}.
     *
     * @param masked what {@link Contribution} made, not to be changed; empty if this replica's shares cannot be opened
     */
    record Contributed(long callId, Optional<byte[]> masked) implements ReleaseEvent { }

    /**
     * The answer to {@link ReleaseAction.Seal}.
     *
     * @param sealed what {@link org.ztp.privacy.SingleShares} made, not to be changed; empty if this replica's shares
     *     cannot be opened
     */
    record Sealed(long callId, Optional<byte[]> sealed) implements ReleaseEvent { }

    /** {@link ReleaseAction.Contribute} or {@link ReleaseAction.Seal} is not done: there is too much else to do. */
    record Crowded(long callId) implements ReleaseEvent { }
}
