package org.ztp.consensus.safety;

import java.util.Optional;
import org.ztp.consensus.Group;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutVote;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;

/**
 * Decides what this replica may sign, and signs it. Whoever calls must make {@link #state()} durable before a signature
 * from here leaves the replica. Certificates given to it have been checked.
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

    /** What must be durable. */
    @Override
    public SafetyState state() {
        return state;
    }

    /** The current view. */
    @Override
    public long view() {
        return state.view();
    }

    /** The highest prepare certificate: the lock. */
    @Override
    public Certificate high() {
        return state.high();
    }

    /** Whether this replica still votes in its view: it has not said that the view is out of time. */
    @Override
    public boolean isOpen() {
        return state.timedOut() < state.view() && state.view() >= state.muteBelow();
    }

    /** Enters a view that a checked time-out certificate (of the view before) or certificate (of the view) opened. */
    @Override
    public void enter(final long view) {
        if (view > state.view()) {
            state = state.entered(view);
        }
    }

    /** Whether the record was lost and it is not known yet in which views this replica may have voted. */
    @Override
    public boolean isLearning() {
        return state.muteBelow() == SafetyState.FOREVER;
    }

    /** Whether votes are withheld because of a lost record. */
    @Override
    public boolean isMute() {
        return state.view() < state.muteBelow();
    }

    /**
     * After the record was lost: no vote in views below this one, which is two above the highest that a quorum of others is
     * in. This replica may have voted in views up to one above that; and whoever commits in those views after this was
     * asked leaves, in a quorum without this replica, a lock that the time-out certificates below the given view hold.
     */
    @Override
    public void learned(final long view) {
        if (isLearning()) {
            state = state.mutedBelow(view);
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
        return true;
    }

    /**
     * Signs a proposal. S6: at most one at a view and height, and none in a view that was entered before a restart, since
     * what was proposed then is not remembered.
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

    /** Whether this replica may lead its view: it entered it in this life. */
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
     * <li>S3: either the justification is of this view and of the parent (Jolteon, vote rule 1: {@code r = qc.r + 1}), or
     *     this is the replica's first vote in the view, the view was opened by a time-out certificate, and the justification
     *     ranks at least as high as every lock in that (rule 2: {@code qc.r >= max qc_high.r in tc}). Because a quorum of
     *     first votes goes to one block only, all certificates of a view lie on one chain.
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
        final boolean opens = view == 1 && justify.view() == 0
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
     * A commit vote. S4: only for a prepare certificate of the current view, locked, and not after a time-out in the view:
     * so a time-out certificate of this or a later view holds, from an honest member of every commit quorum, a lock at least
     * this high.
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
        return signer.sign(Certificate.votedBytes(group.chain(), group.subCluster(), phase, view, height, block.hash()));
    }
}
