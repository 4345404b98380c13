package org.ztp.simulation;

import java.util.Random;

/**
 * How badly things go, as drawn from a seed.
 *
 * @param replicas number of replicas
 * @param lossPercent messages lost
 * @param duplicatePercent messages that come twice
 * @param minDelayNs shortest way
 * @param maxDelayNs longest way
 * @param maxPersistNs slowest write
 * @param crashPerMille chance of a crash in each second and replica
 * @param partitionPerMille chance of a partition in each second
 * @param skewMillis furthest clock
 */
record Faults(int replicas, int lossPercent, int duplicatePercent, long minDelayNs, long maxDelayNs, long maxPersistNs,
              int crashPerMille, int partitionPerMille, int skewMillis) {
    static Faults none(final int replicas) {
        return new Faults(replicas, 0, 0, 50_000, 200_000, 100_000, 0, 0, 0);
    }

    static Faults draw(final Random random) {
        final int[] sizes = {4, 4, 4, 5, 6, 7, 7, 10};
        return new Faults(sizes[random.nextInt(sizes.length)],
            random.nextInt(3) == 0 ? random.nextInt(30) : 0,
            random.nextInt(3) == 0 ? random.nextInt(20) : 0,
            10_000, 1_000_000L * (1 + random.nextInt(random.nextBoolean() ? 5 : 150)),
            1_000L * (1 + random.nextInt(random.nextBoolean() ? 500 : 50_000)),
            random.nextBoolean() ? random.nextInt(400) : 0,
            random.nextBoolean() ? random.nextInt(500) : 0,
            random.nextInt(2_000));
    }
}
