package org.ztp.ledger.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ztp.merkle.Sha256;
import org.ztp.merkle.TreeHasher;

/**
 * Changes on their way into a tree, sorted by the keys' hashes, so that each node that changes is hashed once however
 * many changes lie below it.
 */
final class StateUpdate {
    /**
     * A key's hash, and its new leaf or null.
     */
    private record Entry(byte[] keyHash, StateNode.Leaf leaf) {
    }

    private static final Comparator<Entry> BY_KEY_HASH =
        (left, right) -> Arrays.compareUnsigned(left.keyHash(), right.keyHash());

    private final TreeHasher hasher;
    private final List<Entry> entries;

    private StateUpdate(final TreeHasher hasher, final List<Entry> entries) {
        this.hasher = hasher;
        this.entries = entries;
    }

    static StateUpdate of(final StateChanges changes, final TreeHasher hasher) {
        final List<Entry> entries = new ArrayList<>(changes.changes().size());
        for (final StateChanges.Change change : changes.changes()) {
            final byte[] keyHash = hash(hasher, change.key());
            entries.add(new Entry(keyHash,
                change.value().isPresent() ? leaf(hasher, keyHash, change.key(), change.value().get()) : null));
        }
        entries.sort(BY_KEY_HASH); // stable: of those with one key the last one is the latest
        int kept = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (i + 1 == entries.size() || BY_KEY_HASH.compare(entries.get(i), entries.get(i + 1)) != 0) {
                entries.set(kept++, entries.get(i));
            }
        }
        entries.subList(kept, entries.size()).clear();
        return new StateUpdate(hasher, entries);
    }

    /** The root after the changes. */
    StateNode apply(final StateNode root) {
        return apply(root, 0, entries.size(), 0);
    }

    /** Hash of a leaf: of a key's hash (32 bytes) and its value's (32 bytes). */
    static byte[] leafHash(final TreeHasher hasher, final byte[] keyHash, final byte[] valueHash) {
        final byte[] content = Arrays.copyOf(keyHash, keyHash.length + valueHash.length);
        System.arraycopy(valueHash, 0, content, keyHash.length, valueHash.length);
        final byte[] hash = new byte[Sha256.LENGTH];
        hasher.leaf(content, 0, content.length, hash, 0);
        return hash;
    }

    private StateNode apply(final StateNode node, final int from, final int to, final int depth) {
        if (from == to) {
            return node;
        }
        if (node instanceof StateNode.Inner inner) {
            final int middle = split(from, to, depth);
            final StateNode left = apply(inner.left(), from, middle, depth + 1);
            final StateNode right = apply(inner.right(), middle, to, depth + 1);
            return left == inner.left() && right == inner.right() ? node : join(left, right);
        }
        final List<StateNode.Leaf> leaves = new ArrayList<>(to - from + 1);
        StateNode.Leaf old = (StateNode.Leaf) node;
        for (int i = from; i < to; i++) {
            final Entry entry = entries.get(i);
            final int order = old == null ? 1 : Arrays.compareUnsigned(old.keyHash(), entry.keyHash());
            if (order < 0) {
                leaves.add(old);
            }
            if (entry.leaf() != null) {
                leaves.add(entry.leaf());
            }
            old = order > 0 ? old : null;
        }
        if (old != null) {
            leaves.add(old);
        }
        return build(leaves, depth);
    }

    /** A subtree of sorted leaves. */
    private StateNode build(final List<StateNode.Leaf> leaves, final int depth) {
        if (leaves.size() < 2) {
            return leaves.isEmpty() ? null : leaves.get(0);
        }
        int middle = 0;
        while (middle < leaves.size() && !StateTree.bit(leaves.get(middle).keyHash(), depth)) {
            middle++;
        }
        return inner(hasher, build(leaves.subList(0, middle), depth + 1),
            build(leaves.subList(middle, leaves.size()), depth + 1));
    }

    /** Two subtrees made one: a leaf that is alone moves up, which keeps the form that its content has. */
    private StateNode join(final StateNode left, final StateNode right) {
        if (left == null && !(right instanceof StateNode.Inner)) {
            return right;
        }
        return right == null && left instanceof StateNode.Leaf ? left : inner(hasher, left, right);
    }

    static StateNode inner(final TreeHasher hasher, final StateNode left, final StateNode right) {
        final byte[] hash = new byte[Sha256.LENGTH];
        hasher.node(StateNode.hash(left), 0, StateNode.hash(right), 0, hash, 0);
        return new StateNode.Inner(left, right, hash);
    }

    private int split(final int from, final int to, final int depth) {
        int low = from;
        int high = to;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (StateTree.bit(entries.get(middle).keyHash(), depth)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    static StateNode.Leaf leaf(final TreeHasher hasher, final byte[] keyHash, final byte[] key,
                                       final byte[] value) {
        return new StateNode.Leaf(keyHash, key, value, leafHash(hasher, keyHash, hash(hasher, value)));
    }

    private static byte[] hash(final TreeHasher hasher, final byte[] bytes) {
        return hasher.sha256().update(bytes, 0, bytes.length).digest();
    }
}
