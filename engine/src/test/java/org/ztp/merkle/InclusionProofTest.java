package org.ztp.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.merkle.Hashes.hex;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InclusionProofTest {
    private final TreeHasher hasher = new TreeHasher();

    @Test
    void proofsAreThoseOfCertificateTransparency() {
        assertCtProof(0, 1);
        assertCtProof(0, 8,
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertCtProof(5, 8,
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertCtProof(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertCtProof(1, 5,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Test
    void everyLeafOfEverySizeIsProvenAndEveryMutationRefused() {
        byte[] hashes = Hashes.leafHashes(130);
        for (int size = 1; size <= 130; size++) {
            MerkleTree tree = MerkleTree.of(hasher, hashes, 0, size);
            byte[] root = tree.root();
            for (int index = 0; index < size; index++) {
                byte[] leaf = Hashes.at(hashes, index);
                byte[] path = InclusionProof.prove(tree, index);
                assertTrue(InclusionProof.verify(hasher, index, size, leaf, path, root));
                assertMutationsRefused(index, size, leaf, path, root);
            }
        }
    }

    @Test
    void aProofHoldsForNoOtherIndexOfTheTree() {
        byte[] hashes = Hashes.leafHashes(37);
        for (int size = 1; size <= 37; size++) {
            MerkleTree tree = MerkleTree.of(hasher, hashes, 0, size);
            for (int index = 0; index < size; index++) {
                byte[] path = InclusionProof.prove(tree, index);
                for (int other = -1; other <= size; other++) {
                    if (other != index) {
                        assertFalse(InclusionProof.verify(
                                hasher, other, size, Hashes.at(hashes, index), path, tree.root()));
                    }
                }
            }
        }
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        byte[] hashes = Hashes.leafHashes(2);
        MerkleTree tree = MerkleTree.of(hasher, hashes, 0, 2);
        byte[] leaf = Hashes.at(hashes, 0);
        byte[] path = InclusionProof.prove(tree, 0);
        long[] numbers = {Long.MIN_VALUE, -1, 0, 1, 2, 3, Integer.MAX_VALUE, Long.MAX_VALUE};
        for (long index : numbers) {
            for (long size : numbers) {
                boolean honest = index == 0 && size == 2;
                assertTrue(honest == InclusionProof.verify(hasher, index, size, leaf, path, tree.root()),
                        "index=" + index + " size=" + size);
            }
        }
        assertFalse(InclusionProof.verify(hasher, 0, 2, new byte[31], path, tree.root()));
        assertFalse(InclusionProof.verify(hasher, 0, 2, leaf, path, new byte[33]));
        assertFalse(InclusionProof.verify(hasher, 0, Long.MAX_VALUE, leaf, new byte[64 * 32], tree.root()));
        assertThrows(IndexOutOfBoundsException.class, () -> InclusionProof.prove(tree, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> InclusionProof.prove(tree, -1));
    }

    private void assertMutationsRefused(int index, int size, byte[] leaf, byte[] path, byte[] root) {
        for (int at = index % 32; at < path.length; at += 32) {
            byte[] wrong = path.clone();
            wrong[at] ^= (byte) (1 << size % 8);
            assertFalse(InclusionProof.verify(hasher, index, size, leaf, wrong, root));
        }
        for (int length = 0; length < path.length; length += 32) {
            assertFalse(InclusionProof.verify(hasher, index, size, leaf, Arrays.copyOf(path, length), root));
        }
        byte[] longer = Arrays.copyOf(path, path.length + 32);
        assertFalse(InclusionProof.verify(hasher, index, size, leaf, longer, root));
        assertFalse(InclusionProof.verify(hasher, index, size, leaf, Arrays.copyOf(path, path.length + 1), root));
        byte[] wrongLeaf = leaf.clone();
        wrongLeaf[size % 32] ^= 1;
        assertFalse(InclusionProof.verify(hasher, index, size, wrongLeaf, path, root));
        byte[] wrongRoot = root.clone();
        wrongRoot[index % 32] ^= 1;
        assertFalse(InclusionProof.verify(hasher, index, size, leaf, path, wrongRoot));
    }

    private void assertCtProof(int index, int size, String... path) {
        byte[] hashes = Hashes.ctLeafHashes();
        MerkleTree tree = MerkleTree.of(hasher, hashes, 0, size);
        assertArrayEquals(hex(path), InclusionProof.prove(tree, index));
        assertTrue(InclusionProof.verify(
                hasher, index, size, Hashes.at(hashes, index), hex(path), hex(Hashes.CT_ROOTS[size - 1])));
    }
}
