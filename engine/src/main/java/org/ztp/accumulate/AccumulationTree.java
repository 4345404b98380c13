package org.ztp.accumulate;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * A k-ary tree over positions 0 .. size - 1 of an ordered group, by arithmetic alone: positions are counted from the
 * root on, around the end, and node i has the children k*i + 1 .. k*i + k.
 *
 * @param size   members, 1 .. 65536
 * @param root   position of the root
 * @param fanOut most children of a node, 1 .. 65536
 */
public record AccumulationTree(int size, int root, int fanOut) {
    /** Children of a node where nothing speaks for another number. */
    public static final int DEFAULT_FAN_OUT = 4;

    /** Most members, and the largest fan-out. */
    public static final int MAX_SIZE = 1 << 16;

    /** What {@link #parent} says of the root. */
    public static final int NO_PARENT = -1;

    /** Checks the ranges. */
    public AccumulationTree {
        if (size < 1 || size > MAX_SIZE || root < 0 || root >= size || fanOut < 1 || fanOut > MAX_SIZE) {
            throw new IllegalArgumentException("tree: size=" + size + " root=" + root + " fan-out=" + fanOut);
        }
    }

    /** Position of the parent, {@link #NO_PARENT} for the root. */
    public int parent(int position) {
        int node = node(position);
        return node == 0 ? NO_PARENT : position((node - 1) / fanOut);
    }

    /** Positions of the children. */
    public int[] children(int position) {
        long first = (long) node(position) * fanOut + 1;
        int[] nodes = IntStream.range((int) Math.min(size, first), (int) Math.min(size, first + fanOut)).toArray();
        return Arrays.stream(nodes).map(this::position).toArray();
    }

    /** Steps to the root. */
    public int depth(int position) {
        int depth = 0;
        for (int node = node(position); node > 0; node = (node - 1) / fanOut) {
            depth++;
        }
        return depth;
    }

    /** Depth of the deepest member. */
    public int height() {
        return depth(position(size - 1));
    }

    /** Positions of a member and of all below it. */
    public BitSet subtree(int position) {
        BitSet members = new BitSet(size);
        long first = node(position);
        long last = first;
        while (first < size) { // level by level: the nodes of one level below a node are neighbours
            for (long node = first; node <= Math.min(last, size - 1L); node++) {
                members.set(position((int) node));
            }
            first = first * fanOut + 1;
            last = last * fanOut + fanOut;
        }
        return members;
    }

    private int node(int position) {
        return Math.floorMod(position - root, size);
    }

    private int position(int node) {
        return (node + root) % size;
    }
}
