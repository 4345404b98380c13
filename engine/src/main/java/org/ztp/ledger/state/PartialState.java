package org.ztp.ledger.state;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ztp.wire.Hash;

/**
 * A state on its way here, page by page, of which nothing but the digest is known at first. Each page is checked when it
 * comes: it hashes to what the pages before it, or the digest, say of its subtree. So what is in here is part of the
 * state of that digest, whoever gave it, and a false page is known for one at once. Owned by one thread.
 */
public final class PartialState {
    private final Deque<StatePath> missing = new ArrayDeque<>();
    private StateNode root;

    /** Nothing yet of the state of this digest. */
    public PartialState(final Hash digest) {
        if (!digest.equals(StateTree.EMPTY.digest())) {
            root = new StateNode.LeftOut(digest.toBytes());
            missing.add(StatePath.ROOT);
        }
    }

    /** The subtree that is to come next; empty if none is missing. */
    public Optional<StatePath> next() {
        return Optional.ofNullable(missing.peekFirst());
    }

    /**
     * Takes in a page.
     *
     * @param at the subtree that it is about
     * @return whether it is what was missing there, or at least its beginning; if not, nothing has changed
     */
    public boolean add(final StatePath at, final byte[] page) {
        final Optional<StatePage.Content> content = at.equals(missing.peekFirst()) ? StatePage.read(page, at)
            : Optional.empty();
        if (content.isEmpty() || !Arrays.equals(content.get().node().hash(), hashAt(at))) {
            return false;
        }
        root = put(root, at, 0, content.get().node());
        missing.removeFirst();
        final List<StatePath> leftOut = content.get().leftOut();
        for (int i = leftOut.size() - 1; i >= 0; i--) {
            missing.addFirst(leftOut.get(i));
        }
        return true;
    }

    /** The state; empty while a part of it is missing. */
    public Optional<StateTree> whole() {
        return missing.isEmpty() ? Optional.of(StateTree.of(root)) : Optional.empty();
    }

    private byte[] hashAt(final StatePath at) {
        final byte[] bits = at.bits().toBytes();
        StateNode node = root;
        for (int depth = 0; depth < at.depth(); depth++) {
            final StateNode.Inner inner = (StateNode.Inner) node;
            node = StateTree.bit(bits, depth) ? inner.right() : inner.left();
        }
        return node.hash();
    }

    private static StateNode put(final StateNode node, final StatePath at, final int depth, final StateNode content) {
        if (depth == at.depth()) {
            return content;
        }
        final StateNode.Inner inner = (StateNode.Inner) node;
        return StateTree.bit(at.bits().toBytes(), depth)
            ? new StateNode.Inner(inner.left(), put(inner.right(), at, depth + 1, content), inner.hash())
            : new StateNode.Inner(put(inner.left(), at, depth + 1, content), inner.right(), inner.hash());
    }
}
