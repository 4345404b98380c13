package org.ztp.privacy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.wire.Hash;

/** What is sealed to replicas, seekers and owners opens for them alone, and only where it belongs. */
class BoxesTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final Hash NONCE = Hash.sha256(new byte[] {2});
    private static final SigningKey OWNER = SigningKey.generate(new SeededRandomness(70));
    private static final SigningKey THIEF = SigningKey.generate(new SeededRandomness(73));
    private static final DatasetContext CONTEXT = new DatasetContext(CHAIN, OWNER.verifyKey(), NONCE);
    private static final DatasetContext OTHER_CHAIN = new DatasetContext(Hash.ZERO, OWNER.verifyKey(), NONCE);
    private static final DatasetContext OTHER_OWNER = new DatasetContext(CHAIN, THIEF.verifyKey(), NONCE);
    private static final DatasetContext OTHER_DATASET = new DatasetContext(CHAIN, OWNER.verifyKey(), Hash.ZERO);

    private final SeededRandomness randomness = new SeededRandomness(71);
    private final X25519PrivateKey node = X25519PrivateKey.generate(randomness);
    private final SigningKey seeker = SigningKey.generate(randomness);
    private final SigningKey stranger = SigningKey.generate(randomness);

    @Test
    void aShareBoxOpensForItsReplicaDatasetAndCountOnly() {
        final byte[] shares = randomness.bytes(3 * 32);
        final ShareBox box = new ShareBox(randomness.bytes(32), shares.clone());
        final byte[] sealed = box.sealChunks(CONTEXT, 2, node.publicKey(), randomness);
        assertEquals(ShareBox.sealedBytes(3), sealed.length);
        final ShareBox opened = ShareBox.openChunks(CONTEXT, 2, 3, node, sealed).orElseThrow();
        assertEquals(box.commitment().root(), opened.commitment().root());
        final byte[] last = new byte[64];
        opened.copyShares(1, 2, last, 0);
        assertArrayEquals(Arrays.copyOfRange(shares, 32, 96), last);

        assertTrue(ShareBox.openChunks(OTHER_CHAIN, 2, 3, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(OTHER_DATASET, 2, 3, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(OTHER_OWNER, 2, 3, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 1, 3, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 2, 2, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 2, 0, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 2, Integer.MAX_VALUE, node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 2, 3, X25519PrivateKey.generate(randomness), sealed).isEmpty());
        assertTrue(ShareBox.openOpener(CONTEXT, 2, seeker.verifyKey(), node, sealed).isEmpty());
    }

    @Test
    void anOpenerShareOpensForItsSeekerOnly() {
        final ShareBox box = new ShareBox(randomness.bytes(32), randomness.bytes(32));
        final byte[] sealed = box.sealOpener(CONTEXT, 0, seeker.verifyKey(), node.publicKey(), randomness);
        assertTrue(ShareBox.openOpener(CONTEXT, 0, seeker.verifyKey(), node, sealed).isPresent());
        assertTrue(ShareBox.openOpener(CONTEXT, 0, stranger.verifyKey(), node, sealed).isEmpty());
        assertTrue(ShareBox.openOpener(CONTEXT, 1, seeker.verifyKey(), node, sealed).isEmpty());
        assertTrue(ShareBox.openOpener(OTHER_OWNER, 0, seeker.verifyKey(), node, sealed).isEmpty());
        assertTrue(ShareBox.openChunks(CONTEXT, 0, 1, node, sealed).isEmpty());
        final ShareBox two = new ShareBox(randomness.bytes(32), randomness.bytes(64));
        assertThrows(IllegalStateException.class,
            () -> two.sealOpener(CONTEXT, 0, seeker.verifyKey(), node.publicKey(), randomness));
    }

    @Test
    void aSeekerBoxNeedsBothTheSeekersKeyAndTheOpener() {
        final byte[] seconds = randomness.bytes(4 * 32);
        final SeekerBox box = SeekerBox.seal(CONTEXT, seeker.verifyKey(), 10, seconds, randomness);
        assertEquals(SeekerBox.sealedBytes(4), box.sealed().length);
        assertArrayEquals(seconds, open(box.opener(), seeker, seeker, 10, 4, box.sealed()));
        assertNull(open(new byte[32], seeker, seeker, 10, 4, box.sealed()));
        assertNull(open(box.opener(), seeker, stranger, 10, 4, box.sealed()));
        assertNull(open(box.opener(), stranger, stranger, 10, 4, box.sealed()));
        assertNull(open(box.opener(), seeker, seeker, 11, 4, box.sealed()));
        assertNull(open(box.opener(), seeker, seeker, 10, 3, box.sealed()));
        assertNull(open(box.opener(), seeker, seeker, -1, 4, box.sealed()));
        assertNull(open(box.opener(), seeker, seeker, 10, Integer.MAX_VALUE, box.sealed()));
    }

    @Test
    void everySeekerBoxHasAnOpenerOfItsOwnAndForgetsIt() {
        final byte[] seconds = randomness.bytes(32);
        final SeekerBox first = SeekerBox.seal(CONTEXT, seeker.verifyKey(), 0, seconds, randomness);
        final SeekerBox second = SeekerBox.seal(CONTEXT, seeker.verifyKey(), 0, seconds, randomness);
        assertFalse(Arrays.equals(first.opener(), second.opener()));
        assertEquals("SeekerBox[96 bytes]", first.toString());
        first.close();
        assertArrayEquals(new byte[32], first.opener());
    }

    @Test
    void anOwnerBoxOpensForItsOwnerOnly() {
        final byte[] master = randomness.bytes(32);
        final byte[] sealed = OwnerBox.seal(CONTEXT, master, randomness);
        assertEquals(OwnerBox.SEALED_BYTES, sealed.length);
        assertArrayEquals(master, OwnerBox.open(CONTEXT, OWNER, sealed).orElseThrow());
        assertTrue(OwnerBox.open(CONTEXT, stranger, sealed).isEmpty());
        assertTrue(OwnerBox.open(OTHER_CHAIN, OWNER, sealed).isEmpty());
        assertTrue(OwnerBox.open(OTHER_DATASET, OWNER, sealed).isEmpty());
        assertTrue(OwnerBox.open(OTHER_OWNER, THIEF, sealed).isEmpty());
        assertTrue(OwnerBox.open(CONTEXT, OWNER, Arrays.copyOf(sealed, 79)).isEmpty());
    }

    @Test
    void aClosedShareBoxHoldsZerosAndNoBoxShowsASecret() {
        final byte[] seed = randomness.bytes(32);
        final byte[] shares = randomness.bytes(32);
        final ShareBox box = new ShareBox(seed, shares);
        assertEquals("ShareBox[entries=1]", box.toString());
        box.close();
        assertArrayEquals(new byte[32], seed);
        assertArrayEquals(new byte[32], shares);
        assertThrows(IllegalArgumentException.class, () -> new ShareBox(new byte[31], new byte[32]));
        assertThrows(IllegalArgumentException.class, () -> new ShareBox(new byte[32], new byte[31]));
    }

    @Test
    void goldenBoxes() {
        final SeededRandomness fixed = new SeededRandomness(72);
        final X25519PrivateKey replica = X25519PrivateKey.generate(fixed);
        final SigningKey person = SigningKey.generate(fixed);
        final ShareBox box = new ShareBox(fixed.bytes(32), fixed.bytes(32));
        assertEquals("15775b9e05a36c3a283cffb5fac8952d", digest(box.sealChunks(CONTEXT, 3, replica.publicKey(), fixed)));
        assertEquals("d4b1f7ebd835cf55c25c0bc30d05a1f4", digest(box.sealOpener(CONTEXT, 3, person.verifyKey(), replica.publicKey(), fixed)));
        assertEquals("e5215cdedd194e7f8353c257dd9f5c60",
            digest(SeekerBox.seal(CONTEXT, person.verifyKey(), 5, fixed.bytes(64), fixed).sealed()));
        assertEquals("6eb577655ade97442dc06a579336fe5e", digest(OwnerBox.seal(CONTEXT, fixed.bytes(32), fixed)));
    }

    private static String digest(final byte[] sealed) {
        return HexFormat.of().formatHex(Hash.sha256(sealed).toBytes(), 0, 16);
    }

    private static byte[] open(final byte[] opener, final SigningKey named, final SigningKey holder, final int first,
                               final int chunks, final byte[] sealed) {
        return SeekerBox.open(CONTEXT, named.verifyKey(), holder.toX25519(), opener, first, chunks, sealed)
            .orElse(null);
    }
}
