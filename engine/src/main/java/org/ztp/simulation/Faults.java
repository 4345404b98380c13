package org.ztp.simulation;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.ztp.consensus.Limits;

/**
 * How badly things go, as drawn from a seed.
 *
 * @param replicas number of replicas
 * @param network how messages fare
 * @param lives how replicas, their disks and clocks fare
 * @param treachery who lies, and how
 * @param limits bounds of the cores
 */
record Faults(int replicas, Network network, Lives lives, Treachery treachery, Limits limits) {
    /**
     * How messages fare.
     *
     * @param lossPercent messages lost
     * @param duplicatePercent messages that come twice
     * @param minDelayNs shortest way
     * @param maxDelayNs longest way
     * @param partitionPerMille chance of a partition in each second
     * @param cutPerMille chance of some one-way cuts in each second
     */
    record Network(int lossPercent, int duplicatePercent, long minDelayNs, long maxDelayNs, int partitionPerMille,
                   int cutPerMille) { }

    /**
     * How replicas fare.
     *
     * @param maxPersistNs slowest write
     * @param keepsWrites whether a crash loses nothing that was written (durability "os": the process dies, not the
     *     machine)
     * @param crashPerMille chance of a crash in each second and replica
     * @param restartPerMille chance in each second that all crash at once
     * @param lossPercent crashes after which the safety record is gone, or all of the disk
     * @param losses most such losses of records
     * @param skewMillis furthest clock
     * @param jumpPerMille chance of a jump of a clock in each second and replica
     */
    record Lives(long maxPersistNs, boolean keepsWrites, int crashPerMille, int restartPerMille, int lossPercent,
                 int losses, int skewMillis, int jumpPerMille) { }

    /**
     * Who lies, and how.
     *
     * @param traitors how many; those with the lowest ids
     * @param deeds what they do
     */
    record Treachery(int traitors, Set<Treason> deeds) {
        Treachery {
            deeds = Set.copyOf(deeds);
        }
    }

    static Faults none(final int replicas) {
        return new Faults(replicas, new Network(0, 0, 50_000, 200_000, 0, 0),
            new Lives(100_000, false, 0, 0, 0, 0, 0, 0), new Treachery(0, Set.of()), Limits.defaults());
    }

    static Faults draw(final Random random) {
        final int[] sizes = {4, 4, 4, 5, 6, 7, 7, 10};
        final int replicas = sizes[random.nextInt(sizes.length)];
        final Network network = new Network(random.nextInt(3) == 0 ? random.nextInt(30) : 0,
            random.nextInt(3) == 0 ? random.nextInt(20) : 0, 10_000,
            1_000_000L * (1 + random.nextInt(random.nextBoolean() ? 5 : 150)),
            random.nextBoolean() ? random.nextInt(500) : 0, random.nextInt(3) == 0 ? random.nextInt(500) : 0);
        final int faulty = (replicas - 1) / 3;
        final int traitors = random.nextBoolean() ? random.nextInt(faulty + 1) : 0;
        final boolean beyond = random.nextInt(8) == 0;
        final Lives lives = new Lives(1_000L * (1 + random.nextInt(random.nextBoolean() ? 500 : 50_000)),
            random.nextInt(4) == 0, random.nextBoolean() ? random.nextInt(400) : 0,
            random.nextInt(3) == 0 ? random.nextInt(300) : 0, random.nextInt(3) == 0 ? 10 + random.nextInt(60) : 0,
            beyond ? replicas : faulty - traitors, random.nextInt(2_000),
            random.nextInt(3) == 0 ? random.nextInt(200) : 0);
        return new Faults(replicas, network, lives, new Treachery(traitors, deeds(random)), limits(random));
    }

    private static Set<Treason> deeds(final Random random) {
        final Set<Treason> deeds = EnumSet.noneOf(Treason.class);
        final int percent = 10 + random.nextInt(60);
        for (final Treason deed : Treason.values()) {
            if (random.nextInt(100) < percent) {
                deeds.add(deed);
            }
        }
        return deeds;
    }

    private static Limits limits(final Random random) {
        final Limits usual = Limits.defaults();
        final boolean tight = random.nextInt(3) == 0;
        return tight ? new Limits(2_000, 8, 2, 6, 3, 1 << 20, 5_000, usual.viewTimeoutNs(), usual.viewTimeoutMaxNs(),
            usual.heartbeatNs(), usual.retransmitNs()) : usual;
    }

    /** Whether no more fails than may: then everything must become final in the end. */
    boolean mustBeLive() {
        return treachery.traitors() + lives.losses() <= (replicas - 1) / 3;
    }
}
