package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Limits;
import org.ztp.contract.rules.DatasetState;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.ledger.state.StateReader;
import org.ztp.release.Standing;
import org.ztp.release.Terms;

final class SimulatedAllocationTest {
    @Test
    void underFaultsOfManySeedsWhatContractsSayHoldsAndEpochsVouchForAll() {
        final Map<String, Integer> sums = new HashMap<>();
        for (long seed = 1; seed <= Integer.getInteger("ztp.seeds", 8); seed++) {
            final long one = seed;
            final Map<String, Integer> counts = run(seed, () -> new SimulatedAllocation(one, 8, 4).run(5, 40));
            counts.forEach((what, count) -> sums.merge(what, count, Integer::sum));
        }
        for (final String what : List.of("Publish ACCEPTED", "Publish INVALID", "Grant ACCEPTED", "Revoke ACCEPTED",
            "Request ALLOWED", "Request DENIED", "Request PENDING", "Approve ALLOWED", "Evidence ACCEPTED", "crashes",
            "halts of a sub-cluster", "heads carried on", "releases",
            "releases by single shares", "liars named", "receipts with proven outcomes", "bundles resubmitted")) {
            assertTrue(sums.getOrDefault(what, 0) > 0, what + " never: " + sums);
        }
    }

    /** A sub-cluster of 4, and one of 7 in which a traitor does everything. */
    @Test
    void replicasOfAnAllocationHaveAllFaultsOfASubClusterAlone() {
        final Faults.Network network = new Faults.Network(3, 3, 10_000, 5_000_000, 20,
            new Faults.Weather(300_000_000, 50, 50, 50, 100));
        final Faults.Lives lives = new Faults.Lives(1_000_000, false, 150, 100, 150, 50, 1, 1000, 100);
        final Faults.Disks disks = new Faults.Disks(50, 20, 50, 50);
        final AllocationFaults faults = new AllocationFaults(List.of(
            new Faults(4, network, lives, disks, new Faults.Treachery(0, 0, Set.of()), Limits.defaults()),
            new Faults(7, network, lives, disks, new Faults.Treachery(1, 0, EnumSet.allOf(Treason.class)),
                Limits.defaults())), 300, false);
        final Map<String, Integer> counts = new HashMap<>();
        for (long seed = 1; seed <= 6; seed++) {
            final long one = seed;
            run(seed, () -> new SimulatedAllocation(one, 4, faults).run(6, 20))
                .forEach((what, count) -> counts.merge(what, count, Integer::sum));
        }
        for (final String what : List.of("crashes", "lost records", "rotten sectors of safety records",
            "disks that are full", "disks that stall", "hangs", "slow replicas", "clock jumps", "restarts of all",
            "partitions", "partitions of all", "isolations", "one-way cuts",
            "leaders cut off with a final block", "no messages", "fault EQUIVOCATION", "fault BAD_SIGNATURE",
            "fault BAD_BATCH", "forged proposals", "false words about heads", "wrong shares, summed",
            "false answers to clients")) {
            assertTrue(counts.getOrDefault(what, 0) > 0, what + " never: " + counts);
        }
    }

    @Test
    void aHundredReplicasInTwentyFiveSubClusters() {
        final Map<String, Integer> counts = run(1, () -> new SimulatedAllocation(1, 100, 4).run(2, 60));
        assertEquals(25, counts.get("sub-clusters"));
        assertTrue(counts.get("blocks") > 50 && counts.get("epochs") > 3, counts.toString());
    }

    @Test
    void oneSubClusterOfThirtyOne() {
        final Map<String, Integer> counts = run(2, () -> new SimulatedAllocation(2, 31, 31).run(2, 10));
        assertEquals(1, counts.get("sub-clusters"));
        assertTrue(counts.get("blocks") > 3, counts.toString());
    }

    @Test
    void aSubClusterThatIsGoneHoldsNobodyBack() {
        final AllocationFaults faults = new AllocationFaults(AllocationFaults.none(12, 4).subClusters(), 0, true);
        final Map<String, Integer> counts = run(3, () -> new SimulatedAllocation(3, 4, faults).run(5, 40));
        assertTrue(counts.get("bundles open in other sub-clusters at the end of a halt") <= 2, counts.toString());
        assertTrue(counts.get("heads carried on") > 5, counts.toString());
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertEquals(new SimulatedAllocation(4, 8, 4).run(2, 30), new SimulatedAllocation(4, 8, 4).run(2, 30));
    }

    /** Replicas that give their shares for any request that they know: closed, pending or denied. */
    @Test
    void sharesThatNoLedgerAllowsAreFound() {
        final InvariantViolation found = assertThrows(InvariantViolation.class, () -> {
            for (long seed = 1; seed <= 5; seed++) {
                new SimulatedAllocation(seed, 4, AllocationFaults.none(4, 4))
                    .lookingUp(SimulatedAllocationTest::careless).run(4, 40);
            }
        });
        assertTrue(found.getMessage().contains("which its ledger does not allow"), found.getMessage());
    }

    /** Replicas that do not hear of revocations. */
    @Test
    void sharesGivenAfterARevocationAreFound() {
        final InvariantViolation found = assertThrows(InvariantViolation.class, () -> {
            for (long seed = 1; seed <= 20; seed++) {
                new SimulatedAllocation(seed, 4, AllocationFaults.none(4, 4)).lookingUp((state, request, millis) ->
                    new SharingState(state).request(request).filter(one -> one.status() == RequestState.Status.CLOSED)
                        .map(one -> careless(state, request, millis))
                        .orElseGet(() -> Standing.of(state, request, millis))).run(4, 40);
            }
        });
        assertTrue(found.getMessage().contains("which its ledger does not allow"), found.getMessage());
    }

    /** Replicas that are cut off again and again, and a traitor that calls them when they are back. */
    private static SimulatedAllocation behind(final long seed) {
        final Limits usual = Limits.defaults();
        final Limits hasty = new Limits(usual.blockBytes(), usual.blockBytesMax(), usual.blockBatches(), usual.pipeline(),
            usual.heightsAhead(), usual.viewsAhead(), usual.pooledBytesPerPeer(), usual.waitingBytes(),
            usual.clockAheadMillis(), usual.viewTimeoutNs(), usual.viewTimeoutMaxNs(), 50_000_000, 200_000_000,
            50_000_000, usual.snapshotBehind());
        return new SimulatedAllocation(seed, 4, new AllocationFaults(List.of(new Faults(4, new Faults.Network(0, 0, 10_000,
            1_000_000, 0, new Faults.Weather(1_000_000_000, 0, 700, 0, 0)), new Faults.Lives(100_000, true, 300, 0, 0, 0, 0,
            0, 0), Faults.Disks.GOOD, new Faults.Treachery(1, 0, Set.of(Treason.OLD_TERMS)), hasty)), 0, false));
    }

    /** Replicas that do not ask how far their peers are. */
    @Test
    void sharesGivenByALedgerThatIsBehindAreFound() {
        final InvariantViolation found = assertThrows(InvariantViolation.class, () -> {
            for (long seed = 1; seed <= 20; seed++) {
                behind(seed).lookingBack((core, nowNs, wallMillis) -> true).run(10, 60);
            }
        });
        assertTrue(found.getMessage().contains("long after its seeker was revoked"), found.getMessage());
    }

    @Test
    void whoeverComesBackGivesNothingThatWasRevokedMeanwhile() {
        for (long seed = 1; seed <= 5; seed++) {
            final long one = seed;
            assertTrue(run(seed, () -> behind(one).run(10, 60)).get("releases") > 0);
        }
    }

    private static Standing careless(final StateReader state, final TransactionId request, final long millis) {
        final SharingState sharing = new SharingState(state);
        final Optional<RequestState> known = sharing.request(request);
        if (known.isEmpty() || known.get().part().isEmpty()) {
            return Standing.of(state, request, millis);
        }
        final RequestState one = known.get();
        final DatasetState dataset = sharing.dataset(one.request().dataset()).orElseThrow();
        return new Standing.Allowed(new Terms(one.request().dataset(), dataset.transaction(), one.part().get(),
            dataset.dataset().chunks(), one.request().chunks(), one.seeker(),
            X25519PublicKey.decode(one.request().freshKey().toBytes(), 0).orElseThrow(), one.version()));
    }

    private static Map<String, Integer> run(final long seed, final Supplier<Map<String, Integer>> run) {
        try {
            return run.get();
        } catch (final RuntimeException failure) {
            throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
        }
    }
}
