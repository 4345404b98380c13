package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.wire.Hash;

/** The whole way of a key, from the owner through the replicas to the seeker. */
class ReleaseTest {
    private static final int CHUNKS = 6;
    private static final Hash CHAIN = Hash.sha256(new byte[] {4});
    private static final Hash NONCE = Hash.sha256(new byte[] {5});
    private static final Hash REQUEST = Hash.sha256(new byte[] {6});
    private static final DatasetContext CONTEXT =
        new DatasetContext(CHAIN, SigningKey.generate(new SeededRandomness(90)).verifyKey(), NONCE);

    /** A published dataset and its replicas, as the ledger and the nodes hold them. */
    private static final class World {
        final SeededRandomness randomness;
        final SecretSharing sharing;
        final List<X25519PrivateKey> nodes = new ArrayList<>();
        final SigningKey seeker;
        final X25519PrivateKey fresh;
        final byte[] keys;
        final List<byte[]> chunkBoxes = new ArrayList<>();
        final List<byte[]> openerBoxes = new ArrayList<>();
        final List<Hash> chunkRoots = new ArrayList<>();
        final List<Hash> openerRoots = new ArrayList<>();
        final byte[] seekerBox;

        World(final int n, final long seed) {
            randomness = new SeededRandomness(seed);
            sharing = SecretSharing.amongReplicas(n);
            IntStream.range(0, n).forEach(j -> nodes.add(X25519PrivateKey.generate(randomness)));
            seeker = SigningKey.generate(randomness);
            fresh = X25519PrivateKey.generate(randomness);
            keys = randomness.bytes(CHUNKS * 32);
            final byte[] firsts = keys.clone();
            try (ChunkHalves halves = new ChunkHalves(randomness.bytes(32), NONCE)) {
                IntStream.range(0, CHUNKS).forEach(i -> halves.keyToFirst(i, firsts, i * 32));
                final byte[][] shares = sharing.splitAll(firsts, randomness);
                final SeekerBox box =
                    SeekerBox.seal(CONTEXT, seeker.verifyKey(), 0, halves.seconds(0, CHUNKS), randomness);
                seekerBox = box.sealed();
                final byte[][] openers = sharing.splitAll(box.opener(), randomness);
                for (int j = 0; j < n; j++) {
                    final ShareBox chunkBox = new ShareBox(randomness.bytes(32), shares[j]);
                    chunkRoots.add(chunkBox.commitment().root());
                    chunkBoxes.add(chunkBox.sealChunks(CONTEXT, j, nodes.get(j).publicKey(), randomness));
                    final ShareBox openerBox = new ShareBox(randomness.bytes(32), openers[j]);
                    openerRoots.add(openerBox.commitment().root());
                    openerBoxes.add(openerBox.sealOpener(CONTEXT, j, seeker.verifyKey(),
                        nodes.get(j).publicKey(), randomness));
                }
            }
        }

        ShareBox chunkBox(final int replica) {
            return ShareBox.openChunks(CONTEXT, replica, CHUNKS, nodes.get(replica), chunkBoxes.get(replica))
                .orElseThrow();
        }

        ShareBox openerBox(final int replica) {
            return ShareBox.openOpener(CONTEXT, replica, seeker.verifyKey(), nodes.get(replica),
                openerBoxes.get(replica)).orElseThrow();
        }

        /** First halves of chunks, then the opener. */
        byte[] contribution(final int replica, final ReleaseContext release, final int first, final int count) {
            final byte[] vector = new byte[(count + 1) * 32];
            chunkBox(replica).copyShares(first, count, vector, 0);
            openerBox(replica).copyShares(0, 1, vector, count * 32);
            Masking.contribute(sharing, replica, nodes.get(replica), fresh.publicKey(), release, vector);
            return vector;
        }

        List<X25519PublicKey> nodeKeys() {
            return nodes.stream().map(X25519PrivateKey::publicKey).toList();
        }

        /** What the seeker makes of the sum: keys, or null when a box stays closed. */
        byte[] keysOf(final byte[] sum, final ReleaseContext release, final int first, final int count) {
            Masking.unmask(fresh, nodeKeys(), release, sum);
            final byte[] opener = Arrays.copyOfRange(sum, count * 32, sum.length);
            return SeekerBox.open(CONTEXT, seeker.verifyKey(), seeker.toX25519(), opener, 0, CHUNKS, seekerBox)
                .map(seconds -> {
                    final byte[] joined = Arrays.copyOf(sum, count * 32);
                    ChunkHalves.join(joined, Arrays.copyOfRange(seconds, first * 32, (first + count) * 32));
                    return joined;
                }).orElse(null);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 16})
    void theSeekerGetsTheKeysOfItsChunksFromAnySet(final int n) {
        final World world = new World(n, n);
        final Random random = new Random(n);
        for (int attempt = 0; attempt < 5; attempt++) {
            final int size = world.sharing.threshold();
            final ReleaseContext release = release(SecretSharingTest.randomSet(random, n, size), attempt);
            final byte[] sum = sum(world, release, 2, 3);
            assertArrayEquals(Arrays.copyOfRange(world.keys, 2 * 32, 5 * 32), world.keysOf(sum, release, 2, 3));
        }
    }

    @Test
    void aMaskedVectorChangesWithEverythingItIsBoundTo() {
        final World world = new World(4, 91);
        final ParticipantSet set = ParticipantSet.of(0, 1);
        final List<ReleaseContext> releases = List.of(
            new ReleaseContext(CHAIN, REQUEST, 0, 1, set, 0),
            new ReleaseContext(Hash.ZERO, REQUEST, 0, 1, set, 0),
            new ReleaseContext(CHAIN, Hash.ZERO, 0, 1, set, 0),
            new ReleaseContext(CHAIN, REQUEST, 1, 1, set, 0),
            new ReleaseContext(CHAIN, REQUEST, 0, 2, set, 0),
            new ReleaseContext(CHAIN, REQUEST, 0, 1, ParticipantSet.of(0, 2), 0),
            new ReleaseContext(CHAIN, REQUEST, 0, 1, set, 1));
        assertEquals(releases.size(), releases.stream()
            .map(release -> HexFormat.of().formatHex(world.contribution(0, release, 0, 1), 0, 8)).distinct().count());
    }

    @Test
    void aGatewaySeesNoise() {
        final World world = new World(4, 92);
        int ones = 0;
        final byte[] plain = new byte[(CHUNKS + 1) * 32];
        world.chunkBox(0).copyShares(0, CHUNKS, plain, 0);
        world.openerBox(0).copyShares(0, 1, plain, CHUNKS * 32);
        final int attempts = 100;
        for (int attempt = 0; attempt < attempts; attempt++) {
            final byte[] masked = world.contribution(0, release(ParticipantSet.of(0, 1), attempt), 0, CHUNKS);
            for (int i = 0; i < masked.length; i++) {
                ones += Integer.bitCount((masked[i] ^ plain[i]) & 0xff);
            }
        }
        final double bits = attempts * plain.length * 8.0;
        assertEquals(0.5, ones / bits, 6 * 0.5 / Math.sqrt(bits), "more than six standard deviations off");
    }

    @Test
    void theSumIsNothingWithoutTheFreshKeyOrUnderAnotherContext() {
        final World world = new World(4, 93);
        final ReleaseContext release = release(ParticipantSet.of(1, 3), 0);
        final byte[] sum = sum(world, release, 0, CHUNKS);
        assertNull(world.keysOf(sum.clone(), release(ParticipantSet.of(1, 3), 1), 0, CHUNKS));
        final byte[] taken = sum.clone();
        Masking.unmask(X25519PrivateKey.generate(world.randomness), world.nodeKeys(), release, taken);
        assertTrue(SeekerBox.open(CONTEXT, world.seeker.verifyKey(), world.seeker.toX25519(),
            Arrays.copyOfRange(taken, CHUNKS * 32, taken.length), 0, CHUNKS, world.seekerBox).isEmpty());
    }

    @Test
    void aWrongShareIsSeenByTheKeyCommitmentAndItsSenderIsNamed() {
        final World world = new World(7, 94);
        final ParticipantSet set = ParticipantSet.of(0, 4, 6);
        final ReleaseContext release = release(set, 0);
        final byte[] sum = sum(world, release, 0, CHUNKS);
        sum[3 * 32] ^= 1;
        final byte[] keys = world.keysOf(sum, release, 0, CHUNKS);
        final KeyCommitments commitments = new KeyCommitments(NONCE);
        final byte[] commitment = new byte[32];
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            commitments.commit(chunk, world.keys, chunk * 32, commitment, 0);
            assertEquals(chunk != 3, commitments.matches(chunk, keys, chunk * 32, Hash.of(commitment)));
        }

        final List<Integer> liars = new ArrayList<>();
        for (int replica = 0; replica < 7; replica++) {
            final byte[] sent = world.chunkBox(replica).commitment().open(3).encode();
            if (replica == 4) {
                sent[Integer.BYTES + 32] ^= 1;
            }
            final ShareOpening opening = ShareOpening.decode(sent).orElseThrow();
            if (!opening.matches(world.chunkRoots.get(replica), CHUNKS)) {
                liars.add(replica);
            }
        }
        assertEquals(List.of(4), liars);

        final ReleaseContext again = release(ParticipantSet.of(0, 5, 6), 1);
        assertArrayEquals(world.keys, world.keysOf(sum(world, again, 0, CHUNKS), again, 0, CHUNKS));
    }

    @Test
    void aWrongOpenerShareIsNamedTheSameWay() {
        final World world = new World(4, 95);
        final ShareOpening opening = world.openerBox(2).commitment().open(0);
        assertTrue(opening.matches(world.openerRoots.get(2), 1));
        assertFalse(opening.matches(world.openerRoots.get(1), 1));
    }

    @Test
    void asManyReplicasAsMayBeFaultyCannotEvenOpenTheSeekersInnerBox() {
        final World world = new World(7, 96);
        final int f = world.sharing.threshold() - 1;
        final byte[][] shares = IntStream.range(0, f).mapToObj(j -> {
            final byte[] share = new byte[32];
            world.openerBox(j).copyShares(0, 1, share, 0);
            return share;
        }).toArray(byte[][]::new);
        final ParticipantSet few = ParticipantSet.of(IntStream.range(0, f).toArray());
        final byte[] guess = new SecretSharing(7, f).join(few, shares);
        assertTrue(SeekerBox.open(CONTEXT, world.seeker.verifyKey(), world.seeker.toX25519(), guess, 0, CHUNKS,
            world.seekerBox).isEmpty());
    }

    private static ReleaseContext release(final ParticipantSet set, final int attempt) {
        return new ReleaseContext(CHAIN, REQUEST, 0, 1, set, attempt);
    }

    private static byte[] sum(final World world, final ReleaseContext release, final int first, final int count) {
        final byte[] sum = new byte[(count + 1) * 32];
        for (int place = 0; place < release.set().size(); place++) {
            final byte[] masked = world.contribution(release.set().replica(place), release, first, count);
            GaloisField256.add(sum, 0, sum.length, masked, 0);
        }
        return sum;
    }
}
