package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.ztp.crypto.Hkdf;
import org.ztp.crypto.HkdfExpander;
import org.ztp.crypto.SeededRandomness;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Halves of keys, and commitments to keys and shares. */
class CommitmentsTest {
    private static final Hash NONCE = Hash.sha256(new byte[] {1});
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void theHalvesJoinToTheKeys() {
        final SeededRandomness randomness = new SeededRandomness(61);
        final byte[] keys = randomness.bytes(5 * 32);
        final byte[] firsts = keys.clone();
        try (ChunkHalves halves = new ChunkHalves(randomness.bytes(32), NONCE)) {
            for (int chunk = 0; chunk < 5; chunk++) {
                halves.keyToFirst(chunk, firsts, chunk * 32);
                assertFalse(Arrays.equals(keys, chunk * 32, chunk * 32 + 32, firsts, chunk * 32, chunk * 32 + 32));
            }
            final byte[] someFirsts = Arrays.copyOfRange(firsts, 2 * 32, 4 * 32);
            ChunkHalves.join(someFirsts, halves.seconds(2, 2));
            assertArrayEquals(Arrays.copyOfRange(keys, 2 * 32, 4 * 32), someFirsts);
        }
        assertThrows(IllegalArgumentException.class, () -> ChunkHalves.join(new byte[32], new byte[64]));
        assertThrows(IllegalArgumentException.class, () -> new ChunkHalves(new byte[31], NONCE));
    }

    @Test
    void aSecondHalfIsAGoldenDerivation() {
        try (ChunkHalves halves = new ChunkHalves(new byte[32], Hash.ZERO);
             ChunkHalves otherNonce = new ChunkHalves(new byte[32], NONCE)) {
            final byte[] second = halves.seconds(7, 1);
            assertEquals("9b5dc3a580dee427818af003a3a3ae4516be8464f6127aca6f5304ddaa7f04c9", HEX.formatHex(second));
            assertFalse(Arrays.equals(second, halves.seconds(8, 1)));
            assertFalse(Arrays.equals(second, otherNonce.seconds(7, 1)));
            assertThrows(IndexOutOfBoundsException.class, () -> halves.seconds(KeyVector.MAX_CHUNKS, 1));
        }
    }

    @Test
    void aKeyCommitmentFitsOneKeyOfOneChunk() {
        final byte[] keys = new SeededRandomness(62).bytes(64);
        final KeyCommitments commitments = new KeyCommitments(NONCE);
        final byte[] commitment = new byte[32];
        commitments.commit(1, keys, 32, commitment, 0);
        final byte[] tag = Arrays.copyOf("ztp-key-v1".getBytes(StandardCharsets.US_ASCII), 16);
        assertEquals(Hash.sha256(tag, NONCE.toBytes(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0},
            Arrays.copyOfRange(keys, 32, 64)), Hash.of(commitment));
        assertTrue(commitments.matches(1, keys, 32, Hash.of(commitment)));
        assertFalse(commitments.matches(1, keys, 0, Hash.of(commitment)));
        assertFalse(commitments.matches(0, keys, 32, Hash.of(commitment)));
        assertFalse(new KeyCommitments(Hash.ZERO).matches(1, keys, 32, Hash.of(commitment)));
    }

    @Test
    void everyShareOfEveryVectorOpensAndNoOtherDoes() {
        for (int entries = 1; entries <= 33; entries++) {
            final SeededRandomness randomness = new SeededRandomness(entries);
            final byte[] shares = randomness.bytes(entries * 32);
            final ShareCommitment commitment = ShareCommitment.of(randomness.bytes(32), shares);
            for (int chunk = 0; chunk < entries; chunk++) {
                final ShareOpening opening =
                    ShareOpening.decode(commitment.open(chunk).encode()).orElseThrow();
                assertEquals(commitment.open(chunk), opening);
                assertTrue(opening.matches(commitment.root(), entries));
                assertFalse(opening.matches(NONCE, entries));
                final byte[] share = new byte[32];
                opening.copyShare(share, 0);
                assertArrayEquals(Arrays.copyOfRange(shares, chunk * 32, chunk * 32 + 32), share);
            }
        }
    }

    @Test
    void aClosedCommitmentHasNoSaltsAnyMore() {
        final SeededRandomness randomness = new SeededRandomness(65);
        final ShareCommitment commitment = ShareCommitment.of(randomness.bytes(32), randomness.bytes(3 * 32));
        assertTrue(commitment.open(1).matches(commitment.root(), 3));
        commitment.close();
        assertFalse(commitment.open(1).matches(commitment.root(), 3));
        assertArrayEquals(new byte[32], Arrays.copyOfRange(commitment.open(1).encode(), 4, 36));
    }

    @Test
    void anOpeningWithAnyBitChangedFailsOrIsNoOpening() {
        final SeededRandomness randomness = new SeededRandomness(63);
        final ShareCommitment commitment = ShareCommitment.of(randomness.bytes(32), randomness.bytes(5 * 32));
        final byte[] encoded = commitment.open(2).encode();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            final byte[] changed = encoded.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(ShareOpening.decode(changed).map(opening -> opening.matches(commitment.root(), 5))
                .orElse(false), "bit " + bit);
        }
        for (int length = 0; length < encoded.length; length++) {
            assertTrue(ShareOpening.decode(Arrays.copyOf(encoded, length)).isEmpty());
        }
        assertTrue(ShareOpening.decode(Arrays.copyOf(encoded, encoded.length + 1)).isEmpty());
    }

    @Test
    void theRootIsThatOfSaltedLeavesAndHidesEqualShares() {
        final byte[] seed = new SeededRandomness(64).bytes(32);
        final byte[] share = new byte[32];
        final byte[] tag = Arrays.copyOf("ztp-salt-v1".getBytes(StandardCharsets.US_ASCII), 16);
        final byte[] salt;
        try (HkdfExpander expander = new HkdfExpander(seed)) {
            salt = expander.expand(new WireWriter().raw(tag).u64(0).toBytes(), 32);
        }
        assertEquals(Hash.sha256(new byte[] {0}, salt, share), ShareCommitment.of(seed, share).root());
        assertNotEquals(ShareCommitment.of(seed, share).root(),
            ShareCommitment.of(Hkdf.extract(seed, seed), share).root());
    }

    @Test
    void anOpeningShowsNoShareAndForgetsIt() {
        final byte[] shares = new SeededRandomness(65).bytes(32);
        final ShareOpening opening = ShareCommitment.of(new byte[32], shares).open(0);
        assertEquals("ShareOpening[chunk=0]", opening.toString());
        opening.close();
        final byte[] share = new byte[32];
        opening.copyShare(share, 0);
        assertArrayEquals(new byte[32], share);
    }

    @Test
    void vectorsAreBoundedMultiplesOf32() {
        assertThrows(IllegalArgumentException.class, () -> KeyVector.entries(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> KeyVector.entries(new byte[33]));
        assertFalse(KeyVector.isVector((KeyVector.MAX_CHUNKS + 1L) * 32));
        assertTrue(KeyVector.isVector(KeyVector.MAX_CHUNKS * 32L));
    }
}
