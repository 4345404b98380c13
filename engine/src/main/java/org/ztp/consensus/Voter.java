package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.BlockTree.Node;
import org.ztp.consensus.Message.Vote;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Phase;

/** The PREPARE phase: checks proposals and votes for valid ones. */
final class Voter {
    private final Context context;

    Voter(final Context context) {
        this.context = context;
    }

    /** A proposal has come. */
    void onProposal(final int from, final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final long view = proposal.view();
        if (view < context.safety.view() || header.height() <= context.tree.head().height()) {
            return;
        }
        final int leader = context.group.leader(view);
        final String broken = brokenRule(proposal, leader);
        if (broken != null) {
            context.fault(from, Kind.BAD_PROPOSAL, broken);
            return;
        }
        if (from != context.self && !context.signatures.check(leader, Proposal.signedBytes(proposal.block()),
            proposal.signature())) {
            context.fault(from, Kind.BAD_SIGNATURE, "proposal view=" + view + " height=" + header.height());
            return;
        }
        final Optional<String> badEpoch = proposal.block().epoch().flatMap(context.epochs::take);
        if (badEpoch.isPresent()) {
            context.fault(from, Kind.BAD_EPOCH, badEpoch.get()); // the leader's signature covers no votes of heads
            return;
        }
        final Optional<Certificate> justify = context.certificates.check(proposal.justify());
        if (justify.isEmpty()) {
            context.fault(from, Kind.BAD_SIGNATURE, "justification " + Context.brief(proposal.justify()));
            return;
        }
        if (!enterView(from, proposal, justify.get())) {
            return;
        }
        context.certifier.onPrepared(justify.get());
        if (header.height() > context.tree.head().height() && !isTooFarAhead(proposal)) {
            accept(from, proposal, leader);
        }
    }

    /**
     * A view's first block is never too far ahead: its height is given by the highest certificate, and if nobody voted
     * for it then nothing above the last final block could become final.
     */
    private boolean isTooFarAhead(final Proposal proposal) {
        return proposal.justify().view() == proposal.view()
            && proposal.block().height() - context.tree.head().height() > context.limits.heightsAhead();
    }

    private void accept(final int from, final Proposal proposal, final int leader) {
        final List<Node> rivals = context.tree.rivals(proposal.block());
        if (!rivals.isEmpty()) {
            context.fault(leader, Kind.EQUIVOCATION, "two blocks at view=" + proposal.view() + " height="
                + proposal.block().height() + ": " + rivals.get(0).block.hash() + " and " + proposal.block().hash());
            if (rivals.size() > 1) {
                return;
            }
        }
        final Node node = context.tree.add(proposal.block(), from);
        node.proposal = proposal;
        tryVote(node);
    }

    private String brokenRule(final Proposal proposal, final int leader) {
        final BlockHeader header = proposal.block().header();
        final Certificate justify = proposal.justify();
        if (!header.chain().equals(context.group.chain()) || header.subCluster() != context.group.subCluster()) {
            return "another chain: expected=" + context.group.chain().brief() + " actual=" + header.chain().brief();
        }
        if (header.proposer() != leader) {
            return "proposer: expected=" + leader + " actual=" + header.proposer();
        }
        if (justify.phase() != Phase.PREPARE || header.height() != justify.height() + 1
            || !header.parent().equals(justify.block())) {
            return "justification is not the parent's: " + Context.brief(justify);
        }
        long bytes = 0;
        for (final BatchRef ref : proposal.block().batches()) {
            bytes += ref.bytes();
        }
        final int batches = proposal.block().batches().size();
        if (batches > context.limits.blockBatches() || batches > 1 && bytes > context.limits.blockBytesMax()) {
            return "block too large: batches=" + batches + " bytes=" + bytes;
        }
        if (!context.hashing.transactionsRoot(proposal.block().batches()).equals(header.transactionsRoot())) {
            return "transactions root does not fit the batches";
        }
        return null;
    }

    /** By V1 with the justification as the lock, which the leader of an open view knows to reach all that were told. */
    private boolean enterView(final int from, final Proposal proposal, final Certificate justify) {
        final long view = proposal.view();
        final Optional<TimeoutCertificate> entry = proposal.entry();
        final boolean needsEntry = proposal.justify().view() != view && view > context.group.root().firstView();
        if (needsEntry && (entry.isEmpty() || entry.get().view() != view - 1 || !entry.get().isReachedBy(justify)
            || !context.viewChange.isKnown(entry.get()) && !context.certificates.holds(entry.get()))) {
            context.fault(from, Kind.BAD_PROPOSAL, "nothing opened view " + view);
            return false;
        }
        if (view > context.safety.view()) {
            context.certifier.lock(justify);
            context.viewChange.enter(view, needsEntry ? entry : Optional.empty());
        }
        return view == context.safety.view();
    }

    /** Votes for a proposal of the current view if everything that it needs is here. */
    void tryVote(final Node node) {
        final Proposal proposal = node.proposal;
        if (proposal == null || node.rejected || proposal.view() != context.safety.view()
            || node.prepareVotedInView == proposal.view()) {
            return;
        }
        final BlockHeader header = proposal.block().header();
        if (!context.tree.knows(header.parent())) {
            context.catchUp.wantBlock(header.parent());
            return;
        }
        final Optional<LedgerState> parentState = context.tree.stateAfter(header.parent());
        if (parentState.isEmpty() || context.pool.batches(node.block.batches()).isEmpty()) {
            context.catchUp.wantBatchesUpTo(node.block.hash());
            return;
        }
        final Optional<String> badEpoch = context.tree.badEpoch(node);
        if (badEpoch.isPresent()) {
            context.tree.drop(node);
            context.fault(node.from, Kind.BAD_PROPOSAL, badEpoch.get()); // who leads may have signed another
            return;
        }
        final String invalid = invalid(header, parentState.get());
        if (invalid != null) {
            node.rejected = true;
            context.fault(header.proposer(), Kind.BAD_PROPOSAL, invalid);
            return;
        }
        final Optional<byte[]> signature = context.safety.prepare(proposal);
        if (signature.isPresent()) {
            node.prepareVotedInView = proposal.view();
            record(node);
            context.outbox.safetyChanged();
            context.toLeaderWhenDurable(proposal.view(), new Vote(Phase.PREPARE, proposal.view(), header.height(),
                node.block.hash(), signature.get()));
        }
    }

    private String invalid(final BlockHeader header, final LedgerState parentState) {
        final long parentMillis = context.tree.timeMillis(header.parent());
        if (header.timeMillis() < parentMillis) {
            return "time goes back: parent=" + parentMillis + " block=" + header.timeMillis();
        }
        if (header.timeMillis() > parentMillis
            && Math.abs(header.timeMillis() - context.wallMillis) > context.limits.clockAheadMillis()) {
            return "time too far from mine: mine=" + context.wallMillis + " block=" + header.timeMillis();
        }
        if (!header.stateDigest().equals(parentState.digest())) {
            return "state digest: expected=" + parentState.digest().brief() + " actual=" + header.stateDigest().brief();
        }
        return null;
    }

    /** Makes a block durable, once. */
    void record(final Node node) {
        if (!node.recorded) {
            node.recorded = true;
            context.outbox.record(new Action.BlockEntry(node.block));
        }
    }

    /** Lets votes that had no effect be said again, unless this replica is behind: final blocks come before any that it votes for. */
    void repeatVotes() {
        if (context.catchUp.comesWithFinalBlocks()) {
            return;
        }
        context.tree.undecided().forEach(node -> node.prepareVotedInView = 0);
        retry();
    }

    /** Something that undecided proposals may have waited for is here. */
    void retry() {
        if (!context.tree.undecided().isEmpty()) {
            List.copyOf(context.tree.undecided()).forEach(this::tryVote);
        }
    }
}
