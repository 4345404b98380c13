package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

import java.util.Arrays;

/**
 * That a tree is an earlier state of a later one, with leaves only appended: RFC 6962 section 2.1.2, verified as
 * RFC 9162 section 2.1.4.2.
 *
 * <p>A proof is a flat array of 32-byte hashes, at most ceil(log2(size)) + 1 of them. Beyond the RFC, the empty tree is
 * consistent with every tree, and every tree with itself, each by the empty proof and by no other.
 */
public final class ConsistencyProof {
    private static final byte[] EMPTY_ROOT = Sha256.of(new byte[0]);

    private ConsistencyProof() {
    }

    /**
     * The proof from the tree of the first {@code earlierSize} leaves to the whole tree.
     *
     * @throws IndexOutOfBoundsException when {@code earlierSize} is not within 0 .. size
     */
    public static byte[] prove(MerkleTree tree, int earlierSize) {
        if (earlierSize < 0 || earlierSize > tree.size()) {
            throw new IndexOutOfBoundsException(
                    "earlier size: actual=" + earlierSize + " allowed=0.." + tree.size());
        }
        if (earlierSize == 0 || earlierSize == tree.size()) {
            return new byte[0];
        }
        // The deepest subtree that ends where the earlier tree ends; it is the earlier tree itself if that is complete.
        int level = Integer.numberOfTrailingZeros(earlierSize);
        int node = (earlierSize - 1) >>> level;
        byte[] path = new byte[(tree.depth() + 1) * LENGTH];
        int length = 0;
        if (node != 0) {
            tree.copyNode(level, node, path, 0);
            length = LENGTH;
        }
        for (; level < tree.depth(); level++, node >>>= 1) {
            int sibling = node ^ 1;
            if (sibling < tree.width(level)) {
                tree.copyNode(level, sibling, path, length);
                length += LENGTH;
            }
        }
        return Arrays.copyOf(path, length);
    }

    /**
     * Whether the path shows the earlier root (32 bytes) to be of a prefix of the tree of the later root (32 bytes).
     * Any numbers and any bytes may be given; what is out of range or of a wrong length is not a proof.
     */
    public static boolean verify(
            TreeHasher hasher, long earlierSize, long laterSize, byte[] earlierRoot, byte[] laterRoot, byte[] path) {
        if (earlierSize < 0 || earlierSize > laterSize || path.length % LENGTH != 0
                || earlierRoot.length != LENGTH || laterRoot.length != LENGTH) {
            return false;
        }
        if (earlierSize == laterSize) {
            return path.length == 0 && Arrays.equals(earlierRoot, laterRoot);
        }
        if (earlierSize == 0) {
            return path.length == 0 && Arrays.equals(earlierRoot, EMPTY_ROOT);
        }
        return walk(hasher, earlierSize, laterSize, earlierRoot, laterRoot, path);
    }

    private static boolean walk(
            TreeHasher hasher, long earlierSize, long laterSize, byte[] earlierRoot, byte[] laterRoot, byte[] path) {
        boolean complete = Long.bitCount(earlierSize) == 1; // then the walk starts at the earlier root itself
        if (!complete && path.length == 0) {
            return false;
        }
        byte[] earlier = complete ? earlierRoot.clone() : Arrays.copyOf(path, LENGTH);
        byte[] later = earlier.clone();
        int common = Long.numberOfTrailingZeros(earlierSize); // = trailing ones of earlierSize - 1
        long node = (earlierSize - 1) >>> common;
        long last = (laterSize - 1) >>> common;
        for (int at = complete ? 0 : LENGTH; at < path.length; at += LENGTH) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) != 0 || node == last) {
                hasher.node(path, at, earlier, 0, earlier, 0);
                hasher.node(path, at, later, 0, later, 0);
                int carried = (node & 1) != 0 ? 0 : Long.numberOfTrailingZeros(node); // node > 0 here, as last > 0
                node >>>= carried;
                last >>>= carried;
            } else {
                hasher.node(later, 0, path, at, later, 0);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && Arrays.equals(earlier, earlierRoot) && Arrays.equals(later, laterRoot);
    }
}
