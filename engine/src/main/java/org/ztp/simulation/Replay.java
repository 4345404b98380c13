package org.ztp.simulation;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A run as the command line can ask for it again.
 *
 * @param seed draws everything
 * @param replicas of an allocation whose clients share data; 0 for one sub-cluster that takes records, as it is drawn
 * @param members of each of the allocation's sub-clusters
 * @param without names of troubles that are left out
 * @param bundlesPerSecond how much clients submit in each simulated second
 * @param steps after how many steps it ends; 0 lets everything heal and waits for it
 */
public record Replay(long seed, int replicas, int members, Set<String> without, int bundlesPerSecond, long steps) {
    /** Simulated seconds with faults. */
    public static final int SECONDS = 6;
    /** What clients submit in a second unless something else is asked for. */
    public static final int BUNDLES_PER_SECOND = 20;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    /** Of sub-clusters. */
    private static final int[] SIZES = {4, 4, 4, 5, 5, 6, 7};

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

    /** The run of one sub-cluster of records, as a seed draws it. */
    public static Replay of(final long seed) {
        return new Replay(seed, 0, 0, Set.of(), BUNDLES_PER_SECOND, 0);
    }

    /** The same seed's run of an allocation of so many replicas, so many in each sub-cluster. */
    public Replay of(final int size, final int subClusterSize) {
        return new Replay(seed, size, subClusterSize, without, bundlesPerSecond, steps);
    }

    /** The same seed's run of an allocation whose size it draws: one to three sub-clusters, some replicas left over. */
    public Replay ofAllocation() {
        final Random random = new Random(seed * SPREAD);
        final int size = SIZES[random.nextInt(SIZES.length)];
        return of(size * (1 + random.nextInt(3)) + random.nextInt(4) / 2, size);
    }

    Replay without(final String trouble) {
        final Set<String> more = new TreeSet<>(without);
        more.add(trouble);
        return new Replay(seed, replicas, members, more, bundlesPerSecond, steps);
    }

    Replay of(final int bundles, final long lastStep) {
        return new Replay(seed, replicas, members, without, bundles, lastStep);
    }

    /** Names that can be left out. */
    public static List<String> troubles() {
        return Stream.concat(Trouble.names().stream(), AllocationFaults.OWN_TROUBLES.stream()).toList();
    }

    /** The run, not started. */
    public Simulation simulation() {
        final Simulation made = replicas == 0 ? new SimulatedCluster(seed, faults())
            : new SimulatedAllocation(seed, members, allocationFaults());
        if (steps != 0) {
            made.course().stopAfter(steps);
        }
        return made;
    }

    private Faults faults() {
        return Trouble.without(Faults.ofSeed(seed), without);
    }

    private AllocationFaults allocationFaults() {
        return AllocationFaults.ofSeed(seed, replicas, members).without(without);
    }

    /** Names of what goes wrong in it. */
    List<String> remaining() {
        return replicas == 0 ? Trouble.of(faults()) : allocationFaults().troubles();
    }

    /** Runs it; empty if every promise is kept. */
    public Optional<Failure> failure() {
        final Simulation run = simulation();
        try {
            run.run(SECONDS, bundlesPerSecond);
            return Optional.empty();
        } catch (final RuntimeException broken) {
            return Optional.of(new Failure(String.valueOf(broken.getMessage()), run.course().steps()));
        }
    }

    /** The options that ask for it. */
    public String options() {
        return "--seed " + seed + (replicas == 0 ? "" : " --replicas " + replicas + " --sub-cluster-size " + members)
            + (steps == 0 ? "" : " --steps " + steps)
            + (bundlesPerSecond == BUNDLES_PER_SECOND ? "" : " --bundles " + bundlesPerSecond)
            + (without.isEmpty() ? "" : " --without " + String.join(",", without));
    }
}
