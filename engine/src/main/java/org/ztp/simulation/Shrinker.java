package org.ztp.simulation;

import java.util.Optional;

/**
 * Looks for a shorter run that fails too: first without one trouble after another, then with fewer transactions, then
 * no longer than it takes. What is found need not fail in the same way, only fail.
 */
public final class Shrinker {
    private Replay best;
    private Replay.Failure failure;

    /** A run that fails, and how. */
    public Shrinker(final Replay failing, final Replay.Failure failure) {
        this.best = failing;
        this.failure = failure;
    }

    /** The shortest run that was found. */
    public Replay shrunk() {
        for (int troubles = Integer.MAX_VALUE; best.remaining().size() < troubles;) {
            troubles = best.remaining().size();
            best.remaining().forEach(this::tryWithout);
        }
        for (int bundles = best.bundlesPerSecond() / 2; bundles > 0; bundles /= 2) {
            accept(best.of(bundles, best.steps()));
        }
        accept(best.of(best.bundlesPerSecond(), failure.steps()));
        return best;
    }

    /** How the shortest run fails. */
    public Replay.Failure failure() {
        return failure;
    }

    private void tryWithout(final String trouble) {
        accept(best.without(trouble));
    }

    private void accept(final Replay candidate) {
        final Optional<Replay.Failure> found = candidate.failure();
        if (found.isPresent()) {
            best = candidate;
            failure = found.get();
        }
    }
}
