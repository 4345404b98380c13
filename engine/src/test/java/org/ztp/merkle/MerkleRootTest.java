package org.ztp.merkle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ztp.merkle.Hashes.hex;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MerkleRootTest {
    private final TreeHasher hasher = new TreeHasher();
    private final CompactRange range = new CompactRange(hasher);
    private final byte[] out = new byte[32];

    @Test
    void rootsAreThoseOfCertificateTransparency() {
        byte[] hashes = Hashes.ctLeafHashes();
        for (int size = 1; size <= 8; size++) {
            assertAllRoots(hex(Hashes.CT_ROOTS[size - 1]), hashes, size);
        }
    }

    @Test
    void theEmptyTreeIsTheHashOfNothing() {
        assertAllRoots(hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), new byte[0], 0);
    }

    @Test
    void allReductionsFollowTheDefinition() {
        byte[] hashes = Hashes.leafHashes(300);
        for (int size = 0; size <= 300; size++) {
            assertAllRoots(Hashes.rootByDefinition(hasher, hashes, 0, size), hashes, size);
        }
    }

    @Test
    void aSliceInTheMiddleOfAnArrayIsReducedAlone() {
        byte[] hashes = Hashes.leafHashes(9);
        byte[] work = hashes.clone();
        MerkleRoot.reduceInPlace(hasher, work, 64, 5);
        assertArrayEquals(Hashes.rootByDefinition(hasher, hashes, 2, 7), Hashes.at(work, 2));
        assertArrayEquals(Arrays.copyOf(hashes, 64), Arrays.copyOf(work, 64));
        assertArrayEquals(Arrays.copyOfRange(hashes, 224, 288), Arrays.copyOfRange(work, 224, 288));
    }

    @Test
    void blocksOfAPowerOfTwoReduceToTheSameRoot() {
        byte[] hashes = Hashes.leafHashes(100);
        for (int size = 1; size <= 100; size++) {
            for (int block = 1; block <= 64; block *= 2) {
                byte[] work = hashes.clone();
                int blocks = 0;
                for (int from = 0; from < size; from += block) {
                    MerkleRoot.reduceInPlace(hasher, work, from * 32, Math.min(block, size - from));
                    System.arraycopy(work, from * 32, work, blocks++ * 32, 32);
                }
                MerkleRoot.reduceInPlace(hasher, work, 0, blocks);
                assertArrayEquals(Hashes.rootByDefinition(hasher, hashes, 0, size), Arrays.copyOf(work, 32));
            }
        }
    }

    @Test
    void aRangeTakesWholeSubtreesWhereTheyFit() {
        byte[] hashes = Hashes.leafHashes(28);
        appendBlock(hashes, 0, 4);
        appendBlock(hashes, 16, 3);
        appendBlock(hashes, 24, 2);
        range.root(out, 0);
        assertEquals(28, range.size());
        assertArrayEquals(Hashes.rootByDefinition(hasher, hashes, 0, 28), out);
        assertThrows(IllegalArgumentException.class, () -> range.appendSubtree(hashes, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> range.appendSubtree(hashes, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> range.appendSubtree(hashes, 0, 63));
    }

    @Test
    void aRangeIsFullAtTheLargestLong() {
        for (int level = 62; level >= 0; level--) {
            range.appendSubtree(out, 0, level);
        }
        assertEquals(Long.MAX_VALUE, range.size());
        range.root(out, 0);
        assertThrows(IllegalArgumentException.class, () -> range.append(out, 0));
    }

    @Test
    void countsThatLeaveTheArrayAreRefused() {
        byte[] hashes = new byte[64];
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleRoot.reduceInPlace(hasher, hashes, 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleRoot.reduceInPlace(hasher, hashes, 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleRoot.reduceInPlace(hasher, hashes, 0, -1));
        assertThrows(IndexOutOfBoundsException.class,
                () -> MerkleRoot.root(range, hashes, 0, Integer.MAX_VALUE / 2, out, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> MerkleTree.of(hasher, hashes, 32, 2));
    }

    private void appendBlock(byte[] hashes, int from, int level) {
        byte[] root = Hashes.rootByDefinition(hasher, hashes, from, from + (1 << level));
        range.appendSubtree(root, 0, level);
    }

    private void assertAllRoots(byte[] expected, byte[] hashes, int size) {
        MerkleRoot.root(range, hashes, 0, size, out, 0);
        assertArrayEquals(expected, out);
        assertEquals(size, range.size());
        assertArrayEquals(expected, MerkleTree.of(hasher, hashes, 0, size).root());
        byte[] work = Arrays.copyOf(hashes, Math.max(32, hashes.length));
        MerkleRoot.reduceInPlace(hasher, work, 0, size);
        assertArrayEquals(expected, Arrays.copyOf(work, 32));
    }
}
