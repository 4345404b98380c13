package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Limits;

final class SimulatedClusterTest {
    @Test
    void withoutFaultsEverythingIsFinalInTheFirstView() {
        final Map<String, Integer> counts = new SimulatedCluster(1, Faults.none(4)).run(2, 200);
        assertEquals(400, counts.get("bundles"));
        assertEquals(1, counts.get("highest view"));
    }

    /** It leads the first view, makes a block final four times in each time-out, and leaves half of the batches out, or all. */
    @Test
    void aLeaderThatLeavesBatchesOutOfItsBlocksIsLeftForTheNext() {
        final Faults none = Faults.none(4);
        for (long seed = 1; seed <= 2; seed++) {
            final Map<String, Integer> counts = new SimulatedCluster(seed, new Faults(4, none.network(), none.lives(),
                none.disks(), new Faults.Treachery(1, 1, Set.of(Treason.OMISSION)), none.limits())).run(2, 20);
            assertEquals(40, counts.get("bundles"));
            assertEquals(2, counts.get("highest view"));
            assertTrue(counts.get("proposals of traitors: OMITTING") > 16, counts.toString());
        }
    }

    /** What waits does so for many times as long as a leader has to take it up, in blocks that are full. */
    @Test
    void anHonestLeaderKeepsItsViewUnderABacklogHoweverLongThatTakes() {
        final Faults none = Faults.none(4);
        final Limits usual = none.limits();
        final Limits tight = new Limits(2_000, 2_000, 8, usual.pipeline(), usual.heightsAhead(), usual.viewsAhead(),
            usual.pooledBytesPerPeer(), usual.waitingBytes(), usual.clockAheadMillis(), usual.viewTimeoutNs(),
            usual.viewTimeoutMaxNs(), usual.heartbeatNs(), usual.recentNs(), usual.retransmitNs(), usual.snapshotBehind());
        final Map<String, Integer> counts = new SimulatedCluster(1, new Faults(4, new Faults.Network(0, 0, 40_000_000L,
            50_000_000L, 0, none.network().weather()), none.lives(), none.disks(), none.treachery(), tight)).run(6, 200);
        assertEquals(1_200, counts.get("bundles"));
        assertTrue(counts.get("seconds to heal") > 5, counts.toString());
        assertEquals(1, counts.get("highest view"), counts.toString());
    }

    @Test
    void twoRunsOfOneSeedTellTheSameToTheLetter() {
        for (final Supplier<Simulation> seed : List.<Supplier<Simulation>>of(() -> new SimulatedCluster(7),
            () -> new SimulatedAllocation(7, 12, 4))) {
            final List<String> first = steps(seed.get());
            assertTrue(first.size() > 500);
            assertEquals(first, steps(seed.get()));
        }
    }

    private static List<String> steps(final Simulation run) {
        final List<String> told = new ArrayList<>();
        run.course().traceTo(told::add);
        run.course().stopAfter(1_000);
        run.run(6, 20);
        return told;
    }

    @Test
    void underFaultsOfManySeedsNothingForksAndEverythingBecomesFinal() {
        int crashes = 0;
        for (long seed = 1; seed <= Integer.getInteger("ztp.seeds", 60); seed++) {
            try {
                final Map<String, Integer> counts = new SimulatedCluster(seed).run(6, 20);
                crashes += counts.getOrDefault("crashes", 0);
            } catch (final RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
        assertTrue(crashes > 50, "crashes: " + crashes);
    }

    /** In this seed a replica crashes when a certificate is durable, before it has told of the block. */
    @Test
    void aBlockThatOnlyADiskTellsOfIsCheckedToo() {
        assertTrue(new SimulatedCluster(2066).run(6, 20).get("crashes") > 0);
    }
}
