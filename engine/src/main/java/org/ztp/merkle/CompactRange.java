package org.ztp.merkle;

import static org.ztp.merkle.Sha256.LENGTH;

/**
 * A tree that grows at its right end and remembers only the roots of its complete subtrees: 32 bytes for each bit set
 * in its size, so a stream of any length takes 2 KiB. Owned by one thread; nothing is allocated after construction.
 *
 * <p>Subtree of 2^k leaves, if bit k of the size is set, lies at byte offset 32 * k.
 */
public final class CompactRange {
    private static final int LEVELS = Long.SIZE - 1;

    private final TreeHasher hasher;
    private final byte[] subtrees = new byte[LEVELS * LENGTH];
    private final byte[] carry = new byte[LENGTH];
    private long size;

    /** An empty range that hashes with the given hasher (of the same thread). */
    public CompactRange(TreeHasher hasher) {
        this.hasher = hasher;
    }

    /** Leaves appended so far. */
    public long size() {
        return size;
    }

    /** Back to no leaves. */
    public void reset() {
        size = 0;
    }

    /** Appends one leaf hash (32 bytes). */
    public void append(byte[] leafHash, int offset) {
        appendSubtree(leafHash, offset, 0);
    }

    /**
     * Appends a complete subtree of 2^level leaves by its root (32 bytes).
     *
     * @throws IllegalArgumentException when the size is not a multiple of 2^level, or would pass 2^63 - 1
     */
    public void appendSubtree(byte[] root, int offset, int level) {
        if (level < 0 || level >= LEVELS || (size & ((1L << level) - 1)) != 0) {
            throw new IllegalArgumentException("subtree does not fit: level=" + level + " size=" + size);
        }
        long grown = size + (1L << level);
        if (grown < 0) {
            throw new IllegalArgumentException("range is full: level=" + level + " size=" + size);
        }
        System.arraycopy(root, offset, carry, 0, LENGTH);
        int at = level;
        for (; (size >>> at & 1) != 0; at++) {
            hasher.node(subtrees, at * LENGTH, carry, 0, carry, 0);
        }
        System.arraycopy(carry, 0, subtrees, at * LENGTH, LENGTH);
        size = grown;
    }

    /** Writes the root (32 bytes) of all leaves appended so far; the range can go on growing. */
    public void root(byte[] out, int outOffset) {
        if (size == 0) {
            hasher.empty(out, outOffset);
            return;
        }
        int at = Long.numberOfTrailingZeros(size);
        System.arraycopy(subtrees, at * LENGTH, carry, 0, LENGTH);
        for (at++; at < LEVELS; at++) {
            if ((size >>> at & 1) != 0) {
                hasher.node(subtrees, at * LENGTH, carry, 0, carry, 0);
            }
        }
        System.arraycopy(carry, 0, out, outOffset, LENGTH);
    }
}
