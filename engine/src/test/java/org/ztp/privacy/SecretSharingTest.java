package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.ztp.crypto.SeededRandomness;

/** Any k of n shares give the secret; k - 1 say nothing. */
class SecretSharingTest {
    @Test
    void theThresholdAmongReplicasIsOneMoreThanMayBeFaulty() {
        assertEquals(2, SecretSharing.amongReplicas(4).threshold());
        assertEquals(2, SecretSharing.amongReplicas(6).threshold());
        assertEquals(3, SecretSharing.amongReplicas(7).threshold());
        assertEquals(6, SecretSharing.amongReplicas(16).threshold());
        assertEquals(85, SecretSharing.amongReplicas(255).threshold());
    }

    /** For each secret byte, every value of the one share known comes from exactly one coefficient. */
    @Test
    void oneShareOfTwoSaysNothing() {
        for (final int x : new int[] {1, 2, 3, 17, 255}) {
            for (int secret = 0; secret < 256; secret++) {
                final int[] seen = new int[256];
                final byte[] secrets = filled(256, secret);
                final byte[] share = new byte[256];
                SecretSharing.evaluate(x, 2, secrets, 0, 256, counting(), 256, share);
                for (final byte value : share) {
                    seen[value & 0xff]++;
                }
                assertArrayEquals(IntStream.generate(() -> 1).limit(256).toArray(), seen);
            }
        }
    }

    /**
     * For each secret byte, every pair of values of the two shares known comes from exactly one pair of coefficients.
     */
    @Test
    void twoSharesOfThreeSayNothing() {
        for (int secret = 0; secret < 256; secret++) {
            final byte[] secrets = filled(256, secret);
            final boolean[] seen = new boolean[1 << 16];
            final byte[] coefficients = Arrays.copyOf(counting(), 512);
            final byte[] first = new byte[256];
            final byte[] second = new byte[256];
            for (int highest = 0; highest < 256; highest++) {
                Arrays.fill(coefficients, 256, 512, (byte) highest);
                SecretSharing.evaluate(1, 3, secrets, 0, 256, coefficients, 256, first);
                SecretSharing.evaluate(5, 3, secrets, 0, 256, coefficients, 256, second);
                for (int i = 0; i < 256; i++) {
                    final int pair = (first[i] & 0xff) << 8 | second[i] & 0xff;
                    assertFalse(seen[pair]);
                    seen[pair] = true;
                }
            }
        }
    }

    @Property(tries = 100)
    void everySetOfEnoughReplicasJoins(@ForAll @IntRange(min = 1, max = 40) final int n,
                                       @ForAll @Size(min = 1, max = 100) final byte[] secret,
                                       @ForAll final long seed) {
        final SecretSharing sharing = SecretSharing.amongReplicas(n);
        final byte[][] shares = sharing.splitAll(secret, new SeededRandomness(seed));
        final Random random = new Random(seed);
        final int size = sharing.threshold() + random.nextInt(n - sharing.threshold() + 1);
        final ParticipantSet set = randomSet(random, n, size);
        assertArrayEquals(secret, sharing.join(set, of(set, shares)));

        final byte[] sum = new byte[secret.length];
        for (int place = 0; place < set.size(); place++) {
            final byte[] contribution = shares[set.replica(place)].clone();
            sharing.contribution(set.replica(place), set, contribution);
            GaloisField256.add(sum, 0, sum.length, contribution, 0);
        }
        assertArrayEquals(secret, sum);
    }

    @Test
    void allPairsOfFourAndAllTriplesOfSevenJoin() {
        final byte[] secret = new SeededRandomness(51).bytes(64);
        for (final int n : new int[] {4, 7}) {
            final SecretSharing sharing = SecretSharing.amongReplicas(n);
            final byte[][] shares = sharing.splitAll(secret, new SeededRandomness(52));
            for (int bits = 1; bits < 1 << n; bits++) {
                if (Integer.bitCount(bits) >= sharing.threshold()) {
                    final int members = bits;
                    final ParticipantSet set =
                        ParticipantSet.of(IntStream.range(0, n).filter(j -> (members >> j & 1) != 0).toArray());
                    assertArrayEquals(secret, sharing.join(set, of(set, shares)));
                }
            }
        }
    }

    @Test
    void mostSharesThereAreJoin() {
        final SecretSharing sharing = new SecretSharing(255, 255);
        final byte[] secret = {1, 2, 3};
        final ParticipantSet all = ParticipantSet.of(IntStream.range(0, 255).toArray());
        assertArrayEquals(secret, sharing.join(all, sharing.splitAll(secret, new SeededRandomness(53))));
    }

    @Test
    void thePiecesDoNotDependOnTheirOrder() {
        final SecretSharing sharing = SecretSharing.amongReplicas(7);
        final byte[] secrets = new SeededRandomness(54).bytes(3 * SecretSharing.Split.PIECE_BYTES + 100);
        final byte[][] expected = sharing.splitAll(secrets, new SeededRandomness(55));
        final byte[][] actual = new byte[7][secrets.length];
        try (SecretSharing.Split split = sharing.split(secrets, new SeededRandomness(55))) {
            assertEquals(4, split.pieces());
            IntStream.range(0, split.pieces()).parallel().map(i -> 3 - i).forEach(i -> split.piece(i, actual));
        }
        assertArrayEquals(expected, actual);
        final ParticipantSet set = ParticipantSet.of(6, 0, 3);
        assertArrayEquals(secrets, sharing.join(set, of(set, actual)));
    }

    @Test
    void piecesHaveCoefficientsOfTheirOwn() {
        final byte[] zeros = new byte[2 * SecretSharing.Split.PIECE_BYTES];
        final byte[] share = new SecretSharing(2, 2).splitAll(zeros, new SeededRandomness(56))[0];
        assertFalse(Arrays.equals(Arrays.copyOf(share, 4096), Arrays.copyOfRange(share, 4096, 8192)));
    }

    @Test
    void goldenShares() {
        final byte[][] shares = SecretSharing.amongReplicas(4).splitAll(new byte[] {0, 1, (byte) 0xff},
            new SeededRandomness(57));
        assertEquals(List.of("e7093d", "d51160", "3219a2", "b121da"), Arrays.stream(shares).map(HexFormat.of()::formatHex).toList());
    }

    @Test
    void tooSmallSetsStrangersAndUnequalSharesAreRefused() {
        final SecretSharing sharing = SecretSharing.amongReplicas(4);
        final byte[][] shares = sharing.splitAll(new byte[32], new SeededRandomness(58));
        assertThrows(IllegalArgumentException.class, () -> sharing.join(ParticipantSet.of(1), shares));
        assertThrows(IllegalArgumentException.class, () -> sharing.join(ParticipantSet.of(1, 4), shares));
        assertThrows(IllegalArgumentException.class,
            () -> sharing.join(ParticipantSet.of(0, 1), new byte[][] {new byte[32], new byte[31]}));
        assertThrows(IllegalArgumentException.class,
            () -> sharing.contribution(2, ParticipantSet.of(0, 1), new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> ParticipantSet.of(1, 1));
        assertThrows(IllegalArgumentException.class, () -> ParticipantSet.of());
        assertThrows(IllegalArgumentException.class, () -> ParticipantSet.of(255));
        assertThrows(IllegalArgumentException.class, () -> ParticipantSet.of(-1));
        assertThrows(IllegalArgumentException.class, () -> new SecretSharing(256, 1));
        assertThrows(IllegalArgumentException.class, () -> new SecretSharing(3, 4));
    }

    static ParticipantSet randomSet(final Random random, final int n, final int size) {
        final List<Integer> all = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(all, random);
        return ParticipantSet.of(all.stream().limit(size).mapToInt(Integer::intValue).toArray());
    }

    private static byte[][] of(final ParticipantSet set, final byte[][] shares) {
        return IntStream.range(0, set.size()).mapToObj(place -> shares[set.replica(place)]).toArray(byte[][]::new);
    }

    private static byte[] counting() {
        final byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    private static byte[] filled(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
