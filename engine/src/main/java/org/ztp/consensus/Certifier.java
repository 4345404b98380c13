package org.ztp.consensus;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.BlockTree.Node;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.vote.VoteCollector;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;

/** Votes become certificates, certificates lead to the COMMIT phase and to final blocks. */
final class Certifier {
    private final Context context;
    private final VoteCollector votes;

    Certifier(final Context context) {
        this.context = context;
        this.votes = new VoteCollector(context.group.quorum());
    }

    /** A vote has come to the leader. */
    void onVote(final int from, final Vote vote) {
        final Node node = context.tree.get(vote.block());
        if (vote.view() != context.safety.view() || node == null || node.block.height() != vote.height()
            || context.group.leader(vote.view()) != context.self || !votes.needs(from, vote)) {
            return;
        }
        if (!context.signatures.check(from, Certificate.votedBytes(context.group.chain(), context.group.subCluster(),
            vote.phase(), vote.view(), vote.height(), vote.block()), vote.signature())) {
            context.fault(from, Kind.BAD_SIGNATURE, vote.phase() + " vote view=" + vote.view() + " height="
                + vote.height());
            return;
        }
        final Optional<Certificate> certificate = votes.add(from, vote);
        if (certificate.isEmpty()) {
            return;
        }
        context.certificates.remember(certificate.get());
        if (vote.phase() == Phase.COMMIT) {
            context.outbox.now(new Broadcast(new Certified(certificate.get())));
            onCommitted(context.self, certificate.get());
        } else {
            onPrepared(certificate.get());
            if (!context.proposer.tryPropose()) {
                context.outbox.now(new Broadcast(new Certified(certificate.get())));
            }
        }
    }

    /** A certificate has come. */
    void onCertified(final int from, final Certificate certificate) {
        if (certificate.height() <= context.tree.head().height() && certificate.phase() == Phase.COMMIT) {
            return;
        }
        final Optional<Certificate> good = context.certificates.check(certificate);
        if (good.isEmpty()) {
            context.fault(from, Kind.BAD_SIGNATURE, "certificate " + Context.brief(certificate));
        } else if (certificate.phase() == Phase.COMMIT) {
            onCommitted(from, good.get());
        } else {
            onPrepared(good.get());
        }
    }

    /** A checked prepare certificate: lock on it and, in its own view, vote COMMIT. */
    void onPrepared(final Certificate prepare) {
        if (prepare.view() > context.safety.view()) {
            context.viewChange.enter(prepare.view(), Optional.empty());
        }
        lock(prepare);
        if (prepare.height() <= context.tree.head().height()) {
            return;
        }
        final Node node = context.tree.get(prepare.block());
        if (node == null) {
            context.catchUp.wantBlock(prepare.block());
        } else {
            tryCommit(node, prepare);
        }
    }

    /** Locks on a checked prepare certificate, if it is the highest. */
    void lock(final Certificate prepare) {
        if (context.safety.lock(prepare)) {
            context.outbox.safetyChanged();
        }
    }

    /** Votes COMMIT for a block if its data and that of all blocks below it are here (and so in the journal). */
    private void tryCommit(final Node node, final Certificate prepare) {
        if (prepare.view() != context.safety.view() || node.commitVotedInView == prepare.view()) {
            return;
        }
        if (context.tree.stateAfter(node.block.hash()).isEmpty()) {
            context.catchUp.wantBatchesUpTo(node.block.hash());
            return;
        }
        final Optional<byte[]> signature = context.safety.commit(prepare, node.block);
        if (signature.isPresent()) {
            node.commitVotedInView = prepare.view();
            context.tree.path(node.block.hash()).orElseThrow().forEach(context.voter::record);
            context.toLeaderWhenDurable(prepare.view(), new Vote(Phase.COMMIT, prepare.view(), prepare.height(),
                prepare.block(), signature.get()));
        }
    }

    /** Tries again with the lock, after something that was missing has come. */
    void retry() {
        final Certificate high = context.safety.high();
        final Node node = context.tree.get(high.block());
        if (node != null) {
            tryCommit(node, high);
        } else if (high.height() > context.tree.head().height()) {
            context.catchUp.wantBlock(high.block());
        }
    }

    /** Lets a vote for the lock be said again. */
    void repeatCommitVote() {
        final Node node = context.tree.get(context.safety.high().block());
        if (node != null) {
            node.commitVotedInView = 0;
            retry();
        }
    }

    /** A checked commit certificate: its block and all below are final. */
    void onCommitted(final int from, final Certificate commit) {
        final BlockTree.Head head = context.tree.head();
        if (commit.height() <= head.height()) {
            if (commit.height() == head.height() && !commit.block().equals(head.hash())) {
                throw new IllegalStateException("two final blocks at height " + commit.height() + ": " + head.hash()
                    + " and " + commit.block());
            }
            return;
        }
        if (context.tree.get(commit.block()) == null || context.tree.stateAfter(commit.block()).isEmpty()) {
            context.catchUp.committed(from, commit);
        } else {
            finish(commit);
        }
    }

    /** Makes final what a commit certificate covers; all of it is here and executed. */
    void finish(final Certificate commit) {
        final List<Node> path = context.tree.path(commit.block()).orElseThrow();
        for (final Node node : path) {
            context.voter.record(node);
        }
        context.outbox.record(new Action.CertificateEntry(commit));
        for (final Node node : path) {
            context.tree.requireDigest(node.block);
            final boolean last = node.block.hash().equals(commit.block());
            final FinalBlock block = new FinalBlock(node.block, node.batches,
                last ? Optional.of(commit) : Optional.empty());
            context.outbox.now(new Action.Finalized(block, node.executed));
            context.tree.advance(node.block, node.executed.after());
            context.insistence.finalized(node.block);
        }
        for (final Node node : path) {
            node.block.batches().forEach(ref -> context.pool.finalized(ref.root()));
        }
        advanced(Optional.of(commit));
        context.voter.retry();
        context.proposer.tryPropose();
    }

    /**
     * Blocks have become final. Only now, when they are in the journal together with the certificate, may that open its
     * view: so whoever is in a view can always show what opened it.
     *
     * @param commit the certificate; empty if it is of a block above, which is not here yet
     */
    void advanced(final Optional<Certificate> commit) {
        votes.forget(context.safety.view(), context.tree.head().height());
        commit.ifPresent(recorded -> context.viewChange.enter(recorded.view(), Optional.empty()));
        context.pacemaker.progress();
        context.catchUp.progress();
    }
}
