package org.ztp.simulation;

import java.util.Random;

/**
 * How badly things go in a simulated allocation, as drawn from a seed. The replicas that lie about their shares lie about
 * nothing else: who breaks the rules of ordering is for {@link SimulatedCluster}.
 *
 * @param lossPercent messages lost
 * @param duplicatePercent messages that come twice
 * @param maxDelayNs longest way
 * @param partitionPerMille chance of a partition of the whole allocation in each second
 * @param crashPerMille chance of a crash in each second and replica
 * @param blankPerMille chance that a crash takes the whole disk with it; at most as many in a sub-cluster as may fail
 * @param maxPersistNs slowest write
 * @param liars replicas of each sub-cluster that give wrong shares, at most as many as may fail
 * @param halts whether the last sub-cluster is gone for most of the time
 */
record AllocationFaults(int lossPercent, int duplicatePercent, long maxDelayNs, int partitionPerMille, int crashPerMille,
                        int blankPerMille, long maxPersistNs, int liars, boolean halts) {
    static final AllocationFaults NONE = new AllocationFaults(0, 0, 200_000, 0, 0, 0, 100_000, 0, false);

    /** Draws from a seed, for sub-clusters of which so many replicas may be faulty. */
    static AllocationFaults draw(final Random random, final int faulty, final int subClusters) {
        return new AllocationFaults(some(random, 3, 10), some(random, 3, 10), 1_000_000L * (1 + random.nextInt(20)),
            some(random, 2, 300), some(random, 2, 200), some(random, 2, 500), 1_000L * (1 + random.nextInt(5_000)),
            random.nextInt(faulty + 1), subClusters > 1 && random.nextBoolean());
    }

    /** One time in so many, a number up to a bound; else none. */
    private static int some(final Random random, final int times, final int bound) {
        return random.nextInt(times) == 0 ? 1 + random.nextInt(bound) : 0;
    }
}
