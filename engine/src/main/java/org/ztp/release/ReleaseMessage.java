package org.ztp.release;

import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.Partial;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;

/** What replicas of a group say to each other about releases. Encoded by {@link ReleaseCodec}. */
public sealed interface ReleaseMessage {
    /**
     * A gateway calls for a contribution to one attempt.
     *
     * @param request what is released
     * @param run number of the gateway's run; none of its lives uses one twice
     * @param round of the run, 0 .. {@link #MAX_ROUND}
     * @param terms digest of the gateway's terms
     * @param vectorBytes length of the vector
     * @param timeoutNs limit of the attempt
     * @param plan who takes part and how; the root is the gateway
     */
    record Call(TransactionId request, long run, int round, Hash terms, int vectorBytes, long timeoutNs,
                AccumulationPlan plan) implements ReleaseMessage {
        /** Last round of a run. */
        public static final int MAX_ROUND = 0x7fff;
        /** Last attempt of a round. */
        public static final int MAX_ATTEMPT = 0xffff;

        /** What masks are bound to: the round in the upper 16 bits, the attempt in the lower. */
        int maskAttempt() {
            return round << 16 | plan.attempt();
        }
    }

    /**
     * The sum of some contributions, on its way up.
     *
     * @param partial with the vector
     */
    record PartialHere(Partial<byte[]> partial) implements ReleaseMessage { }

    /**
     * The sender does not contribute.
     *
     * @param id of the call
     * @param attempt of the call; 0 for single shares
     * @param reason why
     */
    record Declined(Hash id, int attempt, Standing.Reason reason) implements ReleaseMessage { }

    /**
     * A gateway calls for single shares.
     *
     * @param request what is released
     * @param run number of the gateway's run; none of its lives uses one twice
     * @param terms digest of the gateway's terms
     * @param part which chunks
     * @param timeoutNs how long the gateway waits
     */
    record SinglyCall(TransactionId request, long run, Hash terms, ChunkRange part, long timeoutNs)
        implements ReleaseMessage { }

    /**
     * The sender's single shares.
     *
     * @param id of the call
     * @param sealed as in {@link SingleAnswer}
     */
    record Singly(Hash id, byte[] sealed) implements ReleaseMessage { }
}
