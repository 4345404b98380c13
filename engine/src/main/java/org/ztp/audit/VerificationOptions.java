package org.ztp.audit;

import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubCluster;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.team.Team;

/**
 * How to verify.
 *
 * @param threads that hash and check signatures, 1 .. 256
 * @param rules by which the state is computed: those that the service executes blocks with
 */
public record VerificationOptions(int threads, Rules rules) {
    /** Makes the rules of one sub-cluster's transactions. */
    @FunctionalInterface
    public interface Rules {
        /** The rules of a sub-cluster. */
        TransactionRules of(Genesis genesis, SubCluster group);
    }

    /** Checks the range. */
    public VerificationOptions {
        if (threads < 1 || threads > Team.MAX_THREADS) {
            throw new IllegalArgumentException("threads: expected=1 .. " + Team.MAX_THREADS + " actual=" + threads);
        }
    }
}
