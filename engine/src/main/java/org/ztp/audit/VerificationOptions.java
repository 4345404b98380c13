package org.ztp.audit;

import org.ztp.team.Team;

/**
 * How to verify.
 *
 * @param threads that hash and check signatures, 1 .. 256
 */
public record VerificationOptions(int threads) {
    /** Checks the range. */
    public VerificationOptions {
        if (threads < 1 || threads > Team.MAX_THREADS) {
            throw new IllegalArgumentException("threads: expected=1 .. " + Team.MAX_THREADS + " actual=" + threads);
        }
    }
}
