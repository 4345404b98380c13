package org.ztp.audit;

import java.nio.file.Path;
import java.util.Optional;
import org.ztp.team.Team;

/**
 * How to verify.
 *
 * @param threads that hash and check signatures, 1 .. 256
 * @param local directory on this node for what replicas keep on their nodes; empty if that is in the cluster's
 * @param archive directory of the archive, if it is to be verified too
 */
public record VerificationOptions(int threads, Optional<Path> local, Optional<Path> archive) {
    /** Checks the range. */
    public VerificationOptions {
        if (threads < 1 || threads > Team.MAX_THREADS) {
            throw new IllegalArgumentException("threads: expected=1 .. " + Team.MAX_THREADS + " actual=" + threads);
        }
    }

    /** Of a cluster that has everything in its directory, and no archive. */
    public VerificationOptions(final int threads) {
        this(threads, Optional.empty(), Optional.empty());
    }
}
