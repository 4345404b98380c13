package org.ztp.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.merkle.Hashes.hex;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConsistencyProofTest {
    private final TreeHasher hasher = new TreeHasher();

    @Test
    void proofsAreThoseOfCertificateTransparency() {
        assertCtProof(1, 1);
        assertCtProof(1, 8,
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertCtProof(6, 8,
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertCtProof(2, 5,
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Test
    void everyPairOfSizesIsProvenAndEveryMutationRefused() {
        byte[] hashes = Hashes.leafHashes(130);
        byte[][] roots = new byte[131][];
        for (int size = 0; size <= 130; size++) {
            MerkleTree later = MerkleTree.of(hasher, hashes, 0, size);
            roots[size] = later.root();
            for (int earlier = 0; earlier <= size; earlier++) {
                byte[] path = ConsistencyProof.prove(later, earlier);
                assertTrue(ConsistencyProof.verify(hasher, earlier, size, roots[earlier], roots[size], path));
                assertMutationsRefused(earlier, size, roots[earlier], roots[size], path);
            }
        }
    }

    @Test
    void aForkedTreeIsNotConsistent() {
        byte[] hashes = Hashes.leafHashes(60);
        byte[] forked = hashes.clone();
        forked[3 * 32] ^= 1; // leaf 3 was rewritten
        MerkleTree later = MerkleTree.of(hasher, forked, 0, 60);
        for (int earlier = 1; earlier < 60; earlier++) {
            byte[] root = MerkleTree.of(hasher, hashes, 0, earlier).root();
            byte[] path = ConsistencyProof.prove(later, earlier);
            assertEquals(earlier <= 3, ConsistencyProof.verify(hasher, earlier, 60, root, later.root(), path));
        }
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        byte[] hashes = Hashes.leafHashes(6);
        MerkleTree later = MerkleTree.of(hasher, hashes, 0, 6);
        byte[] earlierRoot = MerkleTree.of(hasher, hashes, 0, 3).root();
        byte[] path = ConsistencyProof.prove(later, 3);
        long[] numbers = {Long.MIN_VALUE, -1, 0, Integer.MAX_VALUE, Long.MAX_VALUE};
        for (long number : numbers) {
            assertFalse(ConsistencyProof.verify(hasher, number, 6, earlierRoot, later.root(), path));
            assertFalse(ConsistencyProof.verify(hasher, 3, number, earlierRoot, later.root(), path));
            assertFalse(ConsistencyProof.verify(hasher, number, number, earlierRoot, later.root(), path));
        }
        assertFalse(ConsistencyProof.verify(hasher, 3, 6, new byte[31], later.root(), path));
        assertFalse(ConsistencyProof.verify(hasher, 3, 6, earlierRoot, new byte[0], path));
        assertThrows(IndexOutOfBoundsException.class, () -> ConsistencyProof.prove(later, 7));
        assertThrows(IndexOutOfBoundsException.class, () -> ConsistencyProof.prove(later, -1));
    }

    private void assertMutationsRefused(int earlier, int size, byte[] earlierRoot, byte[] laterRoot, byte[] path) {
        for (int at = earlier % 32; at < path.length; at += 32) {
            byte[] wrong = path.clone();
            wrong[at] ^= (byte) (1 << size % 8);
            assertFalse(ConsistencyProof.verify(hasher, earlier, size, earlierRoot, laterRoot, wrong));
        }
        for (int length = 0; length < path.length; length += 32) {
            assertFalse(ConsistencyProof.verify(
                    hasher, earlier, size, earlierRoot, laterRoot, Arrays.copyOf(path, length)));
        }
        assertFalse(ConsistencyProof.verify(
                hasher, earlier, size, earlierRoot, laterRoot, Arrays.copyOf(path, path.length + 32)));
        assertFalse(ConsistencyProof.verify(
                hasher, earlier, size, earlierRoot, laterRoot, Arrays.copyOf(path, path.length + 1)));
        byte[] wrong = earlierRoot.clone();
        wrong[size % 32] ^= 1;
        assertFalse(ConsistencyProof.verify(hasher, earlier, size, wrong, laterRoot, path));
        if (earlier > 0) { // every tree extends the empty one
            wrong = laterRoot.clone();
            wrong[earlier % 32] ^= 1;
            assertFalse(ConsistencyProof.verify(hasher, earlier, size, earlierRoot, wrong, path));
        }
    }

    private void assertCtProof(int earlier, int later, String... path) {
        MerkleTree tree = MerkleTree.of(hasher, Hashes.ctLeafHashes(), 0, later);
        assertArrayEquals(hex(path), ConsistencyProof.prove(tree, earlier));
        assertTrue(ConsistencyProof.verify(hasher, earlier, later,
                hex(Hashes.CT_ROOTS[earlier - 1]), hex(Hashes.CT_ROOTS[later - 1]), hex(path)));
    }
}
