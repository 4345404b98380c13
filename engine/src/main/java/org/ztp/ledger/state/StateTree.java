package org.ztp.ledger.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Keys and values under one digest that depends on the content alone: a sparse Merkle tree over the bits of the keys'
 * SHA-256 (most significant first), in which a subtree with one key is that key's leaf, as in the Jellyfish Merkle tree
 * (Gao, Hu, Wu, 2021). Immutable: a change copies the path to it, so a tree costs what it changes, and any thread may
 * read it.
 *
 * <pre>
 *   empty   32 zero bytes
 *   leaf    SHA-256(0x00 | SHA-256(key) | SHA-256(value))
 *   inner   SHA-256(0x01 | left | right)          left: next bit 0, right: next bit 1
 * </pre>
 */
public final class StateTree implements StateReader {
    /** No keys at all. */
    public static final StateTree EMPTY = new StateTree(null);

    private final StateNode root;

    private StateTree(final StateNode root) {
        this.root = root;
    }

    /** The tree of a root whose nodes are all here. */
    static StateTree of(final StateNode root) {
        return root == null ? EMPTY : new StateTree(root);
    }

    /** The digest over all keys and values. */
    public Hash digest() {
        return Hash.of(StateNode.hash(root));
    }

    @Override
    public Optional<byte[]> get(final byte[] key) {
        return Optional.ofNullable(value(Hash.sha256(key).toBytes()));
    }

    /** The value under the key with this SHA-256, 32 bytes, not to be changed; null if there is none. Allocates nothing. */
    byte[] value(final byte[] keyHash) {
        StateNode node = root;
        for (int depth = 0; node instanceof StateNode.Inner inner; depth++) {
            node = bit(keyHash, depth) ? inner.right() : inner.left();
        }
        return node instanceof StateNode.Leaf leaf && Arrays.equals(leaf.keyHash(), keyHash) ? leaf.value() : null;
    }

    /** The tree with changes made; this one stays as it is. Of two changes to one key the later one counts. */
    public StateTree with(final StateChanges changes) {
        final StateUpdate update = StateUpdate.of(changes, new TreeHasher());
        final StateNode changed = update.apply(root);
        return changed == root ? this : new StateTree(changed);
    }

    /**
     * A page about a subtree, for who takes this state over ({@link PartialState}): about so many bytes, and more
     * only where a single value is longer, or they are too few for any.
     *
     * @return empty if this state has no such subtree, or the value is longer than a page may be
     */
    public Optional<byte[]> page(final StatePath at, final int bytes) {
        final byte[] bits = at.bits().toBytes();
        StateNode node = root;
        for (int depth = 0; depth < at.depth() && node != null; depth++) {
            node = !(node instanceof StateNode.Inner inner) ? null : bit(bits, depth) ? inner.right() : inner.left();
        }
        final WireWriter out = new WireWriter();
        StatePage.write(node, Math.max(bytes, StatePage.LEAST_BYTES), out);
        return node == null || out.size() > StatePage.MAX_BYTES ? Optional.empty() : Optional.of(out.toBytes());
    }

    /** Shows every key with its value, in the order of the keys' hashes. */
    public void forEach(final BiConsumer<byte[], byte[]> visitor) {
        visit(root, visitor);
    }

    /** The proof that a key has its value; empty if it has none. */
    public Optional<StateProof> prove(final byte[] key) {
        final byte[] keyHash = Hash.sha256(key).toBytes();
        final List<Hash> siblings = new ArrayList<>();
        StateNode node = root;
        while (node instanceof StateNode.Inner inner) {
            final boolean right = bit(keyHash, siblings.size());
            siblings.add(Hash.of(StateNode.hash(right ? inner.left() : inner.right())));
            node = right ? inner.right() : inner.left();
        }
        return node instanceof StateNode.Leaf leaf && Arrays.equals(leaf.keyHash(), keyHash)
            ? Optional.of(new StateProof(siblings)) : Optional.empty();
    }

    /** Bit number {@code depth} of a hash, the most significant bit of the first byte being number 0. */
    static boolean bit(final byte[] hash, final int depth) {
        return (hash[depth >>> 3] >>> (7 - (depth & 7)) & 1) != 0;
    }

    private static void visit(final StateNode node, final BiConsumer<byte[], byte[]> visitor) {
        if (node instanceof StateNode.Leaf leaf) {
            visitor.accept(leaf.key(), leaf.value());
        } else if (node instanceof StateNode.Inner inner) {
            visit(inner.left(), visitor);
            visit(inner.right(), visitor);
        }
    }
}
