package org.ztp.simulation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A run of one sub-cluster as the command line can ask for it again.
 *
 * @param seed draws everything
 * @param without names of troubles that are left out
 * @param bundlesPerSecond how much clients submit in each simulated second
 * @param steps after how many steps it ends; 0 lets everything heal and waits for it
 */
public record Replay(long seed, Set<String> without, int bundlesPerSecond, long steps) {
    /** Simulated seconds with faults. */
    public static final int SECONDS = 6;
    /** What clients submit in a second unless something else is asked for. */
    public static final int BUNDLES_PER_SECOND = 20;

    /**
     * How it failed.
     *
     * @param violation the promise that was broken
     * @param steps how many steps it took
     */
    public record Failure(String violation, long steps) { }

    /** Sorts the names. */
    public Replay {
        without = new TreeSet<>(without);
    }

    /** The run of a seed as it is drawn. */
    public static Replay of(final long seed, final long steps) {
        return new Replay(seed, Set.of(), BUNDLES_PER_SECOND, steps);
    }

    /** Names that can be left out. */
    public static List<String> troubles() {
        return Trouble.names();
    }

    /** The run, not started. */
    public SimulatedCluster cluster() {
        final SimulatedCluster cluster = new SimulatedCluster(seed, Trouble.without(Faults.ofSeed(seed), without));
        return steps == 0 ? cluster : cluster.stoppedAfter(steps);
    }

    /** Names of what goes wrong in it. */
    List<String> remaining() {
        return Trouble.of(Trouble.without(Faults.ofSeed(seed), without));
    }

    /** Runs it; empty if every promise is kept. */
    public Optional<Failure> failure() {
        final SimulatedCluster cluster = cluster();
        try {
            cluster.run(SECONDS, bundlesPerSecond);
            return Optional.empty();
        } catch (final RuntimeException broken) {
            return Optional.of(new Failure(String.valueOf(broken.getMessage()), cluster.steps()));
        }
    }

    /** The options that ask for it. */
    public String options() {
        return "--seed " + seed + (steps == 0 ? "" : " --steps " + steps)
            + (bundlesPerSecond == BUNDLES_PER_SECOND ? "" : " --bundles " + bundlesPerSecond)
            + (without.isEmpty() ? "" : " --without " + String.join(",", without));
    }
}
