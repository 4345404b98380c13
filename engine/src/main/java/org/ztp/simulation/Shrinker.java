package org.ztp.simulation;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
            accept(new Replay(best.seed(), best.without(), bundles, best.steps()));
        }
        accept(new Replay(best.seed(), best.without(), best.bundlesPerSecond(), failure.steps()));
        return best;
    }

    /** How the shortest run fails. */
    public Replay.Failure failure() {
        return failure;
    }

    private void tryWithout(final String trouble) {
        final Set<String> without = new TreeSet<>(best.without());
        without.add(trouble);
        accept(new Replay(best.seed(), without, best.bundlesPerSecond(), best.steps()));
    }

    private void accept(final Replay candidate) {
        final Optional<Replay.Failure> found = candidate.failure();
        if (found.isPresent()) {
            best = candidate;
            failure = found.get();
        }
    }
}
