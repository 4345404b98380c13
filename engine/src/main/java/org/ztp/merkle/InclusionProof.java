package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

import java.util.Arrays;
import java.util.Objects;

/**
 * That a leaf stands at an index of a tree: RFC 6962 section 2.1.1, verified as RFC 9162 section 2.1.3.2.
 *
 * <p>A proof is a flat array of 32-byte hashes, the leaf's sibling first, at most ceil(log2(size)) of them. A root does
 * not fix the size of its tree: take the size from where the root is signed.
 */
public final class InclusionProof {
    private InclusionProof() {
    }

    /**
     * The proof for one leaf.
     *
     * @throws IndexOutOfBoundsException when the tree has no such leaf
     */
    public static byte[] prove(MerkleTree tree, int index) {
        Objects.checkIndex(index, tree.size());
        byte[] path = new byte[tree.depth() * LENGTH];
        int length = 0;
        for (int level = 0; level < tree.depth(); level++) {
            int sibling = index >>> level ^ 1;
            if (sibling < tree.width(level)) { // the lone last node of a level has none
                tree.copyNode(level, sibling, path, length);
                length += LENGTH;
            }
        }
        return Arrays.copyOf(path, length);
    }

    /**
     * Whether the path leads from the leaf hash (32 bytes) at this index of a tree of this size to the root (32 bytes).
     * Any numbers and any bytes may be given; what is out of range or of a wrong length is not a proof.
     */
    public static boolean verify(TreeHasher hasher, long index, long size, byte[] leafHash, byte[] path, byte[] root) {
        if (leafHash.length != LENGTH || root.length != LENGTH) {
            return false;
        }
        byte[] hash = leafHash.clone();
        return walk(hasher, index, size, hash, path) && Arrays.equals(hash, root);
    }

    /** Turns the leaf's hash into the root's; false if the path does not have the shape that index and size ask for. */
    private static boolean walk(TreeHasher hasher, long index, long size, byte[] hash, byte[] path) {
        if (index < 0 || index >= size || path.length % LENGTH != 0) {
            return false;
        }
        long node = index;
        long last = size - 1;
        for (int at = 0; at < path.length; at += LENGTH) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) != 0 || node == last) {
                hasher.node(path, at, hash, 0, hash, 0);
                int carried = (node & 1) != 0 ? 0 : Long.numberOfTrailingZeros(node); // node > 0 here, as last > 0
                node >>>= carried;
                last >>>= carried;
            } else {
                hasher.node(hash, 0, path, at, hash, 0);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0;
    }
}
