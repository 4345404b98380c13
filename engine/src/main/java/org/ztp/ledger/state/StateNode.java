package org.ztp.ledger.state;

/** A node of a {@link StateTree}; null stands for a subtree without keys. Immutable. */
sealed interface StateNode {
    /** What stands for a subtree without keys among hashes. */
    byte[] EMPTY = new byte[32];

    /** Its hash, 32 bytes, not to be changed. */
    byte[] hash();

    /** The hash of a node or of none. */
    static byte[] hash(final StateNode node) {
        return node == null ? EMPTY : node.hash();
    }

    /** A subtree with one key. */
    record Leaf(byte[] keyHash, byte[] key, byte[] value, byte[] hash) implements StateNode {
    }

    /** A subtree that is not here: in a {@link PartialState} only. */
    record LeftOut(byte[] hash) implements StateNode {
    }

    /** A subtree with two keys or more. */
    record Inner(StateNode left, StateNode right, byte[] hash) implements StateNode {
    }
}
