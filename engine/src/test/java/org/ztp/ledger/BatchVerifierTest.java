package org.ztp.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

final class BatchVerifierTest {
    private final BatchVerifier verifier = new BatchVerifier(Samples.CHAIN, Samples.SIGNATURES);

    @Test
    void aBuiltBatchHoldsItsBundlesWithTheirIds() {
        final Bundle first = Samples.small(1, 0, 3);
        final Bundle second = Samples.small(2, 0, 1);
        final Batch batch = Samples.batch(first, second);
        assertEquals(4, batch.transactions());
        assertEquals(List.of(first.id(), second.id()), batch.bundles().stream().map(Bundle::id).toList());
        assertEquals(Batch.HEADER_BYTES + first.length() + second.length(), batch.length());
        final WireWriter out = new WireWriter();
        batch.encode(out);
        assertEquals(batch.length(), out.size());
        final Batch again = Batch.parse(out.toBytes(), out.size()).orElseThrow();
        final WireWriter other = new WireWriter();
        again.encode(other);
        assertArrayEquals(out.toBytes(), other.toBytes());
        assertEquals(4, again.transactions());
    }

    @Test
    void bundlesThatLieSideBySideAreOneRun() {
        final byte[] bytes = bytes(Samples.batch(Samples.small(1, 0, 3), Samples.small(2, 0, 1)));
        final Batch whole = Batch.parse(bytes, bytes.length).orElseThrow();
        final List<Integer> sizes = new ArrayList<>();
        whole.forEachRun((array, offset, length) -> sizes.add(length));
        assertEquals(List.of(whole.length() - Batch.HEADER_BYTES), sizes);
        final Bundle alone = Samples.small(3, 0, 2);
        sizes.clear();
        Batch.of(List.of(whole.bundles().get(1), alone, whole.bundles().get(0)))
            .forEachRun((array, offset, length) -> sizes.add(length));
        assertEquals(List.of(whole.bundles().get(1).length(), alone.length(), whole.bundles().get(0).length()), sizes);
    }

    @Test
    void aBundleIsPlainIfItHoldsRecordsWithoutEntityAlone() {
        final byte[] plain = new RecordTransaction("", "text/plain", new byte[9]).encode();
        final byte[] named = new RecordTransaction("e", "", new byte[9]).encode();
        final byte[] cut = Arrays.copyOf(plain, 4);
        final byte[] other = {2, 0, 0};
        assertTrue(Samples.bundle(1, 1, 0, plain, plain).isPlain());
        for (final byte[] odd : List.of(named, cut, other)) {
            assertFalse(Samples.bundle(1, 1, 0, plain, odd).isPlain());
        }
    }

    private static byte[] bytes(final Batch batch) {
        final WireWriter out = new WireWriter();
        batch.encode(out);
        return out.toBytes();
    }

    @Test
    void aBatchBuilderStopsAtItsBytesButTakesAnyFirstBundle() {
        final Bundle bundle = Samples.small(1, 0, 3);
        final BatchBuilder builder = new BatchBuilder(Batch.HEADER_BYTES + 2 * bundle.length());
        assertTrue(builder.add(bundle));
        assertTrue(builder.add(bundle));
        assertFalse(builder.add(bundle));
        assertEquals(2, builder.count());
        assertEquals(6, builder.transactions());
        assertEquals(2, builder.build().bundles().size());
        assertEquals(0, builder.count());
        assertTrue(new BatchBuilder(10).add(bundle));
    }

    @Test
    void theRootIsTheTreeOverIdsAndSignatures() {
        final Batch batch = Samples.batch(Samples.small(1, 0, 3), Samples.small(2, 0, 1), Samples.small(3, 9, 2));
        final TreeHasher tree = new TreeHasher();
        final byte[] leaves = new byte[96];
        for (int i = 0; i < 3; i++) {
            final Bundle bundle = batch.bundles().get(i);
            final byte[] leaf = new WireWriter().hash(bundle.id())
                .raw(bundle.array(), bundle.offset() + Bundle.SIGNATURE_OFFSET, 64).toBytes();
            tree.leaf(leaf, 0, 96, leaves, 32 * i);
        }
        final BatchRef ref = new BatchRef(Hash.of(MerkleTree.of(tree, leaves, 0, 3).root()), 3, 6, batch.length());
        assertEquals(ref, Samples.ref(batch));
        assertEquals(ref, verifier.verify(batch).ref());
        assertTrue(verifier.verify(batch, ref).good());
        assertTrue(verifier.match(batch, ref).good());
    }

    @Test
    void theBundleThatNobodySignedIsNamed() {
        final Batch batch = Samples.batch(Samples.small(1, 0, 1), Samples.small(2, 0, 1), Samples.small(3, 0, 1));
        final byte[] bytes = bytes(batch);
        bytes[Batch.HEADER_BYTES + batch.bundles().get(0).length() + Bundle.SIGNATURE_OFFSET] ^= 1;
        final Batch forged = Batch.parse(bytes, bytes.length).orElseThrow();
        final BatchVerdict verdict = verifier.verify(forged);
        assertEquals(BatchVerdict.Fault.NOT_SIGNED, verdict.fault());
        assertEquals(1, verdict.bundle());
        assertTrue(forged.bundles().stream().noneMatch(bundle -> bundle.id().equals(Hash.ZERO)));
        assertTrue(verifier.match(forged, verdict.ref()).good());
    }

    @Test
    void anotherBatchThanTheNamedOneIsFound() {
        final Batch batch = Samples.batch(Samples.small(1, 0, 1));
        final BatchRef ref = Samples.ref(batch);
        for (final Batch other : List.of(Samples.batch(Samples.small(2, 0, 1)),
                Samples.batch(Samples.small(1, 1, 1)),
                Samples.batch(Samples.small(1, 0, 1), Samples.small(1, 0, 1)))) {
            assertEquals(BatchVerdict.Fault.OTHER_REFERENCE, verifier.verify(other, ref).fault());
            assertEquals(BatchVerdict.Fault.OTHER_REFERENCE, verifier.match(other, ref).fault());
        }
    }

    @Test
    void aSignatureForAnotherChainIsNone() {
        final Batch batch = Samples.batch(Samples.small(1, 0, 1));
        final BatchVerifier elsewhere = new BatchVerifier(Hash.sha256(Samples.utf8("elsewhere")), Samples.SIGNATURES);
        assertEquals(BatchVerdict.Fault.NOT_SIGNED, elsewhere.verify(batch).fault());
    }

    @Test
    void aBlocksReferencesFitItsHeaderOrNot() {
        final Batch first = Samples.batch(Samples.small(1, 0, 1));
        final Batch second = Samples.batch(Samples.small(1, 1, 2));
        final Block block = Samples.block(1, Samples.CHAIN, Hash.ZERO, first, second);
        assertTrue(BlockRoot.fits(block));
        final List<BatchRef> refs = block.batches();
        assertFalse(BlockRoot.fits(Block.of(block.header(), List.of(refs.get(1), refs.get(0)))));
        assertFalse(BlockRoot.fits(Block.of(block.header(), refs.subList(0, 1))));
        final BatchRef lying = new BatchRef(refs.get(0).root(), 1, 2, refs.get(0).bytes());
        assertFalse(BlockRoot.fits(Block.of(block.header(), List.of(lying, refs.get(1)))));
    }

    @Test
    void theRootOfNoBatchesIsTheEmptyTrees() {
        assertEquals(Hash.sha256(), BlockRoot.of(List.of()));
        assertTrue(BlockRoot.fits(Samples.block(1, Samples.CHAIN, Hash.ZERO)));
    }

    @Test
    void referencesAreLeavesOf44Bytes() {
        final Block block = Samples.block(1, Samples.CHAIN, Hash.ZERO, Samples.batch(Samples.small(1, 0, 1)));
        final WireWriter out = new WireWriter();
        block.batches().get(0).encode(out);
        assertEquals(BatchRef.BYTES, out.size());
        assertEquals(Hash.sha256(new byte[1], Arrays.copyOf(out.array(), 44)), block.header().transactionsRoot());
    }
}
