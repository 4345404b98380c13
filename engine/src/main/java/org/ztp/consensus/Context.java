package org.ztp.consensus;

import java.util.Set;
import org.ztp.consensus.safety.VotingRules;
import org.ztp.consensus.vote.CertificateCheck;
import org.ztp.ledger.Certificate;

/** What the parts of one replica's core share. Owned by the thread that calls {@link ReplicaCore#step}. */
final class Context {
    final Group group;
    final int self;
    final Limits limits;
    final VotingRules safety;
    final SignatureCheck signatures;
    final CertificateCheck certificates;
    final BatchHashing hashing;
    final BatchPool pool;
    final BlockTree tree;
    final EpochBook epochs;
    final Outbox outbox = new Outbox();
    final Pacemaker pacemaker;
    final Insistence insistence;
    final Proposer proposer;
    final Voter voter;
    final Certifier certifier;
    final ViewChange viewChange;
    final CatchUp catchUp;
    final LostRecord lostRecord;
    final StateTransfer stateTransfer;
    /** Who is not heard of, as far as this node knows. */
    Set<Integer> suspected = Set.of();
    long nowNs;
    long wallMillis;

    Context(final Group group, final int self, final Limits limits, final VotingRules safety,
            final SignatureCheck signatures, final BatchHashing hashing, final BatchPool pool, final BlockTree tree,
            final EpochBook epochs, final boolean gap) {
        this.group = group;
        this.self = self;
        this.limits = limits;
        this.safety = safety;
        this.signatures = signatures;
        this.certificates = new CertificateCheck(group, signatures);
        this.hashing = hashing;
        this.pool = pool;
        this.tree = tree;
        this.epochs = epochs;
        this.pacemaker = new Pacemaker(limits);
        this.insistence = new Insistence(this);
        this.proposer = new Proposer(this);
        this.voter = new Voter(this);
        this.certifier = new Certifier(this);
        this.viewChange = new ViewChange(this);
        this.catchUp = new CatchUp(this);
        this.lostRecord = new LostRecord(this);
        this.stateTransfer = new StateTransfer(this, gap);
    }

    /** Reports a peer's fault. */
    void fault(final int replica, final Action.Fault.Kind kind, final String detail) {
        outbox.now(new Action.Fault(replica, kind, detail));
    }

    /** Sends to the leader of a view once all is durable; a message to this replica itself takes the same way. */
    void toLeaderWhenDurable(final long view, final Message message) {
        outbox.whenDurable(new Action.Send(group.leader(view), message));
    }

    /**
     * Whether there is something that should become final: batches, certified blocks, a proposal of this view, or the
     * block that lets the outcomes of the last one be proven. An older proposal without a certificate is no work: a
     * leader that has nothing to propose would be given up again and again.
     */
    boolean hasWork() {
        return !pool.isEmpty() || safety.high().height() > tree.head().height() || tree.hasProposalOf(safety.view())
            || tree.isOpen();
    }

    /** Whether the view goes on, led by somebody who is not heard of. */
    boolean isLeaderSilent() {
        return safety.isOpen() && suspected.contains(group.leader(safety.view()));
    }

    /**
     * Whether the disk has not kept up with what was recorded. Then nothing more is taken in, so memory is bounded, and the
     * replica falls behind; final blocks, which wait for the disk, bring what it missed.
     */
    boolean isDiskBehind() {
        return outbox.waitingBytes() > limits.waitingBytes();
    }

    /** A short name of a certificate, for people. */
    static String brief(final Certificate certificate) {
        return certificate.phase() + " view=" + certificate.view() + " height=" + certificate.height() + " block="
            + certificate.block().brief();
    }
}
