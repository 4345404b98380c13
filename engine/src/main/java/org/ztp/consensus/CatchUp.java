package org.ztp.consensus;

import java.util.ArrayList;
import java.util.Comparator;
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
    /** How many times as long as at first is waited at most before the same thing is asked for again. */
    private static final int MOST_PATIENCE = 32;
    /** So many times as far as near, final blocks are asked for one portion after another. */
    private static final int FOLLOWED = 4;

    private final Context context;
    private final CatchUpPace pace;
    private final FinalIntake intake;
    private final Map<Integer, Long> peerHeights = new HashMap<>();
    private final Set<Hash> wantedBlocks = new LinkedHashSet<>();
    private final Set<Hash> wantedBatches = new LinkedHashSet<>();
    private final Map<Hash, Asked> asked = new HashMap<>();
    private Certificate committed;
    /** Whether what is in flight could not be kept for want of room, so that blocks above {@code committed} may be incomplete. */
    private boolean full;
    private long askedPartsNs;
    private long progressNs;
    private boolean following;
    private long highestHeard;
    private int turn;
    /** Who was asked for final blocks last, and from which height on. */
    private int askedPeer = -1;
    private long askedHeight;
    /** Final blocks that are taken in in the next step, since more was asked for first. */
    private Portion waiting;
    private boolean isWaitingNew;

    /** Final blocks, and whether more was asked for already. */
    private record Portion(int from, List<FinalBlock> blocks, boolean askedOn) { }

    /** When something was asked for last, and how long is waited before it is asked for again. */
    private record Asked(long atNs, long patienceNs) { }

    CatchUp(final Context context) {
        this.context = context;
        pace = new CatchUpPace(2 * context.limits.retransmitNs());
        intake = new FinalIntake(context);
    }

    /** A certified block is not here. */
    void wantBlock(final Hash block) {
        if (!comesWithFinalBlocks() && wantedBlocks.size() < context.limits.heightsAhead()) {
            wantedBlocks.add(block);
        }
    }

    /** Batches of the undecided blocks up to one are perhaps not here. */
    void wantBatchesUpTo(final Hash block) {
        if (comesWithFinalBlocks()) {
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
        if (committed == null || commit.height() > committed.height() && !(full && comesWithFinalBlocks())) {
            committed = commit;
        }
        peerHeights.merge(from, commit.height(), Math::max);
        highestHeard = Math.max(highestHeard, commit.height());
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

    /** The height up to which there are blocks, as far as is known here, and as at least one honest peer says. */
    long frontHeight() {
        final long told = peerHeights.values().stream().sorted(Comparator.reverseOrder())
            .skip(context.group.faults()).findFirst().orElse(0L);
        return Math.max(told, Math.max(context.safety.high().height(), context.tree.head().height()));
    }

    /**
     * Whether at least one honest peer is so far ahead that this replica keeps no block that it could vote for. When it is
     * nearer it keeps what is in flight, within its limits: so what is missing grows no more, and final blocks close the
     * gap at any pace.
     */
    boolean isFar() {
        return isAheadBy(context.limits.heightsAhead());
    }

    /** Whether at least one honest peer has so many more final blocks. Asked with each message, so nothing is allocated. */
    private boolean isAheadBy(final long blocks) {
        final long height = context.tree.head().height() + blocks;
        if (highestHeard <= height) {
            return false;
        }
        int ahead = 0;
        for (final long peer : peerHeights.values()) {
            ahead += peer > height ? 1 : 0;
        }
        return ahead > context.group.faults();
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

    /** Whether a batch was asked for. */
    boolean isWanted(final Hash root) {
        return wantedBatches.contains(root);
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
    void batchHere(final Hash root) {
        wantedBatches.remove(root);
    }

    /**
     * Final blocks have come. If the pace does not suffice, the next ones are asked for before these are taken in, in the next
     * step: so a peer reads while this replica hashes, and its disk writes.
     */
    void onFinalBlocks(final int from, final List<FinalBlock> blocks) {
        takeWaiting();
        final long head = context.tree.head().height();
        final long above = blocks.stream().filter(block -> block.block().height() > head).count();
        if (from == askedPeer && askedHeight <= head && above == 0) {
            pace.passed(context.nowNs);
        } else if (from == askedPeer && pace.isLate(context.nowNs, highestHeard, above) && isMissing(head + above)
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
    private void take(final int from, final List<FinalBlock> blocks, final boolean askedOn) {
        final long taken = intake.take(from, blocks);
        if (taken > 0) {
            pace.take(context.nowNs, highestHeard, taken, context.outbox.nextTicket(), askedOn);
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
            pace.stored(context.nowNs, highestHeard, highestHeard - context.tree.head().height());
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
        return highestHeard - height > near();
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
        if (context.nowNs - askedPartsNs >= context.limits.retransmitNs() / 4
            && !(wantedBlocks.isEmpty() && wantedBatches.isEmpty())) {
            askedPartsNs = context.nowNs;
            noteMissing();
            askParts();
        }
        if (waiting == null && !pace.holds(context.nowNs)) {
            askFinal(context.tree.head().height());
        }
    }

    /** Asks a peer for what was not asked for yet or has not come for long; for the same thing later and later. */
    private void askParts() {
        asked.keySet().removeIf(hash -> !wantedBlocks.contains(hash) && !wantedBatches.contains(hash));
        final List<Hash> blocks = wantedBlocks.stream().filter(this::isDue).toList();
        final List<Hash> batches = wantedBatches.stream().filter(root -> isDue(root) && !context.pool.isChecking(root))
            .toList();
        if (blocks.isEmpty() && batches.isEmpty()) {
            return;
        }
        final int peer = nextPeer();
        blocks.forEach(hash -> context.outbox.now(new Send(peer, new WantBlock(hash))));
        if (!batches.isEmpty()) {
            context.outbox.now(new Send(peer, new WantBatches(batches)));
        }
        blocks.forEach(this::noteAsked);
        batches.forEach(this::noteAsked);
    }

    private boolean isDue(final Hash hash) {
        final Asked last = asked.get(hash);
        return last == null || context.nowNs - last.atNs() >= last.patienceNs();
    }

    private void noteAsked(final Hash hash) {
        final long first = context.limits.retransmitNs() / 4;
        asked.merge(hash, new Asked(context.nowNs, first), (last, now) -> new Asked(now.atNs(),
            Math.min(2 * last.patienceNs(), MOST_PATIENCE * first)));
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
        if (highestHeard <= height) {
            following = false;
            return false;
        }
        final boolean stalled = context.nowNs - progressNs >= context.limits.retransmitNs();
        final long distance = stalled ? 0 : following ? near()
            : Math.min(context.limits.heightsAhead(), FOLLOWED * near());
        final List<Integer> ahead = peerHeights.entrySet().stream().filter(peer -> peer.getValue() > height + distance)
            .map(Map.Entry::getKey).sorted().toList();
        following = peerHeights.values().stream().anyMatch(peer -> peer > height + near()) && (following || !ahead.isEmpty());
        if (!ahead.isEmpty()) {
            pace.ask(context.nowNs, highestHeard);
            askedPeer = ahead.get(Math.floorMod(turn++, ahead.size()));
            askedHeight = height + 1;
            context.outbox.now(new Send(askedPeer, new WantFinal(askedHeight)));
        }
        return !ahead.isEmpty();
    }

    private int nextPeer() {
        int peer;
        do {
            peer = context.group.members().get(Math.floorMod(turn++, context.group.size()));
        } while (peer == context.self && context.group.size() > 1);
        return peer;
    }
}
