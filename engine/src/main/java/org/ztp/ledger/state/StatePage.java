package org.ztp.ledger.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Part of a state for who does not have it: the nodes of a subtree, each before those below it and the left ones first.
 * What is too much for one page is left out, and its hash stands there instead. So a page is checked by itself: its
 * hash is that of the subtree, which whoever asked for it knows.
 *
 * <pre>
 *   none    00
 *   leaf    01 | length u32, key | length u32, value
 *   inner   02 | left | right
 *   left out 03 | hash 32
 * </pre>
 */
final class StatePage {
    /** Longest page: a giver ends it far below, but for a single value that is longer. */
    static final int MAX_BYTES = 8 << 20;
    /** The way down to a leaf, at most: a page of so many bytes holds one. */
    static final int LEAST_BYTES = 2 * StatePath.MAX_DEPTH + 1;
    private static final int NONE = 0;
    private static final int LEAF = 1;
    private static final int INNER = 2;
    private static final int LEFT_OUT = 3;
    /** A path without branches is at most so long, and there is little reason for one: it costs a search for hashes. */
    private static final int INNERS_OF_A_LEAF = 8;

    private StatePage() {
    }

    /** Writes a subtree up to about so many bytes: at least one of its leaves, and nothing that was left out before. */
    static void write(final StateNode node, final int bytes, final WireWriter out) {
        if (node == null) {
            out.u8(NONE);
        } else if (out.size() >= bytes || node instanceof StateNode.Leaf leaf && out.size() > LEAST_BYTES
            && (long) out.size() + leaf.key().length + leaf.value().length > bytes) {
            out.u8(LEFT_OUT).raw(node.hash());
        } else if (node instanceof StateNode.Leaf leaf) {
            out.u8(LEAF).bytes32(leaf.key()).bytes32(leaf.value());
        } else {
            final StateNode.Inner inner = (StateNode.Inner) node;
            out.u8(INNER);
            write(inner.left(), bytes, out);
            write(inner.right(), bytes, out);
        }
    }

    /** What a page holds: its highest node, and the paths of what was left out, in their order. */
    record Content(StateNode node, List<StatePath> leftOut) { }

    /** Reads a page about a subtree; empty if the bytes are none. That it is of the right subtree is for the hash to say. */
    static Optional<Content> read(final byte[] page, final StatePath at) {
        final Parse parse = new Parse(new WireReader(page));
        final StateNode node = parse.node(at);
        return parse.in.finished() && node != null && !(node instanceof StateNode.LeftOut)
            ? Optional.of(new Content(node, parse.leftOut)) : Optional.empty();
    }

    /** One reading; it makes no more of the bytes than they are worth, whoever wrote them. */
    private static final class Parse {
        private final WireReader in;
        private final TreeHasher hasher = new TreeHasher();
        private final List<StatePath> leftOut = new ArrayList<>();
        private long inners;
        private long ends;

        Parse(final WireReader in) {
            this.in = in;
        }

        StateNode node(final StatePath at) {
            switch (in.u8()) {
                case NONE:
                    return null;
                case LEAF:
                    return leaf(in.bytes32(MAX_BYTES), in.bytes32(MAX_BYTES));
                case INNER:
                    return inner(at);
                case LEFT_OUT:
                    ends++;
                    leftOut.add(at);
                    return new StateNode.LeftOut(in.hash().toBytes());
                default:
                    in.fail();
                    return null;
            }
        }

        private StateNode leaf(final byte[] key, final byte[] value) {
            ends++;
            return in.failed() ? null : StateUpdate.leaf(hasher, Hash.sha256(key).toBytes(), key, value);
        }

        private StateNode inner(final StatePath at) {
            inners++;
            in.require(at.depth() < StatePath.MAX_DEPTH && inners <= StatePath.MAX_DEPTH + INNERS_OF_A_LEAF * ends);
            if (in.failed()) {
                return null;
            }
            final StateNode left = node(at.child(false));
            final StateNode right = in.failed() ? null : node(at.child(true));
            in.require(left != null || right != null);
            return in.failed() ? null : StateUpdate.inner(hasher, left, right);
        }
    }
}
