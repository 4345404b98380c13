package org.ztp.accumulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.accumulate.AccumulationAction.Complete;
import org.ztp.accumulate.AccumulationAction.GiveUp;
import org.ztp.accumulate.AccumulationAction.Reason;
import org.ztp.accumulate.AccumulationAction.Start;
import org.ztp.wire.Hash;

class AccumulationRoundTest {
    private static final Hash ID = Hash.sha256(new byte[] {2});
    private static final long ATTEMPT_NS = 20_000;
    private static final long AMPLE_NS = 100 * ATTEMPT_NS;

    @Test
    void anyNumberOfReplicasIsAccumulatedInOneAttempt() {
        for (int n = 2; n <= 31; n++) {
            for (int root : new int[] {0, n / 2, n - 1, 500}) {
                SimulatedGroup group = new SimulatedGroup(
                        request(root, replicas(n), Set.of(), n, true, AMPLE_NS), n, 0, 0, Set.of(), Set.of());
                group.run();
                assertCorrect(group, n, "n=" + n + " root=" + root);
                assertEquals(1, group.round.attempts());
            }
        }
    }

    @Test
    void atMostFDeadOrLyingReplicasNeverStopARound() {
        for (int f = 1; f <= 5; f++) {
            int n = 3 * f + 1;
            for (int seed = 0; seed < 60; seed++) {
                Random random = new Random(1000L * f + seed);
                List<Integer> order = shuffled(replicas(n), random);
                int root = order.get(0);
                Set<Integer> dead = new HashSet<>();
                Set<Integer> liars = new HashSet<>();
                order.subList(1, 1 + f).forEach(r -> (random.nextBoolean() ? dead : liars).add(r));
                List<Integer> candidates = shuffled(replicas(n), random);
                SimulatedGroup group = new SimulatedGroup(
                        request(root, candidates, Set.of(), f + 1, false, AMPLE_NS), seed, 0, 0.2, dead, liars);
                group.run();
                assertCorrect(group, f + 1, "f=" + f + " seed=" + seed);
                assertTrue(group.round.attempts() <= f + 2, "attempts=" + group.round.attempts());
            }
        }
    }

    @Test
    void aRoundOverAllGoesOnWithWhoIsLeft() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            List<Integer> others = shuffled(IntStream.range(1, 14).boxed().toList(), random);
            Set<Integer> dead = Set.copyOf(others.subList(0, random.nextInt(6)));
            SimulatedGroup group = new SimulatedGroup(
                    request(0, replicas(14), Set.of(), 8, true, AMPLE_NS), seed, 0, 0.1, dead, Set.of());
            group.run();
            assertCorrect(group, 14 - dead.size(), "seed=" + seed);
        }
    }

    @Test
    void aBadNetworkMeansACorrectResultOrNone() {
        int complete = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            int n = 2 + random.nextInt(30);
            int needed = 1 + random.nextInt(n);
            double drop = random.nextDouble() * 0.4;
            Set<Integer> dead = new HashSet<>(shuffled(replicas(n), random).subList(0, random.nextInt(n)));
            List<Integer> candidates = shuffled(replicas(n), random);
            RoundRequest request = request(random.nextInt(n), candidates, Set.of(), needed, false, 4 * ATTEMPT_NS);
            SimulatedGroup group = new SimulatedGroup(request, seed, drop, 0.3, dead, Set.of());
            group.excludeAt(random.nextInt(30_000), random.nextInt(n));
            group.run();
            assertEquals(1, group.results.size(), "seed=" + seed);
            if (group.results.get(0) instanceof Complete<byte[]>) {
                assertCorrect(group, needed, "seed=" + seed);
                complete++;
            } else {
                assertInstanceOf(GiveUp.class, group.results.get(0));
                assertEquals(AccumulationRound.State.FAILED, group.round.state());
            }
        }
        assertTrue(complete > 50, "complete=" + complete); // the test is not about failures alone
    }

    @Test
    void theBestCandidatesAreChosenAndSuspectedOnesComeLast() {
        AccumulationPlan plan = firstPlan(request(9, List.of(5, 4, 3, 2), Set.of(5, 3), 2, false, AMPLE_NS));
        assertEquals(List.of(2, 4, 9), plan.members());
        assertEquals(2, plan.required());
        assertTrue(!plan.rootContributes());
        plan = firstPlan(request(5, List.of(5, 4, 3, 2), Set.of(4), 4, false, AMPLE_NS));
        assertEquals(List.of(2, 3, 4, 5), plan.members());
        assertTrue(plan.rootContributes());
        plan = firstPlan(request(5, List.of(5, 4, 3, 2), Set.of(4), 1, true, AMPLE_NS));
        assertEquals(List.of(2, 3, 5), plan.members());
    }

    @Test
    void tooFewCandidatesMeanNoResult() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        AccumulationRound<byte[]> round =
                round(request(1, List.of(1, 2, 3), Set.of(3), 3, true, AMPLE_NS));
        round.begin(0, actions);
        assertEquals(List.of(new GiveUp<byte[]>(ID, Reason.TOO_FEW_CANDIDATES, List.of())), actions);
        assertEquals(AccumulationRound.State.FAILED, round.state());
        assertEquals(Verdict.FINISHED, round.exclude(2, 1, actions));
        assertEquals(Verdict.FINISHED, round.contribute(0, new byte[SimulatedGroup.VECTOR], 1, actions));
        assertThrows(IllegalStateException.class, () -> round.begin(2, actions));
    }

    @Test
    void whoIsSilentIsLeftOutUntilNobodyIsLeft() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        AccumulationRound<byte[]> round = round(request(1, List.of(2, 3, 4), Set.of(), 2, false, AMPLE_NS));
        round.begin(0, actions);
        round.tick(ATTEMPT_NS, actions);
        assertEquals(List.of(new GiveUp<byte[]>(ID, Reason.TOO_FEW_CANDIDATES, List.of(2, 3))),
                actions.subList(1, actions.size()));
    }

    @Test
    void theTimeForAllAttemptsIsLimited() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        AccumulationRound<byte[]> round =
                round(request(1, replicas(20), Set.of(), 2, false, 2 * ATTEMPT_NS + ATTEMPT_NS / 2));
        round.begin(0, actions);
        for (long now = 0; now <= 3 * ATTEMPT_NS; now += ATTEMPT_NS / 4) {
            round.tick(now, actions);
        }
        assertEquals(4, actions.size());
        assertEquals(ATTEMPT_NS / 2, assertInstanceOf(Start.class, actions.get(2)).timeoutNs());
        assertEquals(Reason.TIME_IS_OVER, assertInstanceOf(GiveUp.class, actions.get(3)).reason());
        assertEquals(3, round.attempts());
    }

    @Test
    void anExcludedContributorStartsANewAttemptAtOnce() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        AccumulationRound<byte[]> round = round(request(1, List.of(1, 2, 3), Set.of(), 2, false, AMPLE_NS));
        round.begin(0, actions);
        assertEquals(Verdict.ACCEPTED, round.exclude(2, 5, actions));
        assertEquals(Verdict.DUPLICATE, round.exclude(2, 5, actions));
        assertEquals(Verdict.NOT_A_MEMBER, round.exclude(77, 5, actions));
        Start<?> second = assertInstanceOf(Start.class, actions.get(1));
        assertEquals(List.of(1, 3), second.plan().members());
        assertEquals(1, second.plan().attempt());
        byte[] own = new byte[SimulatedGroup.VECTOR];
        assertEquals(Verdict.STALE_ATTEMPT, round.contribute(0, own, 6, actions));
        assertEquals(Verdict.EARLY_ATTEMPT, round.contribute(2, own, 6, actions));
        assertEquals(Verdict.ACCEPTED, round.contribute(1, own, 6, actions));
        assertEquals(5 + ATTEMPT_NS, round.nextDeadlineNs());
    }

    @Test
    void requestsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> request(1, List.of(1, 1), Set.of(), 1, false, 1));
        assertThrows(IllegalArgumentException.class, () -> request(65_536, List.of(1), Set.of(), 1, false, 1));
        assertThrows(IllegalArgumentException.class, () -> request(1, List.of(-1), Set.of(), 1, false, 1));
        assertThrows(IllegalArgumentException.class, () -> request(1, List.of(1), Set.of(), 0, false, 1));
        assertThrows(IllegalArgumentException.class, () -> request(1, List.of(1), Set.of(), 1, false, 0));
        assertThrows(IllegalArgumentException.class, () -> request(1, replicas(4096), Set.of(), 1, false, 1));
    }

    private static void assertCorrect(SimulatedGroup group, int contributors, String about) {
        assertEquals(1, group.results.size(), about);
        Complete<?> complete = assertInstanceOf(Complete.class, group.results.get(0), about);
        assertEquals(AccumulationRound.State.COMPLETE, group.round.state());
        assertEquals(contributors, complete.contributors().size(), about);
        XorVector xor = new XorVector(SimulatedGroup.VECTOR);
        byte[] expected = xor.identity();
        complete.contributors().forEach(replica -> xor.combine(
                expected, SimulatedGroup.contribution(ID, complete.plan().attempt(), replica)));
        assertArrayEquals(expected, (byte[]) complete.value(), about);
    }

    private static RoundRequest request(
            int root, List<Integer> candidates, Set<Integer> suspected, int needed, boolean all, long totalNs) {
        return new RoundRequest(ID, root, candidates, suspected, needed, all, 3, ATTEMPT_NS, totalNs);
    }

    private static AccumulationRound<byte[]> round(RoundRequest request) {
        return new AccumulationRound<>(request, new XorVector(SimulatedGroup.VECTOR));
    }

    private static AccumulationPlan firstPlan(RoundRequest request) {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        round(request).begin(0, actions);
        return assertInstanceOf(Start.class, actions.get(0)).plan();
    }

    private static List<Integer> replicas(int n) {
        return IntStream.range(0, n).boxed().toList();
    }

    private static List<Integer> shuffled(List<Integer> replicas, Random random) {
        List<Integer> list = new ArrayList<>(replicas);
        Collections.shuffle(list, random);
        return list;
    }
}
