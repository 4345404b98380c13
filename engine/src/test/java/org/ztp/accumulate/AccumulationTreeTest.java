package org.ztp.accumulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class AccumulationTreeTest {
    @Test
    void everyMemberOfEveryTreeIsReachedOnce() {
        for (int size = 1; size <= 40; size++) {
            for (int root = 0; root < size; root++) {
                for (int fanOut : new int[] {1, 2, 3, 4, 7, 39, 40, AccumulationTree.MAX_SIZE}) {
                    AccumulationTree tree = new AccumulationTree(size, root, fanOut);
                    BitSet reached = new BitSet();
                    assertEquals(AccumulationTree.NO_PARENT, tree.parent(root));
                    assertEquals(tree.height(), walk(tree, root, 0, reached));
                    assertEquals(size, reached.cardinality());
                    assertEquals(reached, tree.subtree(root));
                }
            }
        }
    }

    @Test
    void theHeightIsLogarithmic() {
        assertEquals(0, new AccumulationTree(1, 0, 4).height());
        assertEquals(1, new AccumulationTree(5, 2, 4).height());
        assertEquals(2, new AccumulationTree(6, 5, 4).height());
        assertEquals(8, new AccumulationTree(65_536, 9, 4).height());
        assertEquals(1, new AccumulationTree(65_536, 9, 65_536).height());
        assertEquals(65_536, new AccumulationTree(65_536, 9, 65_536).subtree(9).cardinality());
    }

    @Test
    void rangesAreChecked() {
        int[][] wrong = {{0, 0, 4}, {65_537, 0, 4}, {3, 3, 4}, {3, -1, 4}, {3, 0, 0}, {3, 0, 65_537}};
        for (int[] w : wrong) {
            assertThrows(IllegalArgumentException.class, () -> new AccumulationTree(w[0], w[1], w[2]));
        }
    }

    private static int walk(AccumulationTree tree, int position, int depth, BitSet reached) {
        assertTrue(!reached.get(position));
        assertEquals(depth, tree.depth(position));
        assertTrue(tree.children(position).length <= tree.fanOut());
        BitSet before = (BitSet) reached.clone();
        reached.set(position);
        int deepest = depth;
        for (int child : tree.children(position)) {
            assertEquals(position, tree.parent(child));
            deepest = Math.max(deepest, walk(tree, child, depth + 1, reached));
        }
        BitSet below = (BitSet) reached.clone();
        below.andNot(before);
        assertEquals(below, tree.subtree(position));
        return deepest;
    }
}
