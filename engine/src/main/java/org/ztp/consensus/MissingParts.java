package org.ztp.consensus;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Message.WantBatches;
import org.ztp.consensus.Message.WantBlock;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.wire.Hash;

/**
 * Certified blocks in flight, and batches of blocks, that are not here: each is asked for by its hash, of one peer
 * after another, and every second time of who leads, who named what is missing most often, and then has it.
 */
final class MissingParts {
    /** How many times as long as at first is waited at most before the same thing is asked for again. */
    private static final int MOST_PATIENCE = 32;

    private final Context context;
    private final PeerHeights peers;
    private final Set<Hash> blocks = new LinkedHashSet<>();
    private final Set<BatchRef> batches = new LinkedHashSet<>();
    private final Map<Hash, Asked> asked = new HashMap<>();
    private long notedNs;

    /** When something was asked for last, how long is waited before it is asked for again, and whether of who leads. */
    private record Asked(long atNs, long patienceNs, boolean leaderNext) { }

    MissingParts(final Context context, final PeerHeights peers) {
        this.context = context;
        this.peers = peers;
    }

    /** A block is not here; one too many is not noted. */
    void wantBlock(final Hash block) {
        if (blocks.size() < context.limits.heightsAhead()) {
            blocks.add(block);
        }
    }

    /** Batches of a block are perhaps not here; those too many are not noted. */
    void wantBatchesOf(final Block block) {
        for (final BatchRef ref : context.pool.missing(block.batches())) {
            if (batches.size() < WantBatches.MAX) {
                batches.add(ref);
            }
        }
    }

    /** Whether a block names this very batch; the root alone does not tell how large it is. */
    boolean isWanted(final BatchRef ref) {
        return batches.contains(ref);
    }

    /** A block has come; false if it was not asked for. */
    boolean blockHere(final Hash block) {
        return blocks.remove(block);
    }

    /** What has come for a block is not that. */
    void blockNotHere(final Hash block) {
        blocks.add(block);
    }

    /** A batch has come. */
    void batchHere(final BatchRef ref) {
        batches.remove(ref);
    }

    /** Whether anything is missing that was noted a while ago. */
    boolean isDue() {
        return context.nowNs - notedNs >= firstPatienceNs() && !(blocks.isEmpty() && batches.isEmpty());
    }

    /** Forgets what was missing: it is noted anew now. */
    void noteAnew() {
        notedNs = context.nowNs;
        blocks.clear();
        batches.clear();
    }

    /** Asks a peer for what was not asked for yet or has not come for long; for the same thing later and later. */
    void ask() {
        final Set<Hash> roots = batches.stream().map(BatchRef::root)
            .collect(Collectors.toCollection(LinkedHashSet::new));
        asked.keySet().removeIf(hash -> !blocks.contains(hash) && !roots.contains(hash));
        final List<Hash> dueBlocks = blocks.stream().filter(this::isDue).toList();
        final List<Hash> dueBatches = roots.stream().filter(root -> isDue(root) && !context.pool.isChecking(root))
            .toList();
        if (dueBlocks.isEmpty() && dueBatches.isEmpty()) {
            return;
        }
        final int leader = context.group.leader(context.safety.view());
        final Predicate<Hash> ofLeader = hash -> leader != context.self && isLeaderNext(hash);
        ask(leader, dueBlocks.stream().filter(ofLeader).toList(), dueBatches.stream().filter(ofLeader).toList());
        final List<Hash> blocksOfOthers = dueBlocks.stream().filter(ofLeader.negate()).toList();
        final List<Hash> batchesOfOthers = dueBatches.stream().filter(ofLeader.negate()).toList();
        if (!(blocksOfOthers.isEmpty() && batchesOfOthers.isEmpty())) {
            ask(peers.next(), blocksOfOthers, batchesOfOthers);
        }
        dueBlocks.forEach(this::noteAsked);
        dueBatches.forEach(this::noteAsked);
    }

    private void ask(final int peer, final List<Hash> someBlocks, final List<Hash> someBatches) {
        someBlocks.forEach(hash -> context.outbox.now(new Send(peer, new WantBlock(hash))));
        if (!someBatches.isEmpty()) {
            context.outbox.now(new Send(peer, new WantBatches(someBatches)));
        }
    }

    private boolean isLeaderNext(final Hash hash) {
        final Asked last = asked.get(hash);
        return last != null && last.leaderNext();
    }

    private boolean isDue(final Hash hash) {
        final Asked last = asked.get(hash);
        return last == null || context.nowNs - last.atNs() >= last.patienceNs();
    }

    private void noteAsked(final Hash hash) {
        asked.merge(hash, new Asked(context.nowNs, firstPatienceNs(), true), (last, now) -> new Asked(now.atNs(),
            Math.min(2 * last.patienceNs(), MOST_PATIENCE * firstPatienceNs()), !last.leaderNext()));
    }

    private long firstPatienceNs() {
        return context.limits.retransmitNs() / 4;
    }
}
