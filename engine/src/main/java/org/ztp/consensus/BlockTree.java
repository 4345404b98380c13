package org.ztp.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.wire.Hash;

/** The last final block and the undecided blocks above it, each executed at most once. */
final class BlockTree {
    private final StateMachine machine;
    private final BatchPool pool;
    private final Map<Hash, Node> nodes = new HashMap<>();
    private Head head;
    private boolean open;

    /**
     * The last final block.
     *
     * @param height its height, 0 for the genesis
     * @param hash its hash, the chain's name for the genesis
     * @param timeMillis its time
     * @param epoch the epoch that its chain named last
     * @param state the state after it
     */
    record Head(long height, Hash hash, long timeMillis, Optional<Epoch> epoch, LedgerState state) { }

    /** An undecided block. */
    static final class Node {
        /** As it came, until an epoch that it must not hold is taken off. */
        Block block;
        /** Who sent it so. */
        final int from;
        Proposal proposal;
        Executed executed;
        List<Batch> batches;
        boolean recorded;
        boolean rejected;
        long prepareVotedInView;
        long commitVotedInView;

        Node(final Block block, final int from) {
            this.block = block;
            this.from = from;
        }
    }

    BlockTree(final StateMachine machine, final BatchPool pool, final Head head) {
        this.machine = machine;
        this.pool = pool;
        become(head);
    }

    private void become(final Head next) {
        head = next;
        open = next.state().answersFor(next.height());
    }

    /** Whether the last final block has outcomes, which nobody can prove before a block above it names the state. */
    boolean isOpen() {
        return open;
    }

    Head head() {
        return head;
    }

    Node get(final Hash hash) {
        return nodes.get(hash);
    }

    Collection<Node> undecided() {
        return nodes.values();
    }

    /** Whether an undecided block was proposed in a view. */
    boolean hasProposalOf(final long view) {
        for (final Node node : nodes.values()) {
            if (node.block.header().view() == view) {
                return true;
            }
        }
        return false;
    }

    /** The node of a block, new, as somebody sent it, or known. */
    Node add(final Block block, final int from) {
        return nodes.computeIfAbsent(block.hash(), absent -> new Node(block, from));
    }

    /** Forgets a block as it was sent: it may come again otherwise. */
    void drop(final Node node) {
        nodes.remove(node.block.hash());
    }

    /**
     * What is wrong with the epoch of a block, of which all below is here and was looked at. The hash, and so every
     * signature, covers the header alone: whoever passes a block on can take its epoch off, which shows here, or add
     * one that was named before. That is taken off again, so that all replicas record the same bytes.
     */
    Optional<String> badEpoch(final Node node) {
        return badEpoch(node, epochAt(node.block.header().parent()));
    }

    private static Optional<String> badEpoch(final Node node, final Optional<Epoch> last) {
        final Block block = node.block;
        if (block.epoch().isPresent() && last.isPresent() && last.get().root().equals(block.header().epochRoot())) {
            node.block = new Block(block.header(), block.batches(), Optional.empty(), block.hash());
        }
        return Epochs.checkNamed(node.block, last);
    }

    /** Other blocks that were proposed, and so signed, at the same view and height as the one given. */
    List<Node> rivals(final Block block) {
        return nodes.values().stream().filter(node -> node.proposal != null && node.block.height() == block.height()
            && node.block.header().view() == block.header().view() && !node.block.hash().equals(block.hash())).toList();
    }

    /** Whether a block is the last final one or known above it. */
    boolean knows(final Hash hash) {
        return head.hash().equals(hash) || nodes.containsKey(hash);
    }

    /** Time of a known block. */
    long timeMillis(final Hash hash) {
        return head.hash().equals(hash) ? head.timeMillis() : nodes.get(hash).block.header().timeMillis();
    }

    /** Whether an undecided block is a child of the head; if not, nothing that comes lets any of them be voted for. */
    boolean goesOn() {
        for (final Node node : nodes.values()) {
            if (node.block.header().parent().equals(head.hash())) {
                return true;
            }
        }
        return false;
    }

    /** The undecided blocks from above the head up to a block, lowest first; empty if the chain has a gap. */
    Optional<List<Node>> path(final Hash hash) {
        if (!hash.equals(head.hash()) && !goesOn()) {
            return Optional.empty(); // as with each message while many are kept and what is below them is still fetched
        }
        final List<Node> path = new ArrayList<>();
        Hash at = hash;
        while (!at.equals(head.hash())) {
            final Node node = nodes.get(at);
            if (node == null || node.block.height() <= head.height()) {
                return Optional.empty();
            }
            path.add(node);
            at = node.block.header().parent();
        }
        Collections.reverse(path);
        return Optional.of(path);
    }

    /** The epoch that the chain up to a known block named last. */
    Optional<Epoch> epochAt(final Hash hash) {
        Hash at = hash;
        while (!at.equals(head.hash())) {
            final Block block = nodes.get(at).block;
            if (block.epoch().isPresent()) {
                return block.epoch();
            }
            at = block.header().parent();
        }
        return head.epoch();
    }

    /**
     * The state after a certified block, executing what was not executed yet; empty if a block or batch is missing. A
     * block whose epoch is not what it must be was changed by who sent it: it is dropped, and so is missing.
     */
    Optional<LedgerState> stateAfter(final Hash hash) {
        LedgerState state = head.state();
        Optional<Epoch> epoch = head.epoch();
        final Optional<List<Node>> path = path(hash);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        for (final Node node : path.get()) {
            if (badEpoch(node, epoch).isPresent()) {
                drop(node);
                return Optional.empty();
            }
            epoch = node.block.epoch().isPresent() ? node.block.epoch() : epoch;
            if (node.executed == null) {
                final Optional<List<Batch>> batches = pool.batches(node.block.batches());
                if (batches.isEmpty()) {
                    return Optional.empty();
                }
                node.batches = batches.get();
                node.executed = machine.execute(state, node.block, node.batches);
            }
            state = node.executed.after();
        }
        return Optional.of(state);
    }

    /**
     * Checks that a block of which a certificate says that it is final names the state after the head.
     *
     * @throws StateDiffersException if this replica's state is not the quorum's: it must not go on
     */
    void requireDigest(final Block block) {
        final Hash digest = head.state().digest();
        if (!digest.equals(block.header().stateDigest())) {
            throw new StateDiffersException("state digest differs from the quorum's before height " + block.height()
                + ": expected=" + block.header().stateDigest() + " actual=" + digest);
        }
    }

    /** Executes a block that follows the head, whose batches need not be in the pool. */
    Executed executeOnHead(final Block block, final List<Batch> batches) {
        return machine.execute(head.state(), block, batches);
    }

    /** Roots of the batches named by the undecided blocks up to a block. */
    Set<Hash> rootsUpTo(final Hash hash) {
        final Set<Hash> roots = new HashSet<>();
        path(hash).ifPresent(path -> path.forEach(node -> node.block.batches().forEach(ref -> roots.add(ref.root()))));
        return roots;
    }

    /** Makes the child of the head the head, and drops what can no longer be decided. */
    void advance(final Block block, final LedgerState after) {
        become(new Head(block.height(), block.hash(), block.header().timeMillis(), block.epoch().or(head::epoch),
            after));
        final Set<Hash> dead = new HashSet<>();
        final List<Node> byHeight = new ArrayList<>(nodes.values());
        byHeight.sort((a, b) -> Long.compare(a.block.height(), b.block.height()));
        for (final Node node : byHeight) {
            final Block child = node.block;
            final boolean mayFollow = child.height() > head.height() + 1 && !dead.contains(child.header().parent())
                || child.header().parent().equals(head.hash());
            if (!mayFollow) {
                dead.add(child.hash());
                nodes.remove(child.hash());
            }
        }
    }
}
