package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * The three hashes of RFC 6962 section 2.1: empty tree, leaf, node. Reusable, free of allocation after the first hash.
 * Owned by one thread. Outputs may overlap inputs.
 */
public final class TreeHasher {
    private static final byte NODE_PREFIX = 0x01;
    private static final byte[] LEAF_PREFIX = {0x00};

    private final Sha256 sha = new Sha256();
    private final byte[] node = new byte[1 + 2 * LENGTH];

    /** A new hasher. */
    public TreeHasher() {
        node[0] = NODE_PREFIX;
    }

    /** Root of the tree with no leaves: SHA-256 of nothing. */
    public void empty(byte[] out, int outOffset) {
        sha.digest(out, outOffset);
    }

    /** Leaf hash of a slice of an array: SHA-256(0x00 || slice). */
    public void leaf(byte[] bytes, int offset, int length, byte[] out, int outOffset) {
        Objects.checkFromIndexSize(offset, length, bytes.length); // before anything is fed, see below
        sha.update(LEAF_PREFIX, 0, 1).update(bytes, offset, length).digest(out, outOffset);
    }

    /** Leaf hash of a slice of a buffer: SHA-256(0x00 || slice). */
    public void leaf(DirectBuffer buffer, int offset, int length, byte[] out, int outOffset) {
        buffer.boundsCheck(offset, length); // before anything is fed: a refused slice leaves no half-fed hash behind
        sha.update(LEAF_PREFIX, 0, 1).update(buffer, offset, length).digest(out, outOffset);
    }

    /** Node hash: SHA-256(0x01 || left 32 bytes || right 32 bytes). */
    public void node(byte[] left, int leftOffset, byte[] right, int rightOffset, byte[] out, int outOffset) {
        System.arraycopy(left, leftOffset, node, 1, LENGTH);
        System.arraycopy(right, rightOffset, node, 1 + LENGTH, LENGTH);
        sha.update(node, 0, node.length).digest(out, outOffset);
    }

    /** A plain SHA-256 for other messages of the same thread; take its digest before hashing with this object again. */
    public Sha256 sha256() {
        return sha;
    }
}
