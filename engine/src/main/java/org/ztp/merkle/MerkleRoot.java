package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

import java.util.Objects;

/** Reductions of a flat array of leaf hashes to their RFC 6962 root. */
public final class MerkleRoot {
    /** Most leaves that one array can hold. */
    public static final int MAX_LEAVES = Integer.MAX_VALUE / LENGTH;

    private MerkleRoot() {
    }

    /**
     * Reduces {@code count} hashes in place; the root ends in the first 32 bytes of the slice, the rest of the slice is
     * left in no defined state. With {@code count == 0} nothing is read and the slice must still have 32 bytes.
     *
     * <p>Because a lone last node is carried up unchanged, hashes of <i>any</i> one level may be given: reducing blocks
     * of 2^k leaves (the last block may be shorter) and then the blocks' roots gives the same root as one reduction.
     *
     * @throws IndexOutOfBoundsException when the hashes leave the array
     */
    public static void reduceInPlace(TreeHasher hasher, byte[] hashes, int offset, int count) {
        if (count == 0) {
            hasher.empty(hashes, offset);
            return;
        }
        checkHashes(hashes, offset, count);
        for (int width = count; width > 1; width = (width + 1) >>> 1) {
            reduceLevel(hasher, hashes, offset, width, hashes, offset);
        }
    }

    /**
     * Writes the root of {@code count} hashes to {@code out}; the hashes stay as they are. Needs no scratch in
     * proportion to the count: {@code range} is reset and used.
     *
     * @throws IndexOutOfBoundsException when the hashes leave the array
     */
    public static void root(CompactRange range, byte[] hashes, int offset, int count, byte[] out, int outOffset) {
        checkHashes(hashes, offset, count);
        range.reset();
        for (int i = 0; i < count; i++) {
            range.append(hashes, offset + i * LENGTH);
        }
        range.root(out, outOffset);
    }

    /** One step up: {@code width} hashes become ceil(width / 2). {@code in} and {@code out} may be the same slice. */
    static void reduceLevel(TreeHasher hasher, byte[] in, int inOffset, int width, byte[] out, int outOffset) {
        int pairs = width >>> 1;
        for (int i = 0; i < pairs; i++) {
            int pair = inOffset + i * 2 * LENGTH;
            hasher.node(in, pair, in, pair + LENGTH, out, outOffset + i * LENGTH);
        }
        if ((width & 1) != 0) {
            System.arraycopy(in, inOffset + (width - 1) * LENGTH, out, outOffset + pairs * LENGTH, LENGTH);
        }
    }

    static void checkHashes(byte[] hashes, int offset, int count) {
        if (count < 0 || count > MAX_LEAVES) {
            throw new IndexOutOfBoundsException("hashes: count=" + count + " allowed=0.." + MAX_LEAVES);
        }
        Objects.checkFromIndexSize(offset, count * LENGTH, hashes.length);
    }
}
