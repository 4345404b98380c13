package org.ztp.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

final class BundleHasherTest {
    private final BundleHasher hasher = new BundleHasher(Samples.CHAIN);

    @Test
    void theIdIsTheHashOfTheSignedBytesFieldByField() {
        final Bundle bundle = Samples.bundle(1, 2, 77, Samples.utf8("a"), Samples.utf8("bc"), Samples.utf8("def"));
        final TreeHasher tree = new TreeHasher();
        final byte[] leaves = new byte[96];
        tree.leaf(Samples.utf8("a"), 0, 1, leaves, 0);
        tree.leaf(Samples.utf8("bc"), 0, 2, leaves, 32);
        tree.leaf(Samples.utf8("def"), 0, 3, leaves, 64);
        final byte[] signed = new WireWriter().raw(Domain.BUNDLE.tag()).hash(Samples.CHAIN).hash(Samples.client(1))
            .raw(Samples.submission(2)).u64(77).u32(3).raw(MerkleTree.of(tree, leaves, 0, 3).root()).toBytes();
        assertEquals(Bundle.SIGNED_BYTES, signed.length);
        assertEquals(Hash.sha256(signed), hasher.identify(bundle));
        assertArrayEquals(signed, hasher.signed());
        assertEquals(Hash.sha256(signed), bundle.id());
    }

    @Test
    void aHasherIsReusable() {
        final Bundle first = Samples.small(1, 0, 5);
        final Bundle second = Samples.small(2, 0, 8);
        final Hash id = hasher.identify(first);
        hasher.identify(second);
        assertEquals(id, hasher.identify(first));
        assertNotEquals(id, second.id());
    }

    @Test
    void everyBitOfABundleIsFixedByIdAndSignature() {
        final Bundle bundle = Samples.small(1, 3, 2);
        assertTrue(hasher.verify(bundle, Samples.SIGNATURES));
        for (int bit = 0; bit < 8 * bundle.length(); bit++) {
            final byte[] changed = bundle.array().clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            final int at = bit;
            Bundle.parse(changed, 0, changed.length).ifPresent(other ->
                assertFalse(hasher.verify(other, Samples.SIGNATURES), () -> "bit " + at));
        }
    }

    @Test
    void theLeafIsOverIdAndSignature() {
        final Bundle bundle = Samples.small(1, 3, 2);
        final byte[] leaf = new byte[40];
        hasher.leaf(bundle, leaf, 8);
        final Hash expected = Hash.sha256(new byte[1], bundle.id().toBytes(),
            Arrays.copyOfRange(bundle.array(), 64, 128));
        assertEquals(expected, Hash.copyOf(leaf, 8));
    }

    @Test
    void perBundleTheIdAloneIsAllocated() {
        final Bundle bundle = Samples.small(1, 3, 1000);
        final byte[] leaf = new byte[32];
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            final long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 100; i++) {
                hasher.verify(bundle, (key, keyOffset, signature, signatureOffset, message) -> true);
                hasher.leaf(bundle, leaf, 0);
            }
            least = Math.min(least, (threads.getThreadAllocatedBytes(thread) - before) / 100);
        }
        assertTrue(least < 64, "bytes for each bundle of 1,000 transactions: " + least);
    }

    @Test
    void aBuilderTakesNoMoreThanABundleHolds() {
        final BundleBuilder builder = Samples.builder(1, 1);
        final byte[] half = new byte[Bundle.MAX_BODY_BYTES / 2 - 4];
        assertTrue(builder.add(half, 0, half.length));
        assertTrue(builder.add(half, 0, half.length));
        assertFalse(builder.add(half, 0, 1));
        assertEquals(2, builder.count());
        final Bundle full = builder.seal(0);
        assertEquals(Bundle.HEADER_BYTES + Bundle.MAX_BODY_BYTES, full.length());
        assertEquals(0, builder.count());
        for (int i = 0; i < Bundle.MAX_TRANSACTIONS; i++) {
            assertTrue(builder.add(half, 0, 1));
        }
        assertFalse(builder.add(half, 0, 1));
        assertEquals(Bundle.MAX_TRANSACTIONS, builder.seal(1).count());
    }

    @Test
    void anEmptyTransactionOrBundleIsOurOwnFault() {
        final BundleBuilder builder = Samples.builder(1, 1);
        assertThrows(IllegalArgumentException.class, () -> builder.add(new byte[1], 0, 0));
        assertThrows(IllegalStateException.class, () -> builder.seal(0));
        assertThrows(IllegalArgumentException.class,
            () -> new BundleBuilder(Samples.CHAIN, Samples.client(1), new byte[15], message -> message));
    }
}
