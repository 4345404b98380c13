package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.transport.PeerState.Condition;

/** Ranks in processes of their own, under mpirun, with nothing simulated. */
@Timeout(900)
class MpiTransportTest {
    private static final int RANKS = 4;

    @TempDir
    Path directory;

    @Test
    void parcelsOfAllSizesArriveWholeAndInOrder() throws Exception {
        try (MpiJob job = MpiJob.start(directory, RANKS, SizesRank.class)) {
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals("all sizes in order", job.done(rank));
            }
            assertEquals(0, job.exit(), job::output);
            assertEquals(List.of(), job.segments());
        }
    }

    @Test
    void theOthersGoOnAfterARankIsKilled() throws Exception {
        try (MpiJob job = MpiJob.start(directory, RANKS, ExchangeRank.class)) {
            for (int rank = 0; rank < RANKS; rank++) {
                job.await(rank, "parcels from all", state -> fromAllBut(-1, state, 2_000));
            }
            job.signal("KILL", 2);
            for (final int rank : new int[] {0, 1, 3}) {
                job.await(rank, "rank 2 is silent", state -> is(state, 2, Condition.SILENT));
                final Map<String, Long> before = job.state(rank);
                final Map<String, Long> after = job.await(rank, "100,000 parcels from each survivor",
                    state -> fromAllBut(2, minus(state, before), 100_000));
                System.out.println("memory, KiB: own " + before.get("ownKiB") + " -> " + after.get("ownKiB") + ", shared "
                    + before.get("sharedKiB") + " -> " + after.get("sharedKiB"));
                assertTrue(after.get("ownKiB") - before.get("ownKiB") < 32 << 10, () -> before + " " + after);
                assertTrue(after.get("sharedKiB") - before.get("sharedKiB") < 32 << 10, () -> before + " " + after);
                assertTrue(after.get("unacknowledged.2") <= LinkSetting.MAX_WINDOW);
                assertTrue(after.get("waiting.2") <= 64 * 256, after::toString);
                assertInOrder(after, 2, false);
            }
            job.askToEnd();
            for (final int rank : new int[] {0, 1, 3}) {
                assertEquals("exchanged by halt", job.done(rank));
            }
            job.terminate();
            assertEquals(List.of(), job.running());
        }
    }

    @Test
    void aStoppedRankIsLeftOutAndComesBack() throws Exception {
        try (MpiJob job = MpiJob.start(directory, RANKS, ExchangeRank.class)) {
            for (int rank = 0; rank < RANKS; rank++) {
                job.await(rank, "parcels from all", state -> fromAllBut(-1, state, 2_000));
            }
            job.signal("STOP", 1);
            for (final int rank : new int[] {0, 2, 3}) {
                final Map<String, Long> silent =
                    job.await(rank, "rank 1 is silent", state -> is(state, 1, Condition.SILENT));
                job.await(rank, "the others go on", state -> fromAllBut(1, minus(state, silent), 10_000));
            }
            job.signal("CONT", 1);
            for (final int rank : new int[] {0, 2, 3}) {
                final Map<String, Long> back =
                    job.await(rank, "rank 1 is back", state -> is(state, 1, Condition.REACHABLE));
                assertInOrder(job.await(rank, "parcels from all again",
                    state -> fromAllBut(-1, minus(state, back), 2_000)), 1, true);
            }
            final Map<String, Long> woken = job.state(1);
            assertInOrder(job.await(1, "parcels to rank 1", state -> fromAllBut(-1, minus(state, woken), 2_000)), -1,
                true);
            job.askToEnd();
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals("exchanged in order", job.done(rank));
            }
            assertEquals(0, job.exit(), job::output);
        }
    }

    @Test
    void theMpiThreadAllocatesNothing() throws Exception {
        final String millis = System.getProperty("ztp.compare.millis", "300");
        try (MpiJob job = MpiJob.start(directory, 2, CompareRank.class, millis)) {
            assertEquals("compared in order", job.done(0), job::output);
            System.out.print(job.output());
            assertEquals(0, job.state(0).get("allocatedMilliBytesPerParcel") / 1_000, job::output);
            final int least = Integer.getInteger("ztp.compare.percent", 0); // on a busy machine they say little
            assertTrue(job.state(0).get("tripPerMille") >= 10 * least, job::output);
            assertTrue(job.state(0).get("bandPerMille") >= 10 * least, job::output);
            assertEquals(0, job.exit(), job::output);
        }
    }

    @Test
    void accumulationsOverTheTransportComeToTheSameAsMpisOwn() throws Exception {
        try (MpiJob job = MpiJob.start(directory, RANKS, AccumulateRank.class, System.getProperty("ztp.compare.rounds", "20"))) {
            assertEquals("accumulated in order", job.done(0), job::output);
            System.out.print(job.output());
            assertEquals(0, job.exit(), job::output);
        }
    }

    private static boolean is(final Map<String, Long> state, final int peer, final Condition condition) {
        return state.getOrDefault("condition." + peer, -1L) == condition.ordinal();
    }

    private static boolean fromAllBut(final int left, final Map<String, Long> state, final long parcels) {
        return !state.isEmpty() && state.entrySet().stream().filter(entry -> entry.getKey().startsWith("taken."))
            .filter(entry -> !entry.getKey().equals("taken." + left)).allMatch(entry -> entry.getValue() >= parcels);
    }

    private static Map<String, Long> minus(final Map<String, Long> state, final Map<String, Long> before) {
        final Map<String, Long> more = new java.util.HashMap<>(state);
        before.forEach((name, value) -> more.merge(name, -value, Long::sum));
        return more;
    }

    private static void assertInOrder(final Map<String, Long> state, final int disturbed, final boolean gapsAllowed) {
        for (int peer = 0; peer < RANKS; peer++) {
            assertEquals(0, state.getOrDefault("backwards." + peer, 0L), state::toString);
            if (peer != disturbed && !gapsAllowed) {
                assertEquals(0, state.getOrDefault("gaps." + peer, 0L), state::toString);
            }
        }
    }
}
