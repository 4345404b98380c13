package org.ztp.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.BlockHere;
import org.ztp.consensus.Message.WantBatches;
import org.ztp.consensus.Message.WantBlock;
import org.ztp.consensus.Message.WantFinal;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.wire.Hash;

/**
 * Gets what this replica misses: batches and certified blocks in flight, and final blocks when it is behind. One that
 * is far behind takes final blocks alone: what is in flight would have become final long before it could be of use
 * here, and comes with them.
 */
final class CatchUp {
    private final Context context;
    private final CatchUpPace pace;
    private final Map<Integer, Long> peerHeights = new HashMap<>();
    private final Set<Hash> wantedBlocks = new LinkedHashSet<>();
    private final Set<Hash> wantedBatches = new LinkedHashSet<>();
    private Certificate committed;
    private long askedPartsNs;
    private long progressNs;
    private boolean following;
    private long highestHeard;
    private int turn;

    CatchUp(final Context context) {
        this.context = context;
        pace = new CatchUpPace(2 * context.limits.retransmitNs());
    }

    /** A certified block is not here. */
    void wantBlock(final Hash block) {
        if (!isFar() && wantedBlocks.size() < context.limits.heightsAhead()) {
            wantedBlocks.add(block);
        }
    }

    /** Batches of the undecided blocks up to one are perhaps not here. */
    void wantBatchesUpTo(final Hash block) {
        if (isFar()) {
            return;
        }
        context.tree.path(block).ifPresentOrElse(path -> path.forEach(node -> {
            for (final Hash root : context.pool.missing(node.block.batches())) {
                if (wantedBatches.size() < WantBatches.MAX) {
                    wantedBatches.add(root);
                }
            }
        }), () -> missingParent(block));
    }

    private void missingParent(final Hash block) {
        final BlockTree.Node node = context.tree.get(block);
        if (node == null) {
            wantBlock(block);
        } else if (node.block.height() > context.tree.head().height() + 1) {
            missingParent(node.block.header().parent());
        }
    }

    /** A certificate says that a block is final which is not here in full. */
    void committed(final int from, final Certificate commit) {
        if (committed == null || commit.height() > committed.height()) {
            committed = commit;
        }
        peerHeights.merge(from, commit.height(), Math::max);
        highestHeard = Math.max(highestHeard, commit.height());
        wantBatchesUpTo(commit.block());
    }

    /** A peer tells where it stands. */
    void onStatus(final int from, final Message.Status status) {
        peerHeights.put(from, status.finalHeight());
        highestHeard = Math.max(highestHeard, status.finalHeight());
        if (status.mute()) {
            context.viewChange.onMute(status);
        }
        if (status.view() < context.safety.view()) {
            context.viewChange.helpBehind(from);
        }
    }

    /** Whether at least one honest peer is further: no time to complain about leaders. */
    boolean isBehind() {
        final long height = context.tree.head().height();
        if (highestHeard <= height) {
            return false; // as almost always: asked in each step, so nothing is allocated for it
        }
        return peerHeights.values().stream().filter(peer -> peer > height).count() > context.group.faults();
    }

    /**
     * Whether at least one honest peer is so far ahead that this replica keeps no block that it could vote for. Asked
     * with each message, so nothing is allocated for it.
     */
    boolean isFar() {
        final long near = context.tree.head().height() + context.limits.heightsAhead();
        if (highestHeard <= near) {
            return false;
        }
        int ahead = 0;
        for (final long peer : peerHeights.values()) {
            ahead += peer > near ? 1 : 0;
        }
        return ahead > context.group.faults();
    }

    /** Whether a batch was asked for. */
    boolean isWanted(final Hash root) {
        return wantedBatches.contains(root);
    }

    /** A block has become final here. */
    void progress() {
        progressNs = context.nowNs;
        if (committed != null && committed.height() <= context.tree.head().height()) {
            committed = null;
        }
    }

    /**
     * Notes anew what is missing now: for what is known to be final first, then for the lock, then for proposals of
     * this view. What nobody has, such as batches that a faulty leader invented, is thereby forgotten with that
     * leader's view.
     */
    private void noteMissing() {
        wantedBlocks.clear();
        wantedBatches.clear();
        if (committed != null) {
            wantBatchesUpTo(committed.block());
        }
        context.certifier.retry();
        context.voter.retry();
        context.proposer.tryPropose();
    }

    /** A block that was asked for has come. Its hash speaks for it; whether it counts is for certificates to say. */
    void onBlock(final int from, final Block block) {
        if (!wantedBlocks.remove(block.hash())) {
            return;
        }
        if (!context.hashing.transactionsRoot(block.batches()).equals(block.header().transactionsRoot())) {
            context.fault(from, Kind.BAD_BLOCKS, "transactions root does not fit the batches of " + block.hash());
            wantedBlocks.add(block.hash());
            return;
        }
        final Optional<String> badEpoch = block.epoch().flatMap(context.epochs::take);
        if (badEpoch.isPresent()) {
            context.fault(from, Kind.BAD_EPOCH, badEpoch.get());
            wantedBlocks.add(block.hash());
            return;
        }
        if (block.height() <= context.tree.head().height()) {
            return;
        }
        context.tree.add(block);
        wantBatchesUpTo(block.hash());
        arrived();
    }

    /** Something that was missing is here: go on wherever that helps. */
    void arrived() {
        if (isFar()) {
            return;
        }
        if (committed != null && context.tree.get(committed.block()) != null
            && context.tree.stateAfter(committed.block()).isPresent()) {
            context.certifier.finish(committed);
        }
        context.certifier.retry();
        if (context.tree.goesOn()) {
            context.voter.retry();
        }
        context.proposer.tryPropose();
    }

    /** A peer wants a certified block. */
    void onWantBlock(final int from, final Hash hash) {
        final BlockTree.Node node = context.tree.get(hash);
        if (node != null) {
            context.outbox.now(new Send(from, new BlockHere(node.block)));
        }
    }

    /** A batch that was asked for is here. */
    void batchHere(final Hash root) {
        wantedBatches.remove(root);
    }

    /**
     * Final blocks have come. Taken in as far as they are whole and certified. Only if that was of use is more asked for
     * as soon as {@link CatchUpPace} lets it: a liar that says it is ahead, and then has nothing, would be asked again and
     * again. What begins higher is no lie: it answers what this replica asked before a crash that took its newest blocks.
     */
    void onFinalBlocks(final int from, final List<FinalBlock> blocks) {
        final List<FinalBlock> run = new ArrayList<>();
        final long before = context.tree.head().height();
        long next = before + 1;
        if (blocks.stream().mapToLong(block -> block.block().height()).filter(height -> height > before).findFirst()
            .orElse(next) > next) {
            return;
        }
        Hash parent = context.tree.head().hash();
        Optional<Epoch> epoch = context.tree.head().epoch();
        for (final FinalBlock block : blocks) {
            if (block.block().height() < next) {
                continue;
            }
            if (block.block().height() != next || !block.block().header().parent().equals(parent)
                || !fits(block, epoch)) {
                context.fault(from, Kind.BAD_BLOCKS, "block does not follow: height=" + block.block().height());
                return;
            }
            run.add(block);
            next++;
            parent = block.block().hash();
            epoch = block.block().epoch().isPresent() ? block.block().epoch() : epoch;
            if (block.certificate().isPresent() && !takeIn(from, run)) {
                return;
            }
        }
        if (context.tree.head().height() > before) {
            pace.take(context.tree.head().height() - before, context.outbox.nextTicket());
            arrived();
        }
    }

    /** Goes on with final blocks when those taken in are durable and it is time; looked at after each step. */
    void goOn() {
        if (pace.storing() >= 0 && context.outbox.isDurable(pace.storing())) {
            pace.stored(context.nowNs, highestHeard, highestHeard - context.tree.head().height());
        }
        if (pace.isOver(context.nowNs) && !context.isDiskBehind()) {
            askFinal();
        }
    }

    /** The earlier of a time and the end of its rest, if it rests and its disk keeps up. */
    long dueAtLatest(final long otherNs) {
        return pace.isResting() && !context.isDiskBehind() && pace.dueNs() - otherNs < 0 ? pace.dueNs() : otherNs;
    }

    private boolean fits(final FinalBlock block, final Optional<Epoch> lastEpoch) {
        if (Epochs.checkNamed(block.block(), lastEpoch).isPresent()
            || block.block().epoch().flatMap(context.epochs::take).isPresent()) {
            return false;
        }
        if (!context.hashing.transactionsRoot(block.block().batches())
            .equals(block.block().header().transactionsRoot())) {
            return false;
        }
        for (int i = 0; i < block.batches().size(); i++) {
            final Optional<BatchRef> actual = context.hashing.identify(block.batches().get(i));
            if (actual.isEmpty() || !actual.get().equals(block.block().batches().get(i))) {
                return false;
            }
        }
        return block.batches().size() == block.block().batches().size();
    }

    private boolean takeIn(final int from, final List<FinalBlock> run) {
        final FinalBlock last = run.get(run.size() - 1);
        final Certificate claimed = last.certificate().orElseThrow();
        final Optional<Certificate> commit = claimed.phase() == Phase.COMMIT
            && claimed.block().equals(last.block().hash()) && claimed.height() == last.block().height()
            ? context.certificates.check(claimed) : Optional.empty();
        if (commit.isEmpty()) {
            context.fault(from, Kind.BAD_SIGNATURE, "certificate " + Context.brief(claimed));
            return false;
        }
        run.set(run.size() - 1, new FinalBlock(last.block(), last.batches(), commit)); // not with votes as they came
        for (final FinalBlock block : run) {
            context.tree.requireDigest(block.block());
            final Executed executed = context.tree.executeOnHead(block.block(), block.batches());
            for (int i = 0; i < block.batches().size(); i++) {
                final BatchRef ref = block.block().batches().get(i);
                if (context.pool.get(ref.root()).isEmpty()) {
                    context.outbox.record(new Action.BatchEntry(ref, block.batches().get(i)));
                }
                context.pool.finalized(ref.root());
            }
            context.outbox.record(new Action.BlockEntry(block.block()));
            context.outbox.now(new Action.Finalized(block, executed));
            context.tree.advance(block.block(), executed.after());
        }
        context.outbox.record(new Action.CertificateEntry(commit.get()));
        run.clear();
        context.certifier.advanced(commit.get());
        return true;
    }

    /** Asks, or asks another peer, for what is still missing, unless it could not be taken in. */
    void tick() {
        if (context.isDiskBehind()) {
            return;
        }
        if (context.nowNs - askedPartsNs >= context.limits.retransmitNs() / 4
            && !(wantedBlocks.isEmpty() && wantedBatches.isEmpty())) {
            askedPartsNs = context.nowNs;
            noteMissing();
            final int peer = nextPeer();
            wantedBlocks.forEach(hash -> context.outbox.now(new Send(peer, new WantBlock(hash))));
            final List<Hash> batches = wantedBatches.stream().filter(root -> !context.pool.isChecking(root)).toList();
            if (!batches.isEmpty()) {
                context.outbox.now(new Send(peer, new WantBatches(batches)));
            }
        }
        if (!pace.holds(context.nowNs)) {
            askFinal();
        }
    }

    /**
     * Asks for final blocks if peers have them and the usual way does not bring them. Who had to ask once asks on, one
     * answer after another, until it is so near that proposals and certificates bring the rest.
     */
    private void askFinal() {
        final long height = context.tree.head().height();
        pace.rested();
        if (context.stateTransfer.isTaking()) {
            return;
        }
        if (highestHeard <= height) {
            following = false;
            return;
        }
        final boolean stalled = context.nowNs - progressNs >= context.limits.retransmitNs();
        final long near = 2L * context.limits.pipeline();
        final long distance = stalled ? 0 : following ? near : context.limits.heightsAhead();
        final List<Integer> ahead = peerHeights.entrySet().stream().filter(peer -> peer.getValue() > height + distance)
            .map(Map.Entry::getKey).sorted().toList();
        following = peerHeights.values().stream().anyMatch(peer -> peer > height + near) && (following || !ahead.isEmpty());
        if (!ahead.isEmpty()) {
            pace.ask(context.nowNs, highestHeard);
            context.outbox.now(new Send(ahead.get(Math.floorMod(turn++, ahead.size())), new WantFinal(height + 1)));
        }
    }

    private int nextPeer() {
        int peer;
        do {
            peer = context.group.members().get(Math.floorMod(turn++, context.group.size()));
        } while (peer == context.self && context.group.size() > 1);
        return peer;
    }
}
