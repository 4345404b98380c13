package org.ztp.release;

import java.util.List;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.privacy.ReleaseContext;
import org.ztp.privacy.ReleaseName;

/** What the release core wants done; in the order given. */
public sealed interface ReleaseAction {
    /** Send a message to another member. */
    record Send(int to, ReleaseMessage message) implements ReleaseAction { }

    /** Ask this replica's own final state with {@link Standing#of}; answer with {@link ReleaseEvent.LookedUp}. */
    record LookUp(long callId, TransactionId request) implements ReleaseAction { }

    /**
     * Load this replica's shares as the terms name them and mask them with {@link Contribution#compute}, off this
     * thread; answer with {@link ReleaseEvent.Contributed}.
     *
     * @param terms of a look-up just made
     * @param context what the mask is bound to
     */
    record Contribute(long callId, Terms terms, ReleaseContext context) implements ReleaseAction { }

    /**
     * Load this replica's shares as the terms name them and seal their openings with
     * {@link org.ztp.privacy.SingleShares#seal}, off this thread; answer with {@link ReleaseEvent.Sealed}.
     *
     * @param name what the message is bound to
     * @param terms of a look-up just made
     * @param part which chunks
     */
    record Seal(long callId, ReleaseName name, Terms terms, ChunkRange part) implements ReleaseAction { }

    /**
     * Answer a client: the accumulated shares.
     *
     * @param vector noise to all but the seeker: 32 bytes for each chunk, then the opener's 32; not to be changed
     * @param participants ids of the replicas whose shares are in it, ascending
     * @param attempt what the masks are bound to beside the participants, 0 and up
     * @param contractVersion likewise
     */
    record Released(long token, byte[] vector, List<Integer> participants, int attempt, int contractVersion)
        implements ReleaseAction { }

    /**
     * Answer a client: single shares of at least f + 1 replicas, all that answered in time.
     *
     * @param part which chunks
     * @param answers by ascending replica
     * @param contractVersion what the answers are bound to
     */
    record ReleasedSingly(long token, ChunkRange part, List<SingleAnswer> answers, int contractVersion)
        implements ReleaseAction { }

    /** Answer a client: nothing is released. */
    record Refused(long token, Code code, String text) implements ReleaseAction {
        /** Kinds of refusal. */
        public enum Code {
            /** The contract denied the request. */
            DENIED,
            /** The request waits for approvals. */
            PENDING,
            /** The ledger has no such request. */
            UNKNOWN,
            /** It was allowed, and is not any more: revoked, or out of its time. */
            CLOSED,
            /** Too few replicas gave their shares; try again. */
            NOT_ENOUGH_REPLICAS,
            /** The time was over; try again. */
            TIMED_OUT,
            /** Too much at once; try again. */
            BUSY,
            /** More chunks than one release may have, or chunks that the request is not about. */
            BAD_RANGE
        }
    }

    /** A peer did what an honest one would not: for the fault hook. */
    record Fault(int replica, Kind kind, String detail) implements ReleaseAction {
        /** Kinds of trouble. */
        public enum Kind {
            /** A message of a replica that is no member. */
            NOT_A_MEMBER,
            /** A call with a plan or sizes that no honest gateway makes. */
            BAD_CALL,
            /** A partial of the wrong shape, sender or contributors. */
            BAD_PARTIAL,
            /** An answer or refusal that nobody asked it for, or too large. */
            BAD_ANSWER,
            /** More at once than a limit allows. */
            OVER_LIMIT
        }
    }
}
