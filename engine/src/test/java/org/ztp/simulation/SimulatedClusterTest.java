package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
