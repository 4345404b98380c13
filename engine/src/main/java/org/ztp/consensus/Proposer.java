package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Message.Proposed;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;

/** The leader's side: makes the next block as soon as its parent is certified, so rounds overlap. */
final class Proposer {
    private final Context context;
    private Proposal last;
    private long lastNs;

    Proposer(final Context context) {
        this.context = context;
    }

    /**
     * Proposes if this replica leads, its disk keeps up, its last proposal is certified, and there is something to
     * propose: batches, or certified blocks of earlier views that need a block above them to become final.
     *
     * @return whether a proposal left, with the highest certificate in it
     */
    boolean tryPropose() {
        return tryPropose(false);
    }

    private boolean tryPropose(final boolean quiet) {
        if (!context.safety.mayLead() || context.isDiskBehind()) {
            return false;
        }
        final long view = context.safety.view();
        final Certificate high = context.safety.high();
        final boolean opens = high.view() < view;
        if (isWaitingForVotes(view, high)
            || opens && view > context.group.root().firstView() && !context.viewChange.opensWith(high)) {
            return false;
        }
        if (!context.tree.knows(high.block())) {
            context.catchUp.wantBlock(high.block());
            return false;
        }
        final Optional<LedgerState> state = context.tree.stateAfter(high.block());
        if (state.isEmpty() || !opens && high.height() - context.tree.head().height() >= context.limits.pipeline()) {
            context.catchUp.wantBatchesUpTo(high.block());
            return false;
        }
        final List<BatchRef> refs = context.pool.select(context.tree.rootsUpTo(high.block()), context.limits);
        final boolean unfinished = opens && high.height() > context.tree.head().height();
        if (refs.isEmpty() && !unfinished && !(quiet && state.get().answersFor(high.height()))) {
            return false;
        }
        return propose(block(high, view, state.get().digest(), refs), high, opens);
    }

    private boolean isWaitingForVotes(final long view, final Certificate high) {
        return last != null && last.view() == view && last.block().height() > high.height();
    }

    private Block block(final Certificate high, final long view, final Hash stateDigest, final List<BatchRef> refs) {
        final long timeMillis = Math.max(context.wallMillis, context.tree.timeMillis(high.block()));
        final Optional<Epoch> last = context.tree.epochAt(high.block());
        final Optional<Epoch> epoch = context.epochs.toName(last);
        return Block.of(new BlockHeader(context.group.subCluster(), context.self, high.height() + 1, view, timeMillis,
            context.group.chain(), high.block(), context.hashing.transactionsRoot(refs), stateDigest,
            epoch.map(Epoch::number).orElse(0L), epoch.map(Epoch::root).orElse(Hash.ZERO),
            refs.size(), refs.stream().mapToInt(BatchRef::transactions).sum()), refs,
            epoch.filter(named -> last.isEmpty() || named.number() > last.get().number()));
    }

    private boolean propose(final Block block, final Certificate high, final boolean opens) {
        final Optional<byte[]> signature = context.safety.propose(block);
        if (signature.isEmpty()) {
            return false;
        }
        last = new Proposal(block, high, opens ? context.safety.entry() : Optional.empty(), signature.get());
        lastNs = context.nowNs;
        say(opens);
        context.voter.onProposal(context.self, last);
        return true;
    }

    /**
     * The first proposal of a view waits until the view is durable: a leader that forgot that it entered the view would
     * propose another. The later ones follow a certificate over it.
     */
    private void say(final boolean first) {
        final Broadcast proposed = new Broadcast(new Proposed(last));
        if (first) {
            context.outbox.whenDurable(proposed);
        } else {
            context.outbox.now(proposed);
        }
    }

    /**
     * Proposes; if there is nothing to, then a block without batches above one whose outcomes nothing proves yet. While
     * there is always something, none is made. Says again what had no answer.
     */
    void tick() {
        tryPropose(true);
        if (last == null || last.view() != context.safety.view() || !context.safety.mayLead()
            || last.block().height() <= context.tree.head().height()
            || context.nowNs - lastNs < context.limits.retransmitNs()) {
            return;
        }
        lastNs = context.nowNs;
        say(last.entry().isPresent());
        if (context.safety.high().view() == last.view()) {
            context.outbox.now(new Broadcast(new Message.Certified(context.safety.high())));
        }
    }
}
