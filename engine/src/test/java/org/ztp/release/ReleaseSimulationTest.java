package org.ztp.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Evidence.About;
import org.ztp.privacy.ShareProof;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;
import org.ztp.release.ReleaseAction.Released;
import org.ztp.release.ReleaseAction.ReleasedSingly;
import org.ztp.release.Standing.Reason;

/** Releases among whole sub-clusters on a simulated network; each case from its seed. */
class ReleaseSimulationTest {
    private static final long MILLI = SimulatedReplicas.MILLI;

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 16})
    void theSeekerGetsTheRightSecrets(final int n) {
        for (int gateway = 0; gateway < n; gateway += 3) {
            final SimulatedReplicas replicas = new SimulatedReplicas(n, 100 + gateway);
            assertRight(replicas, replicas.ask(gateway, 1, Set.of()));
            assertEquals(List.of(), replicas.faults);
            assertTrue(replicas.cores.stream().allMatch(core -> core.runsUnderWay() == 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 16})
    void asManyDeadAsMayBeNeverStopARelease(final int n) {
        for (long seed = 0; seed < 12; seed++) {
            final SimulatedReplicas replicas = new SimulatedReplicas(n, seed);
            final List<Integer> others = shuffled(n, seed);
            final List<Integer> down = others.subList(1, 1 + replicas.f());
            if (seed % 2 == 0) {
                replicas.dead.addAll(down);
            } else {
                final Random random = new Random(seed);
                down.forEach(number -> replicas.after(random.nextLong(12 * MILLI), () -> replicas.dead.add(number)));
            }
            assertRight(replicas, replicas.ask(others.get(0), 1, Set.of()));
        }
    }

    @Test
    void suspectedReplicasAreLeftOutFromTheStart() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 3);
        replicas.dead.addAll(Set.of(2, 4));
        replicas.step(0, new ReleaseEvent.Suspected(Set.of(replicas.shared.ids.get(2), replicas.shared.ids.get(4))));
        final long beganNs = replicas.nowNs;
        assertRight(replicas, replicas.ask(0, 1, Set.of()));
        assertTrue(replicas.nowNs - beganNs < replicas.limits.attemptTimeoutNs(), "no attempt ran out of time");
    }

    @Test
    void aReplicaSuspectedMeanwhileIsReplacedAtOnce() {
        for (int silent = 1; silent < 4; silent++) {
            final SimulatedReplicas replicas = new SimulatedReplicas(4, 5);
            final Set<Integer> suspects = Set.of(replicas.shared.ids.get(silent));
            replicas.dead.add(silent);
            replicas.after(10 * MILLI, () -> replicas.step(0, new ReleaseEvent.Suspected(suspects)));
            final long beganNs = replicas.nowNs;
            assertRight(replicas, replicas.ask(0, 1, Set.of()));
            assertTrue(replicas.nowNs - beganNs < replicas.limits.attemptTimeoutNs(), "no attempt ran out of time");
        }
    }

    @Test
    void tooManyDeadAreAnHonestRefusal() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 6);
        replicas.dead.addAll(Set.of(1, 2, 3, 4, 5));
        final Refused refused = assertInstanceOf(Refused.class, replicas.ask(0, 1, Set.of()));
        assertEquals(Code.NOT_ENOUGH_REPLICAS, refused.code(), refused.text());
        assertEquals(0, replicas.cores.get(0).runsUnderWay());
    }

    @Test
    void replicasThatComeBackWhileTheGatewayTriesAreUsed() {
        final SimulatedReplicas replicas = new SimulatedReplicas(4, 7);
        replicas.dead.addAll(Set.of(1, 2, 3));
        replicas.after(3 * replicas.limits.attemptTimeoutNs(), replicas.dead::clear);
        assertRight(replicas, replicas.ask(0, 1, Set.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 16})
    void aDenyingMinorityDoesNotStopARelease(final int n) {
        for (long seed = 0; seed < 4; seed++) {
            final SimulatedReplicas replicas = new SimulatedReplicas(n, seed);
            final List<Integer> others = shuffled(n, seed);
            others.subList(1, 1 + replicas.f()).forEach(number ->
                replicas.standings.put(number, new Standing.Refused(Reason.DENIED, "no")));
            assertRight(replicas, replicas.ask(others.get(0), 1, Set.of()));
        }
    }

    @Test
    void whatOneMoreThanTheFaultyDenyIsDenied() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 8);
        IntStream.range(1, 7).forEach(number ->
            replicas.standings.put(number, new Standing.Refused(Reason.CLOSED, "revoked")));
        final Refused refused = assertInstanceOf(Refused.class, replicas.ask(0, 1, Set.of()));
        assertEquals(Code.CLOSED, refused.code());
    }

    @Test
    void nobodyContributesToAGatewayThatBelievesOtherwise() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 9);
        IntStream.range(1, 7).forEach(number ->
            replicas.standings.put(number, new Standing.Refused(Reason.UNKNOWN, "not here")));
        final Refused refused = assertInstanceOf(Refused.class, replicas.ask(0, 1, Set.of()));
        assertEquals(Code.NOT_ENOUGH_REPLICAS, refused.code());
        assertTrue(replicas.given.size() <= 1 + replicas.limits.totalTimeoutNs() / replicas.limits.retryNs());
        assertTrue(replicas.seen.stream().allMatch(here -> here.partial().contributors().isEmpty()));
    }

    @Test
    void aReplicaWhoseLedgerIsBehindCatchesUpWithinTheRelease() {
        final SimulatedReplicas replicas = new SimulatedReplicas(4, 10);
        IntStream.range(0, 4).forEach(number ->
            replicas.standings.put(number, new Standing.Refused(Reason.UNKNOWN, "not yet")));
        replicas.after(8 * MILLI, replicas.standings::clear);
        assertRight(replicas, replicas.ask(0, 1, Set.of()));
        assertEquals(1, replicas.given.stream().map(given -> given.what().context().attempt()).distinct().count());
    }

    @Test
    void replicasAtDifferentContractVersionsDoNotMix() {
        final SimulatedReplicas replicas = new SimulatedReplicas(4, 11);
        final Standing old = new Standing.Allowed(replicas.shared.terms(2));
        replicas.standings.put(0, old);
        replicas.after(replicas.limits.attemptTimeoutNs(), replicas.standings::clear);
        final ReleaseAction answer = replicas.ask(0, 1, Set.of());
        assertRight(replicas, answer);
        assertEquals(3, ((Released) answer).contractVersion());
    }

    @Test
    void aClientGoesToAnotherGatewayWhenItsOwnDies() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 12);
        replicas.step(3, new ReleaseEvent.Asked(1, Shared.REQUEST, Set.of()));
        replicas.run(4 * MILLI);
        replicas.dead.add(3);
        assertRight(replicas, replicas.ask(5, 2, Set.of()));
        replicas.run(2 * replicas.limits.totalTimeoutNs());
        assertTrue(replicas.cores.stream().allMatch(core -> core.callsUnderWay() == 0 || core == replicas.cores.get(3)),
            "what the dead gateway asked for is forgotten");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 16})
    void liarsAreNamedAndTheRestIsEnough(final int n) {
        for (long seed = 0; seed < 6; seed++) {
            final SimulatedReplicas replicas = new SimulatedReplicas(n, seed);
            final List<Integer> others = shuffled(n, seed);
            replicas.liars.addAll(others.subList(1, 1 + replicas.f()));
            final Set<Integer> accused = new TreeSet<>();
            final Optional<byte[]> secrets = seek(replicas, others.get(0), accused);
            assertArrayEquals(replicas.shared.secrets(Shared.CHUNKS), secrets.orElseThrow());
            assertTrue(numbers(replicas.shared.ids, replicas.liars).containsAll(accused), "accused=" + accused);
        }
    }

    @Test
    void singleSharesNameEveryLiarWithProofAndGiveTheSecrets() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 13);
        replicas.liars.addAll(Set.of(2, 5));
        final ChunkRange part = new ChunkRange(3, 6);
        replicas.step(0, new ReleaseEvent.AskedSingly(1, Shared.REQUEST, part, Set.of()));
        final ReleasedSingly released = assertInstanceOf(ReleasedSingly.class, replicas.answer(1));
        assertEquals(replicas.shared.ids, released.answers().stream().map(SingleAnswer::replica).toList());
        final SingleResult result = replicas.shared.seeker().open(part, released.answers(), released.contractVersion(),
            replicas.shared.publish, replicas.shared.part);
        assertArrayEquals(replicas.shared.secrets(part), result.vector().orElseThrow());
        assertEquals(numbers(replicas.shared.ids, replicas.liars), result.bad().keySet());
        assertEquals(List.of(2, 5), result.evidence().stream().map(Evidence::replica).toList());
        result.evidence().forEach(evidence -> assertHolds(replicas.shared, evidence));
    }

    @Test
    void singleSharesNeedNoMoreThanAllButTheFaulty() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 14);
        replicas.dead.addAll(Set.of(1, 6));
        replicas.step(0, new ReleaseEvent.AskedSingly(1, Shared.REQUEST, Shared.CHUNKS, Set.of()));
        assertEquals(5, assertInstanceOf(ReleasedSingly.class, replicas.answer(1)).answers().size());
    }

    @Test
    void singleSharesAreDeniedLikeSums() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 15);
        IntStream.range(1, 7).forEach(number ->
            replicas.standings.put(number, new Standing.Refused(Reason.DENIED, "no")));
        replicas.step(0, new ReleaseEvent.AskedSingly(1, Shared.REQUEST, Shared.CHUNKS, Set.of()));
        assertEquals(Code.DENIED, assertInstanceOf(Refused.class, replicas.answer(1)).code());
        replicas.step(1, new ReleaseEvent.AskedSingly(2, Shared.REQUEST, Shared.CHUNKS, Set.of()));
        assertEquals(Code.DENIED, assertInstanceOf(Refused.class, replicas.answer(2)).code());
    }

    @Test
    void whateverTheNetworkDoesThereAreNoWrongSecrets() {
        int right = 0;
        for (long seed = 0; seed < 60; seed++) {
            final Random random = new Random(seed);
            final int n = new int[] {4, 7, 16}[random.nextInt(3)];
            final SimulatedReplicas replicas = new SimulatedReplicas(n, seed);
            replicas.drop = random.nextDouble() * 0.2;
            replicas.repeat = random.nextDouble() * 0.3;
            replicas.alter = random.nextDouble() * 0.2;
            final List<Integer> others = shuffled(n, seed);
            for (final int number : others.subList(1, 1 + replicas.f())) {
                switch (random.nextInt(4)) {
                    case 0 -> replicas.dead.add(number);
                    case 1 -> replicas.liars.add(number);
                    case 2 -> replicas.standings.put(number, new Standing.Refused(Reason.DENIED, "no"));
                    default -> replicas.after(random.nextLong(40 * MILLI), () -> replicas.dead.add(number));
                }
            }
            final Set<Integer> accused = new TreeSet<>();
            final Optional<byte[]> secrets = seek(replicas, others.get(0), accused);
            if (secrets.isPresent()) {
                assertArrayEquals(replicas.shared.secrets(Shared.CHUNKS), secrets.get(), "seed=" + seed);
                right++;
            }
        }
        assertTrue(right > 40, "releases that came to an end: " + right + " of 60");
    }

    @Test
    void eachAttemptHasMasksOfItsOwn() {
        final SimulatedReplicas replicas = new SimulatedReplicas(16, 16);
        replicas.dead.addAll(Set.of(3, 8, 11, 14, 15));
        for (long token = 1; token <= 5; token++) {
            assertRight(replicas, replicas.ask(List.of(4, 5, 6, 7, 9).get((int) token - 1), token, Set.of()));
        }
        final Map<String, String> contextByMask = new HashMap<>();
        for (final SimulatedReplicas.Given given : replicas.given) {
            final byte[] mask = replicas.shared.shares(given.number(), Shared.CHUNKS);
            replicas.shared.group(0).sharing().contribution(given.number(), given.what().context().set(), mask);
            for (int i = 0; i < mask.length; i++) {
                mask[i] ^= given.masked()[i];
            }
            for (int at = 0; at < mask.length; at += 16) { // block by block: no part of a mask serves twice either
                final String context = given.number() + " " + at + " " + given.what().context();
                final String before = contextByMask.put(HexFormat.of().formatHex(mask, at, at + 16), context);
                assertTrue(before == null || before.equals(context),
                    () -> "one mask for " + before + " and " + context);
            }
        }
        assertTrue(replicas.given.stream().map(given -> given.what().context()).distinct().count() > 5);
    }

    @Test
    void theGatewayIsSentNothingButMaskedVectors() {
        final SimulatedReplicas replicas = new SimulatedReplicas(7, 17);
        assertRight(replicas, replicas.ask(0, 1, Set.of()));
        for (final ReleaseMessage.PartialHere here : replicas.seen) {
            for (int number = 0; number < 7; number++) {
                assertFalse(Arrays.equals(replicas.shared.shares(number, Shared.CHUNKS), here.partial().value()));
            }
            assertFalse(Arrays.equals(replicas.shared.secrets(Shared.CHUNKS), here.partial().value()));
        }
    }

    /** What a seeker does, to the end: the secrets, or empty when it is refused. */
    private static Optional<byte[]> seek(final SimulatedReplicas replicas, final int gateway,
                                         final Set<Integer> accused) {
        final Shared shared = replicas.shared;
        final SeekerRelease seeker = shared.seeker();
        long token = 10;
        for (int round = 0; round < 3 * shared.ids.size(); round++) {
            if (!(replicas.ask(gateway, token++, Set.copyOf(accused)) instanceof Released released)) {
                return Optional.empty();
            }
            final Optional<byte[]> vector = seeker.unmask(released.vector(), released.participants(),
                released.attempt(), released.contractVersion());
            final BitSet wrong = vector.map(it -> shared.wrong(Shared.CHUNKS, it)).orElseGet(() -> {
                final BitSet all = new BitSet();
                all.set(0, Shared.CHUNKS.count() + 1);
                return all;
            });
            if (wrong.isEmpty()) {
                return vector;
            }
            final byte[] whole = new byte[shared.terms.vectorBytes()];
            boolean joined = true;
            for (int first = Shared.CHUNKS.first(); first <= Shared.CHUNKS.last(); first += 4) {
                final ChunkRange part = new ChunkRange(first, Math.min(Shared.CHUNKS.last(), first + 3));
                replicas.step(gateway, new ReleaseEvent.AskedSingly(token, Shared.REQUEST, part, accused));
                if (!(replicas.answer(token++) instanceof ReleasedSingly single)) {
                    return Optional.empty();
                }
                final SingleResult result = seeker.open(part, single.answers(), single.contractVersion(),
                    shared.publish, shared.part);
                result.vector().ifPresent(shown -> seeker.put(part, shown, whole));
                joined &= result.vector().isPresent();
                accuse(replicas, result.evidence(), accused);
            }
            if (joined) {
                assertTrue(shared.wrong(Shared.CHUNKS, whole).isEmpty());
                return Optional.of(whole);
            }
        }
        return Optional.empty();
    }

    private static void accuse(final SimulatedReplicas replicas, final List<Evidence> evidence,
                               final Set<Integer> accused) {
        for (final Evidence found : evidence) {
            final Evidence recorded = Evidence.parse(found.encode(), 0, found.encode().length).orElseThrow();
            assertTrue(replicas.liars.contains(recorded.replica()), "evidence against " + recorded.replica());
            assertHolds(replicas.shared, recorded);
            accused.add(replicas.shared.ids.get(recorded.replica()));
        }
    }

    private static void assertHolds(final Shared shared, final Evidence evidence) {
        assertEquals(Optional.empty(), new ShareProof(shared.keys).refusal(evidence, Shared.CHUNKS,
            shared.root(evidence), evidence.about() == About.CHUNK ? Shared.DATASET_CHUNKS : 1));
    }

    private static void assertRight(final SimulatedReplicas replicas, final ReleaseAction answer) {
        final Released released = assertInstanceOf(Released.class, answer, () -> String.valueOf(answer));
        assertEquals(released.participants().stream().sorted().toList(), released.participants());
        assertEquals(replicas.f() + 1, released.participants().size());
        final byte[] vector = replicas.shared.seeker().unmask(released.vector(), released.participants(),
            released.attempt(), released.contractVersion()).orElseThrow();
        assertArrayEquals(replicas.shared.secrets(Shared.CHUNKS), vector);
        assertFalse(Arrays.equals(vector, released.vector()));
    }

    private static List<Integer> shuffled(final int n, final long seed) {
        final List<Integer> numbers = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(numbers, new Random(seed));
        return numbers;
    }

    private static Set<Integer> numbers(final List<Integer> ids, final Set<Integer> numbers) {
        final Set<Integer> named = new TreeSet<>();
        numbers.forEach(number -> named.add(ids.get(number)));
        return named;
    }
}
