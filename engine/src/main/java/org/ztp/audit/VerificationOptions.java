package org.ztp.audit;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.ztp.team.Team;

/**
 * How to verify.
 *
 * @param threads that hash and check signatures, 1 .. 256
 * @param local directory on this node for what replicas keep on their nodes; empty if that is in the cluster's
 * @param archive directory of the archive, if it is to be verified too
 * @param user who uses the directory now, on this node or another, or may do so as far as is known, for people; empty
 *     if nobody does. Asked at the beginning and at the end, beside the locks, which need not reach from node to node
 */
public record VerificationOptions(int threads, Optional<Path> local, Optional<Path> archive,
                                  Supplier<Optional<String>> user) {
    /** Checks the range. */
    public VerificationOptions {
        if (threads < 1 || threads > Team.MAX_THREADS) {
            throw new IllegalArgumentException("threads: expected=1 .. " + Team.MAX_THREADS + " actual=" + threads);
        }
    }

    /** Where locks alone tell who uses the directory. */
    public VerificationOptions(final int threads, final Optional<Path> local, final Optional<Path> archive) {
        this(threads, local, archive, Optional::empty);
    }

    /** Of a cluster that has everything in its directory, and no archive. */
    public VerificationOptions(final int threads) {
        this(threads, Optional.empty(), Optional.empty());
    }
}
