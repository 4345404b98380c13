package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

import java.util.Arrays;

/**
 * All levels of one tree, built once (n - 1 hashes, about 64 n bytes) so that each proof after it takes no hashing.
 * Immutable: any thread may read it.
 */
public final class MerkleTree {
    private final int size;
    private final byte[][] levels; // levels[k] holds ceil(size / 2^k) hashes; the last one holds the root alone

    private MerkleTree(int size, byte[][] levels) {
        this.size = size;
        this.levels = levels;
    }

    /**
     * The tree over {@code count} leaf hashes, 32 bytes each; the hashes are copied.
     *
     * @throws IndexOutOfBoundsException when the hashes leave the array
     */
    public static MerkleTree of(TreeHasher hasher, byte[] leafHashes, int offset, int count) {
        MerkleRoot.checkHashes(leafHashes, offset, count);
        if (count == 0) {
            byte[] root = new byte[LENGTH];
            hasher.empty(root, 0);
            return new MerkleTree(0, new byte[][] {root});
        }
        byte[][] levels = new byte[depth(count) + 1][];
        levels[0] = Arrays.copyOfRange(leafHashes, offset, offset + count * LENGTH);
        for (int k = 1; k < levels.length; k++) {
            int below = levels[k - 1].length / LENGTH;
            levels[k] = new byte[(below + 1) / 2 * LENGTH];
            MerkleRoot.reduceLevel(hasher, levels[k - 1], 0, below, levels[k], 0);
        }
        return new MerkleTree(count, levels);
    }

    /** Leaves. */
    public int size() {
        return size;
    }

    /** The root, 32 bytes, a new array. */
    public byte[] root() {
        return levels[levels.length - 1].clone();
    }

    /** Nodes on a level, 0 being the leaves. */
    int width(int level) {
        return levels[level].length / LENGTH;
    }

    /** Levels above the leaves: ceil(log2(size)). */
    int depth() {
        return levels.length - 1;
    }

    void copyNode(int level, int index, byte[] out, int outOffset) {
        System.arraycopy(levels[level], index * LENGTH, out, outOffset, LENGTH);
    }

    /** ceil(log2(size)) for a size of at least 1. */
    static int depth(int size) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    }
}
