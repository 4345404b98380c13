package org.ztp.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.ztp.consensus.Limits;

/**
 * How badly things go, as drawn from a seed.
 *
 * @param replicas number of replicas
 * @param network how messages fare
 * @param lives how replicas, their disks and clocks fare
 * @param disks how disks fare
 * @param treachery who lies, and how
 * @param limits bounds of the cores
 */
record Faults(int replicas, Network network, Lives lives, Disks disks, Treachery treachery, Limits limits) {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long MILLISECOND = 1_000_000L;
    /** Longest that some messages take more than others. */
    static final long STRAGGLER_NS = 3_000 * MILLISECOND;
    /** So many heartbeats it counts how far a peer was, as by the defaults. */
    private static final int RECENT = 10;
    /** Tight bounds of a block: some batches of records, or of whatever clients do that share data. */
    private static final int RECORDS_BYTES = 2_000;
    private static final int SHARING_BYTES = 4_000;
    private static final int SHARING_BYTES_PER_REPLICA = 300;

    /**
     * How messages fare.
     *
     * @param lossPercent messages lost
     * @param duplicatePercent messages that come twice
     * @param minDelayNs shortest way
     * @param maxDelayNs longest way of most
     * @param stragglerPerMille messages that take up to three seconds more
     * @param weather who hears whom
     */
    record Network(int lossPercent, int duplicatePercent, long minDelayNs, long maxDelayNs, int stragglerPerMille,
                   Weather weather) { }

    /**
     * Who hears whom, drawn anew again and again.
     *
     * @param everyNs how often it changes
     * @param partitionPerMille chance that there are two sides that do not hear each other
     * @param isolationPerMille chance that one replica, most often a leader, is cut off or not heard
     * @param cutPerMille chance of some one-way cuts
     * @param spitePerMille chance that a leader is cut off at the very moment when it tells one peer that a block is final
     */
    record Weather(long everyNs, int partitionPerMille, int isolationPerMille, int cutPerMille,
                   int spitePerMille) { }

    /**
     * How replicas fare.
     *
     * @param maxPersistNs slowest write
     * @param keepsWrites whether a crash loses nothing that was written (durability "os": the process dies, not the
     *     machine)
     * @param crashPerMille chance of a crash in each second and replica
     * @param restartPerMille chance in each second that all crash at once
     * @param hangPerMille chance in each second and replica that it stops for a while, once or again and again
     * @param lossPercent crashes after which the safety record is gone, or all of the disk
     * @param losses most such losses of records
     * @param skewMillis furthest clock
     * @param jumpPerMille chance of a jump of a clock in each second and replica
     */
    record Lives(long maxPersistNs, boolean keepsWrites, int crashPerMille, int restartPerMille, int hangPerMille,
                 int lossPercent, int losses, int skewMillis, int jumpPerMille) { }

    /**
     * How disks fare. What takes durable data counts as the loss of a record.
     *
     * @param rotPercent crashes after which a sector of the journal is found spoilt; half of it of the safety record,
     *     which must not matter
     * @param misdirectPerMille chance in each second and replica that a write goes to another place
     * @param fullPerMille chance in each second and replica that the disk is full for a while
     * @param stallPerMille chance in each second and replica that no write ends for a while
     */
    record Disks(int rotPercent, int misdirectPerMille, int fullPerMille, int stallPerMille) {
        static final Disks GOOD = new Disks(0, 0, 0, 0);
    }

    /**
     * Who lies, and how.
     *
     * @param traitors how many; they lead views one after another
     * @param first the first of them
     * @param deeds what they do
     */
    record Treachery(int traitors, int first, Set<Treason> deeds) {
        Treachery {
            final Set<Treason> sorted = EnumSet.noneOf(Treason.class);
            sorted.addAll(deeds);
            deeds = Collections.unmodifiableSet(sorted);
        }
    }

    static Faults none(final int replicas) {
        return new Faults(replicas, new Network(0, 0, 50_000, 200_000, 0, new Weather(1_000 * MILLISECOND, 0, 0, 0, 0)),
            new Lives(100_000, false, 0, 0, 0, 0, 0, 0, 0), Disks.GOOD, new Treachery(0, 0, Set.of()), Limits.defaults());
    }

    /** What a seed draws. Seeds in a row are spread, or they would draw much the same. */
    static Faults ofSeed(final long seed) {
        return draw(new Random(seed * SPREAD));
    }

    /** What is drawn for one sub-cluster of an allocation whose clients share data: its traitors lie about that too. */
    static Faults ofSubCluster(final Random random, final int replicas) {
        final Faults drawn = draw(random, replicas, SHARING_BYTES + replicas * SHARING_BYTES_PER_REPLICA);
        final Set<Treason> deeds = new HashSet<>(drawn.treachery.deeds);
        Treason.OF_ALLOCATIONS.stream().filter(deed -> random.nextInt(3) > 0).forEach(deeds::add);
        return new Faults(replicas, drawn.network, drawn.lives, drawn.disks, new Treachery(drawn.treachery.traitors,
            drawn.treachery.first, deeds), drawn.limits);
    }

    private static Faults draw(final Random random) {
        final int[] sizes = {4, 4, 4, 5, 5, 6, 7, 7, 10};
        return draw(random, sizes[random.nextInt(sizes.length)], RECORDS_BYTES);
    }

    private static Faults draw(final Random random, final int replicas, final int blockBytes) {
        final long maxDelayNs = MILLISECOND * (1 + random.nextInt(random.nextInt(3) > 0 ? 5 : 150));
        final Network network = new Network(some(random, 3, 30), some(random, 3, 20), 10_000, maxDelayNs,
            some(random, 3, 100), weather(random));
        final int faulty = (replicas - 1) / 3;
        final int traitors = random.nextInt(4) > 0 ? faulty - random.nextInt(faulty + 1) / 2 : 0;
        final boolean beyond = random.nextInt(8) == 0;
        final Lives lives = new Lives(1_000L * (1 + random.nextInt(random.nextBoolean() ? 500 : 50_000)),
            random.nextInt(4) == 0, some(random, 2, 500), some(random, 3, 300), some(random, 3, 300),
            some(random, 3, 70), beyond ? 1 + random.nextInt(replicas) : faulty - traitors, random.nextInt(2_000),
            some(random, 3, 200));
        final Disks disks = new Disks(some(random, 3, 70), some(random, 4, 100), some(random, 4, 100),
            some(random, 3, 200));
        final Treachery treachery = new Treachery(traitors, random.nextInt(replicas), Scheme.draw(random));
        final Faults drawn = new Faults(replicas, network, lives, disks, treachery, 
            limits(random, maxDelayNs, blockBytes));
        return traitors > 0 && random.nextInt(3) > 0 ? drawn.leftToTraitors(random) : drawn;
    }

    /** The same with little noise, which spoils the plans of traitors too; but when a block is final, few know. */
    private Faults leftToTraitors(final Random random) {
        if (treachery.deeds.contains(Treason.MISGUIDANCE)) {
            return withLostRecords(random);
        }
        final Network calm = new Network(0, 0, network.minDelayNs, network.maxDelayNs, network.stragglerPerMille,
            new Weather(network.weather.everyNs, 0, 0, 0, 100 + random.nextInt(200)));
        final Lives quiet = new Lives(lives.maxPersistNs, lives.keepsWrites, random.nextInt(random.nextBoolean() ? 400 : 30),
            0, 0, lives.lossPercent, lives.losses, lives.skewMillis, lives.jumpPerMille);
        return new Faults(replicas, calm, quiet, Disks.GOOD, treachery, limits);
    }

    /** The same with replicas that lose their records and hear little; a traitor is there for them. */
    private Faults withLostRecords(final Random random) {
        final Network silent = new Network(random.nextInt(30), 0, network.minDelayNs, network.maxDelayNs, 0,
            new Weather(2_000 * MILLISECOND, 0, 700, 0, 0));
        final Lives forgetful = new Lives(lives.maxPersistNs, lives.keepsWrites, 300, 0, 0, 70, Math.max(2, lives.losses),
            lives.skewMillis, 0);
        return new Faults(replicas, silent, forgetful, disks, treachery, limits);
    }

    /** One time in so many, a number up to a bound; else none. */
    private static int some(final Random random, final int times, final int bound) {
        return random.nextInt(times) == 0 ? 1 + random.nextInt(bound) : 0;
    }

    private static Weather weather(final Random random) {
        return new Weather(MILLISECOND * (50 + random.nextInt(random.nextBoolean() ? 200 : 2_000)),
            some(random, 2, 500), some(random, 2, 600), some(random, 3, 500), some(random, 2, 300));
    }

    /** Limits that are tight, and clocks that run so fast that views end in the middle of things, now and then. */
    private static Limits limits(final Random random, final long maxDelayNs, final int blockBytes) {
        final Limits usual = random.nextInt(3) > 0 ? Limits.defaults() : new Limits(blockBytes, blockBytes, 8, 2, 6, 3,
            1 << 20, 16 << 10, 5_000, 0, 0, 0, 0, 0, 0);
        final boolean hasty = random.nextBoolean();
        final Limits calm = Limits.defaults();
        final long viewTimeoutNs = hasty ? maxDelayNs * (2 + random.nextInt(20)) : calm.viewTimeoutNs();
        final long often = hasty ? Math.max(20 * MILLISECOND, maxDelayNs) : calm.heartbeatNs();
        return new Limits(usual.blockBytes(), usual.blockBytesMax(), usual.blockBatches(), usual.pipeline(),
            usual.heightsAhead(), usual.viewsAhead(), usual.pooledBytesPerPeer(), usual.waitingBytes(),
            usual.clockAheadMillis(), viewTimeoutNs, calm.viewTimeoutMaxNs(), often, RECENT * often, often,
            1 + random.nextInt(random.nextBoolean() ? 4 : 30));
    }

    /**
     * How far behind an honest replica may be by whose ledger shares are given: what was said to it counts for a while, was
     * on its way, and may have waited as long as it counts for a replica that hangs.
     */
    long behindAtMostNs() {
        return (lives.hangPerMille() > 0 ? 2 : 1) * limits.recentNs() + network.maxDelayNs() + (network.stragglerPerMille() > 0 ? STRAGGLER_NS : 0)
            + MILLISECOND;
    }

    /** Whether no more fails than may: then everything must become final in the end. */
    boolean mustBeLive() {
        return treachery.traitors() + lives.losses() <= (replicas - 1) / 3;
    }

    /** What goes wrong, for people: the seed tells how much of it. */
    @Override
    public String toString() {
        final List<String> troubles = Trouble.of(this);
        return replicas + " replicas: " + (troubles.isEmpty() ? "nothing goes wrong" : String.join(", ", troubles));
    }
}
