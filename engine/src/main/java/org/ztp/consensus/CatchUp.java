package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.BlockHere;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.WantFinal;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.wire.Hash;

/**
 * Gets what this replica misses: batches and certified blocks in flight, and final blocks when it is behind. One that
 * is far behind takes final blocks alone: what is in flight would have become final long before it could be of use
 * here, and comes with them. When it has come near it keeps what is in flight again, and asks for none of it singly
 * while final blocks still bring it.
 */
final class CatchUp {
    /** So many times as far as near, final blocks are asked for one portion after another. */
    private static final int FOLLOWED = 4;

    private final Context context;
    private final CatchUpPace pace;
    private final FinalIntake intake;
    private final PeerHeights peers;
    private final MissingParts parts;
    private Certificate committed;
    /** Whether what is in flight could not be kept for want of room, so that blocks above {@code committed} may be incomplete. */
    private boolean full;
    private long progressNs;
    private boolean following;
    /** Who was asked for final blocks last, and from which height on. */
    private int askedPeer = -1;
    private long askedHeight;
    /** Final blocks that are taken in in the next step, since more was asked for first. */
    private Portion waiting;
    private boolean isWaitingNew;

    /** Final blocks, and whether more was asked for already. */
    private record Portion(int from, FinalBlocks blocks, boolean askedOn) { }

    CatchUp(final Context context) {
        this.context = context;
        pace = new CatchUpPace(2 * context.limits.retransmitNs());
        intake = new FinalIntake(context);
        peers = new PeerHeights(context.group, context.self);
        parts = new MissingParts(context, peers);
    }

    /** A certified block is not here. */
    void wantBlock(final Hash block) {
        if (!comesWithFinalBlocks()) {
            parts.wantBlock(block);
        }
    }

    /** Batches of the undecided blocks up to one are perhaps not here. */
    void wantBatchesUpTo(final Hash block) {
        if (comesWithFinalBlocks()) {
            return;
        }
        context.tree.path(block).ifPresentOrElse(path -> path.forEach(node -> parts.wantBatchesOf(node.block)),
            () -> missingParent(block));
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
        if (committed == null || commit.height() > committed.height() && !(full && comesWithFinalBlocks())) {
            committed = commit;
        }
        peers.shown(from, commit.height());
        wantBatchesUpTo(commit.block());
    }

    /**
     * A batch in flight found no room. What was kept up to now becomes final once final blocks have come up to it; what comes
     * from now on does not, as something would be missing there. So each time a part of what is missing as large as the room
     * is saved, and the next time there is less missing.
     *
     * @return whether that is no fault of the sender's, since this replica is behind
     */
    boolean refused() {
        full |= committed != null && comesWithFinalBlocks();
        return isBehind();
    }

    /** A peer tells where it stands. */
    void onStatus(final int from, final Message.Status status) {
        peers.told(from, status.finalHeight());
        if (status.mute()) {
            context.viewChange.onMute(status);
        }
        if (status.view() < context.safety.view()) {
            context.viewChange.helpBehind(from);
        }
    }

    /** Whether at least one honest peer is further: no time to complain about leaders. */
    boolean isBehind() {
        return isAheadBy(0);
    }

    /** The height up to which there are blocks, as far as is known here, and as at least one honest peer says. */
    long frontHeight() {
        return Math.max(peers.honest(), Math.max(context.safety.high().height(), context.tree.head().height()));
    }

    /**
     * Whether at least one honest peer is so far ahead that this replica keeps no block that it could vote for. When it is
     * nearer it keeps what is in flight, within its limits: so what is missing grows no more, and final blocks close the
     * gap at any pace.
     */
    boolean isFar() {
        return isAheadBy(context.limits.heightsAhead());
    }

    /** Whether at least one honest peer has more than so many final blocks beyond those here. */
    private boolean isAheadBy(final long blocks) {
        return peers.isHonestAbove(context.tree.head().height() + blocks);
    }

    /** So few blocks behind, proposals and certificates bring the rest. */
    private long near() {
        return 2L * context.limits.pipeline();
    }

    /**
     * Whether what is missing comes with the final blocks that are asked for one portion after another. Asked for singly
     * it would come as well, read and checked once more for each time it was asked for.
     */
    boolean comesWithFinalBlocks() {
        return isFar() || following && isAheadBy(near());
    }

    /** Whether a block that is here names this very batch, which is not. */
    boolean isWanted(final BatchRef ref) {
        return parts.isWanted(ref);
    }

    /** A block has become final here. */
    void progress() {
        progressNs = context.nowNs;
        if (committed != null && committed.height() <= context.tree.head().height()) {
            committed = null;
            full = false;
        }
    }

    /**
     * Notes anew what is missing now: for what is known to be final first, then for the lock, then for proposals of
     * this view. What nobody has, such as batches that a faulty leader invented, is thereby forgotten with that
     * leader's view.
     */
    private void noteMissing() {
        parts.noteAnew();
        if (committed != null) {
            wantBatchesUpTo(committed.block());
        }
        context.certifier.retry();
        context.voter.retry();
        context.proposer.tryPropose();
    }

    /** A block that was asked for has come. Its hash speaks for it; whether it counts is for certificates to say. */
    void onBlock(final int from, final Block block) {
        if (!parts.blockHere(block.hash())) {
            return;
        }
        if (!context.hashing.transactionsRoot(block.batches()).equals(block.header().transactionsRoot())) {
            context.fault(from, Kind.BAD_BLOCKS, "transactions root does not fit the batches of " + block.hash());
            parts.blockNotHere(block.hash());
            return;
        }
        final Optional<String> badEpoch = block.epoch().flatMap(context.epochs::take);
        if (badEpoch.isPresent()) {
            context.fault(from, Kind.BAD_EPOCH, badEpoch.get());
            parts.blockNotHere(block.hash());
            return;
        }
        if (block.height() <= context.tree.head().height()) {
            return;
        }
        context.tree.add(block, from);
        wantBatchesUpTo(block.hash());
        arrived();
    }

    /** Something that was missing is here: go on wherever that helps. */
    void arrived() {
        if (isFar()) {
            return;
        }
        if (committed != null && context.tree.goesOn() && context.tree.get(committed.block()) != null
            && context.tree.stateAfter(committed.block()).isPresent()) {
            context.certifier.finish(committed);
        }
        if (comesWithFinalBlocks()) {
            return;
        }
        context.certifier.retry();
        if (context.tree.goesOn()) {
            context.voter.retry();
        }
        context.proposer.tryPropose();
    }

    /** A peer wants a certified block; one that is recorded here is as it must be, with the epoch that it holds. */
    void onWantBlock(final int from, final Hash hash) {
        final BlockTree.Node node = context.tree.get(hash);
        if (node != null && node.recorded) {
            context.outbox.now(new Send(from, new BlockHere(node.block)));
        }
    }

    /** A batch that was asked for is here. */
    void batchHere(final BatchRef ref) {
        parts.batchHere(ref);
    }

    /**
     * Final blocks have come. If the pace does not suffice, the next ones are asked for before these are taken in, in the next
     * step: so a peer reads while this replica hashes, and its disk writes.
     */
    void onFinalBlocks(final int from, final FinalBlocks blocks) {
        takeWaiting();
        final long head = context.tree.head().height();
        final long above = blocks.blocks().stream().filter(block -> block.block().height() > head).count();
        if (from == askedPeer && askedHeight <= head && above == 0) {
            pace.passed(context.nowNs);
        } else if (from == askedPeer && pace.isLate(context.nowNs, peers.sure(), above) && isMissing(head + above)
            && context.outbox.isDurable(pace.earlierTicket())) {
            pace.answered(context.nowNs);
            waiting = new Portion(from, blocks, askFinal(head + above));
            isWaitingNew = true;
        } else {
            take(from, blocks, false);
        }
    }

    private void takeWaiting() {
        if (waiting != null) {
            final Portion portion = waiting;
            waiting = null;
            take(portion.from(), portion.blocks(), portion.askedOn());
        }
    }

    /**
     * Takes final blocks in as far as they are whole and certified. Only if that was of use is more asked for
     * as soon as {@link CatchUpPace} lets it: a liar that says it is ahead, and then has nothing, would be asked again and
     * again.
     */
    private void take(final int from, final FinalBlocks blocks, final boolean askedOn) {
        final long taken = intake.take(from, blocks);
        if (taken > 0) {
            peers.gave(from);
            pace.take(context.nowNs, peers.sure(), taken, context.outbox.nextTicket(), askedOn);
            arrived();
        }
    }

    /** Goes on with final blocks when those taken in are durable and it is time; looked at after each step. */
    void goOn() {
        if (!isWaitingNew) {
            takeWaiting();
        }
        isWaitingNew = false;
        if (pace.isStoring() && context.outbox.isDurable(pace.ticket())) {
            pace.stored(context.nowNs, peers.sure(), peers.sure() - context.tree.head().height());
        }
        if ((pace.isOver(context.nowNs) || mayAskAhead() && context.nowNs - pace.lateNs() >= 0) && !context.isDiskBehind()) {
            askFinal(context.tree.head().height());
        }
    }

    /** Whether more is to be asked for when it is late, though what was taken in last is not durable. */
    private boolean mayAskAhead() {
        return pace.isStoring() && context.outbox.isDurable(pace.earlierTicket()) && isMissing(context.tree.head().height());
    }

    private boolean isMissing(final long height) {
        return peers.sure() - height > near();
    }

    /** The earlier of a time and when there is something to do here, unless the disk does not keep up. */
    long dueAtLatest(final long otherNs) {
        if (waiting != null) {
            return context.nowNs;
        }
        if (context.isDiskBehind()) {
            return otherNs;
        }
        final long dueNs = pace.isResting() ? pace.dueNs() : mayAskAhead() ? pace.lateNs() : otherNs;
        return dueNs - otherNs < 0 ? dueNs : otherNs;
    }

    /** Asks, or asks another peer, for what is still missing, unless it could not be taken in. */
    void tick() {
        if (context.isDiskBehind()) {
            return;
        }
        if (parts.isDue()) {
            noteMissing();
            parts.ask();
        }
        if (waiting == null && !pace.holds(context.nowNs)) {
            askFinal(context.tree.head().height());
        }
    }

    /**
     * Asks for final blocks if peers have them and the usual way does not bring them. Who had to ask once asks on, one
     * answer after another, until it is so near that proposals and certificates bring the rest.
     *
     * @param height up to which blocks are here
     * @return whether a peer was asked
     */
    private boolean askFinal(final long height) {
        pace.rested();
        if (context.stateTransfer.isTaking()) {
            return false;
        }
        if (peers.highest() <= height) {
            following = false;
            return false;
        }
        final boolean stalled = context.nowNs - progressNs >= context.limits.retransmitNs();
        final long distance = stalled ? 0 : following ? near()
            : Math.min(context.limits.heightsAhead(), FOLLOWED * near());
        final List<Integer> ahead = peers.above(height + distance);
        following = !peers.above(height + near()).isEmpty() && (following || !ahead.isEmpty());
        if (!ahead.isEmpty()) {
            if (pace.isOpen()) {
                peers.gaveNothing(askedPeer);
            }
            pace.ask(context.nowNs, peers.sure());
            askedPeer = peers.nextGiver(ahead);
            askedHeight = height + 1;
            context.outbox.now(new Send(askedPeer, new WantFinal(askedHeight)));
        }
        return !ahead.isEmpty();
    }
}
