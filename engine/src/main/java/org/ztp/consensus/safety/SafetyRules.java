package org.ztp.consensus.safety;

import java.util.Optional;
import org.ztp.consensus.Group;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;

/**
 * The rules of voting, S1 to S9, as PROTOCOL.md argues for them.
 *
 * <p>Single owner: the replica's consensus thread.
 */
public final class SafetyRules implements VotingRules {
    private final Group group;
    private final int self;
    private final Signer signer;
    private SafetyState state;
    private final long firstViewToLead;
    private long proposedView;
    private long proposedHeight;

    /**
     * Rules over a state, which already tells of this life. In its first life a replica cannot have proposed anything
     * before.
     *
     * @param group who orders the chain
     * @param self this replica
     * @param signer its key
     * @param state what it remembers
     */
    public SafetyRules(final Group group, final int self, final Signer signer, final SafetyState state) {
        this.group = group;
        this.self = self;
        this.signer = signer;
        this.state = state;
        this.firstViewToLead = state.lives() <= 1 && state.muteBelow() == 0 ? state.view() : state.view() + 1;
    }

    @Override
    public SafetyState state() {
        return state;
    }

    @Override
    public long view() {
        return state.view();
    }

    @Override
    public Certificate high() {
        return state.high();
    }

    @Override
    public Optional<TimeoutCertificate> entry() {
        return state.entry();
    }

    @Override
    public boolean isOpen() {
        return state.timedOut() < state.view() && !isMute();
    }

    @Override
    public void enter(final long view, final Optional<TimeoutCertificate> opened) {
        if (view > state.view()) {
            state = state.entered(view, opened);
            regain();
        }
    }

    @Override
    public boolean isLearning() {
        return state.muteBelow() == SafetyState.FOREVER;
    }

    @Override
    public boolean isMute() {
        return state.isMute();
    }

    /**
     * S8. The record was lost. A quorum of others, none of them mute, has said since then in which view it is, and this
     * replica has entered all of those. It may have voted up to one view above the current one: to enter a view it
     * needed time-outs of the one before by a quorum, which shares an honest member with those who answered. So it
     * votes for nothing below the view after that.
     */
    @Override
    public void learned() {
        if (isLearning()) {
            state = state.mutedBelow(state.view() + 2);
        }
    }

    /**
     * S9. A replica that lost its record votes again once its lock is at least what it may have been. A time-out
     * certificate of the view {@code muteBelow - 1} or later has no new vote of this replica, so it holds a lock as
     * high as all that was committed with this replica's forgotten votes; a certificate of the view {@code muteBelow}
     * or later ranks above them.
     */
    private void regain() {
        final boolean byEntry = state.view() >= state.muteBelow() && state.entry().isPresent()
            && state.entry().get().isReachedBy(state.high());
        if (isMute() && !isLearning() && (byEntry || state.high().view() >= state.muteBelow())) {
            state = state.withLockRegained();
        }
    }

    /**
     * S5. The lock only rises (Jolteon: {@code qc_high := max}).
     *
     * @return whether it rose
     */
    @Override
    public boolean lock(final Certificate prepare) {
        if (!prepare.ranksAbove(state.high())) {
            return false;
        }
        state = state.locked(prepare);
        regain();
        return true;
    }

    /**
     * Signs a proposal. S6: at most one at a view and height, and none in a view that was entered before a restart,
     * since what was proposed then is not remembered.
     */
    @Override
    public Optional<byte[]> propose(final Block block) {
        final BlockHeader header = block.header();
        final boolean later = header.view() > proposedView || header.height() > proposedHeight;
        if (header.view() != state.view() || header.view() < firstViewToLead || !isOpen() || !later
            || group.leader(header.view()) != self) {
            return Optional.empty();
        }
        proposedView = header.view();
        proposedHeight = header.height();
        return Optional.of(signer.sign(Proposal.signedBytes(block)));
    }

    @Override
    public boolean mayLead() {
        return isOpen() && state.view() >= firstViewToLead && group.leader(state.view()) == self;
    }

    /**
     * A prepare vote.
     *
     * <ul>
     * <li>S1: only in the current view, and not after a time-out in it (Jolteon, "stop voting for round r").
     * <li>S2: (view, height) rises with each vote; the same block may be voted for again ({@code r > r_vote}).
     * <li>S3: either the justification is of this view and of the parent (Jolteon, vote rule 1: {@code r = qc.r + 1}),
     *     or this is the replica's first vote in the view, the view was opened by a time-out certificate, and the
     *     justification ranks at least as high as every lock in that (rule 2: {@code qc.r >= max qc_high.r in tc}).
     *     Because a quorum of first votes goes to one block only, all certificates of a view lie on one chain.
     * </ul>
     */
    @Override
    public Optional<byte[]> prepare(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final Certificate justify = proposal.justify();
        final long view = header.view();
        if (view != state.view() || !isOpen()) {
            return Optional.empty();
        }
        final boolean again = view == state.preparedView() && header.height() == state.preparedHeight()
            && proposal.block().hash().equals(state.preparedBlock());
        final boolean rises = view > state.preparedView()
            || view == state.preparedView() && header.height() > state.preparedHeight();
        final boolean extendsParent = header.height() == justify.height() + 1
            && header.parent().equals(justify.block());
        final boolean opens = view == group.root().firstView() && justify.equals(group.root().certificate())
            || proposal.entry().isPresent() && proposal.entry().get().view() == view - 1
                && proposal.entry().get().isReachedBy(justify);
        final boolean justified = justify.view() == view || opens && (again || view > state.preparedView());
        if (!(again || rises) || !extendsParent || !justified) {
            return Optional.empty();
        }
        state = state.prepared(view, header.height(), proposal.block().hash());
        return Optional.of(sign(Phase.PREPARE, view, header.height(), proposal.block()));
    }

    /**
     * A commit vote. S4: only for a prepare certificate of the current view, locked, and not after a time-out in the
     * view: so a time-out certificate of this or a later view holds, from an honest member of every commit quorum, a
     * lock at least this high.
     */
    @Override
    public Optional<byte[]> commit(final Certificate prepare, final Block block) {
        if (prepare.view() != state.view() || !isOpen() || prepare.ranksAbove(state.high())
            || !block.hash().equals(prepare.block())) {
            return Optional.empty();
        }
        return Optional.of(sign(Phase.COMMIT, prepare.view(), prepare.height(), block));
    }

    /** S7. Says that the current view is out of time: from here on no vote in it. Empty while muted. */
    @Override
    public Optional<TimeoutVote> timeout() {
        if (isMute()) {
            return Optional.empty();
        }
        state = state.timedOutIn(state.view());
        final byte[] message = TimeoutVote.signedBytes(group, state.view(), state.high().view(), state.high().height());
        return Optional.of(new TimeoutVote(self, state.view(), state.high().view(), state.high().height(),
            signer.sign(message)));
    }

    private byte[] sign(final Phase phase, final long view, final long height, final Block block) {
        return signer.sign(Certificate.votedBytes(group.chain(), group.subCluster(), phase, view, height,
            block.hash()));
    }
}
