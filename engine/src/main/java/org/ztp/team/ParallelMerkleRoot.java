package org.ztp.team;

import java.util.Objects;
import org.ztp.merkle.MerkleRoot;
import org.ztp.merkle.Sha256;
import org.ztp.merkle.TreeHasher;

/**
 * The RFC 6962 root of many leaf hashes by a team: blocks of 2^k leaves are reduced in parallel, then their roots by
 * the master. Cut at powers of two, the blocks are subtrees of the whole tree, so the root is the sequential one.
 * Owned by one master thread; allocates nothing after warm-up.
 */
public final class ParallelMerkleRoot {
    private static final int MIN_BLOCK = 64; // leaves; some ten microseconds of hashing, more than a chunk costs
    private static final int BLOCKS_PER_THREAD = 4;
    private static final Schedule ONE_BLOCK = Schedule.dynamic(1);

    private final Team team;
    private final TreeHasher[] hashers;
    private final LoopBody reduceBlocks = this::reduceBlocks;
    private byte[] hashes;
    private int base;
    private int leaves;
    private int block;

    /** A reduction on the given team. */
    public ParallelMerkleRoot(Team team) {
        this.team = team;
        hashers = new TreeHasher[team.threads()];
        for (int i = 0; i < hashers.length; i++) {
            hashers[i] = new TreeHasher();
        }
    }

    /**
     * Reduces {@code count} hashes of 32 bytes in place, as {@link MerkleRoot#reduceInPlace}: the root ends in the
     * first 32 bytes of the slice, the rest of it is left in no defined state.
     *
     * @throws IndexOutOfBoundsException when the hashes leave the array
     */
    public void reduceInPlace(byte[] leafHashes, int offset, int count) {
        if (team.threads() == 1 || count < 2 * MIN_BLOCK) {
            MerkleRoot.reduceInPlace(hashers[0], leafHashes, offset, count);
            return;
        }
        if (count > MerkleRoot.MAX_LEAVES) {
            throw new IndexOutOfBoundsException("hashes: count=" + count + " allowed=0.." + MerkleRoot.MAX_LEAVES);
        }
        Objects.checkFromIndexSize(offset, count * Sha256.LENGTH, leafHashes.length);
        hashes = leafHashes;
        base = offset;
        leaves = count;
        block = Math.max(MIN_BLOCK, Integer.highestOneBit(count / (BLOCKS_PER_THREAD * team.threads()) | 1));
        int blocks = (count - 1) / block + 1;
        try {
            team.parallelFor(0, blocks, ONE_BLOCK, reduceBlocks);
        } finally {
            hashes = null;
        }
        for (int i = 1; i < blocks; i++) {
            System.arraycopy(leafHashes, at(i * block), leafHashes, at(i), Sha256.LENGTH);
        }
        MerkleRoot.reduceInPlace(hashers[0], leafHashes, offset, blocks);
    }

    private void reduceBlocks(int threadIndex, int from, int to) {
        for (int i = from; i < to; i++) {
            int first = i * block;
            MerkleRoot.reduceInPlace(hashers[threadIndex], hashes, at(first), Math.min(block, leaves - first));
        }
    }

    private int at(int hash) {
        return base + hash * Sha256.LENGTH;
    }
}
