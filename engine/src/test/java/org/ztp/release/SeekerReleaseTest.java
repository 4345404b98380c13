package org.ztp.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.cluster.SubCluster;
import org.ztp.contract.ChunkRange;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.privacy.ReleaseName;
import org.ztp.privacy.ShareOpening;

/** What a seeker makes of a gateway's answers; of 7 replicas (ids 5, 8, 11 …) 2 may be faulty. */
class SeekerReleaseTest {
    private static final ChunkRange PART = new ChunkRange(3, 5);

    private final Shared shared = new Shared(7, 21);
    private final ReleaseAction.Seal what = new ReleaseAction.Seal(1,
        new ReleaseName(Shared.CHAIN, Shared.REQUEST, 3), shared.terms, PART);

    private SingleAnswer answer(final int number, final List<ShareOpening> openings) {
        return new SingleAnswer(shared.ids.get(number), shared.sealed(number, what, openings));
    }

    private List<SingleAnswer> honest() {
        final List<SingleAnswer> answers = new ArrayList<>();
        for (int number = 0; number < 7; number++) {
            answers.add(answer(number, shared.openings(number, PART)));
        }
        return answers;
    }

    private SingleResult open(final List<SingleAnswer> answers) {
        return shared.seeker().open(PART, answers, 3, shared.publish, shared.part);
    }

    @Test
    void goodSharesOfFPlusOneAreEnough() {
        assertArrayEquals(shared.secrets(PART), open(honest().subList(2, 5)).vector().orElseThrow());
        assertTrue(open(honest().subList(2, 4)).vector().isEmpty());
        final SingleResult all = open(honest());
        assertTrue(all.bad().isEmpty() && all.evidence().isEmpty());
    }

    @Test
    void aWrongShareIsLeftOutAndProven() {
        final List<SingleAnswer> answers = honest();
        final List<ShareOpening> openings = shared.openings(4, PART);
        final byte[] bytes = openings.get(1).encode();
        bytes[40] ^= 1;
        openings.set(1, ShareOpening.decode(bytes).orElseThrow());
        answers.set(4, answer(4, openings));
        final SingleResult result = open(answers);
        assertArrayEquals(shared.secrets(PART), result.vector().orElseThrow());
        assertEquals(Map.of(17, "signed a wrong share"), result.bad());
        assertEquals(List.of(4), result.evidence().stream().map(evidence -> evidence.replica()).toList());
    }

    @Test
    void alteredAnswersAreLeftOutAndAccuseNobody() {
        final Random random = new Random(6);
        for (int i = 0; i < 40; i++) {
            final List<SingleAnswer> answers = honest();
            final byte[] sealed = answers.get(3).sealed();
            sealed[random.nextInt(sealed.length)] ^= (byte) (1 << random.nextInt(8));
            final SingleResult result = open(answers);
            assertEquals(Set.of(shared.ids.get(3)), result.bad().keySet());
            assertTrue(result.evidence().isEmpty());
        }
    }

    @Test
    void answersForAnotherReplicaVersionPartOrKeyStayClosed() {
        final List<SingleAnswer> one = honest().subList(3, 4);
        final SeekerRelease seeker = shared.seeker();
        assertEquals(1, open(List.of(new SingleAnswer(shared.ids.get(2), one.get(0).sealed()))).bad().size());
        assertEquals(1, seeker.open(PART, one, 4, shared.publish, shared.part).bad().size());
        assertEquals(1, seeker.open(new ChunkRange(3, 6), one, 3, shared.publish, shared.part).bad().size());
        try (X25519PrivateKey other = X25519PrivateKey.generate(shared.randomness)) {
            final SeekerRelease stranger =
                new SeekerRelease(shared.keys, shared.ids, Shared.REQUEST, Shared.DATASET, Shared.CHUNKS, other);
            assertEquals(1, stranger.open(PART, one, 3, shared.publish, shared.part).bad().size());
        }
    }

    @Test
    void aGatewayThatRepeatsOrInventsAnswersGainsNothing() {
        final List<SingleAnswer> answers = new ArrayList<>(honest().subList(0, 2));
        answers.addAll(honest().subList(0, 2));
        answers.add(new SingleAnswer(99, honest().get(0).sealed()));
        final SingleResult result = open(answers);
        assertTrue(result.vector().isEmpty(), "two replicas are not three");
        assertTrue(result.bad().isEmpty());
    }

    @Test
    void anHonestAnswerAboutOtherChunksIsOfNoUseAndNoProof() {
        final List<SingleAnswer> answers = honest();
        final ReleaseAction.Seal other = new ReleaseAction.Seal(1, what.name(), shared.terms, new ChunkRange(4, 6));
        answers.set(1, new SingleAnswer(8, shared.sealed(1, other, shared.openings(1, other.part()))));
        final SingleResult result = open(answers);
        assertEquals(Set.of(8), result.bad().keySet());
        assertTrue(result.evidence().isEmpty());
        assertArrayEquals(shared.secrets(PART), result.vector().orElseThrow());
    }

    @Test
    void aLongRequestIsAskedForInParts() {
        final SeekerRelease seeker = new SeekerRelease(shared.keys, shared.ids, Shared.REQUEST, Shared.DATASET,
            new ChunkRange(5, 2060), shared.fresh);
        assertEquals(List.of(new ChunkRange(5, 1028), new ChunkRange(1029, 2052), new ChunkRange(2053, 2060)),
            seeker.parts());
        final byte[] whole = new byte[2057 * 32];
        final byte[] joined = shared.randomness.bytes(9 * 32);
        seeker.put(new ChunkRange(2053, 2060), joined, whole);
        assertArrayEquals(joined, Arrays.copyOfRange(whole, whole.length - joined.length, whole.length));
    }

    @Test
    void whatAllReplicasOfAnySubClusterAnswerAtOnceFitsOneReply() {
        for (int replicas = SubCluster.MIN_MEMBERS; replicas <= SubCluster.MAX_MEMBERS; replicas++) {
            final int atOnce = ReleaseLimits.singleChunks(replicas);
            assertTrue(atOnce > 0 && (long) replicas * ReleaseLimits.sealedBytesAtMost(atOnce) <= 64 << 20,
                replicas + " replicas: " + atOnce);
        }
        assertEquals(ReleaseLimits.MAX_SINGLE_CHUNKS, ReleaseLimits.singleChunks(31));
        final Shared many = new Shared(200, 7);
        final List<ChunkRange> parts = new SeekerRelease(many.keys, many.ids, Shared.REQUEST, Shared.DATASET,
            new ChunkRange(0, 1023), many.fresh).parts();
        final int atOnce = ReleaseLimits.singleChunks(200);
        assertTrue(atOnce < 1024);
        assertEquals(new ChunkRange(0, atOnce - 1), parts.get(0));
        assertEquals(1023, parts.get(parts.size() - 1).last());
    }

    @Test
    void participantsThatNoHonestGatewayNamesAreRefused() {
        final SeekerRelease seeker = shared.seeker();
        final byte[] vector = new byte[shared.terms.vectorBytes()];
        assertTrue(seeker.unmask(vector, List.of(5, 8, 11), 0, 3).isPresent());
        assertTrue(seeker.unmask(vector, List.of(5, 8), 0, 3).isEmpty(), "too few");
        assertTrue(seeker.unmask(vector, List.of(5, 8, 8), 0, 3).isEmpty(), "one twice");
        assertTrue(seeker.unmask(vector, List.of(5, 8, 9), 0, 3).isEmpty(), "no member");
        assertTrue(seeker.unmask(vector, List.of(5, 8, 11), -1, 3).isEmpty());
        assertTrue(seeker.unmask(vector, List.of(5, 8, 11), 0, -3).isEmpty());
        assertTrue(seeker.unmask(new byte[32], List.of(5, 8, 11), 0, 3).isEmpty());
    }
}
