package org.ztp.consensus.safety;

import java.util.Optional;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;

/**
 * Decides what a replica may sign, and signs it: {@link SafetyRules}; or, in a simulation that must notice it, bent
 * ones. Whoever calls must make {@link #state()} durable before a signature from here leaves the replica. Certificates
 * given to it have been checked.
 */
public interface VotingRules {
    /** What must be durable. */
    SafetyState state();

    /** The current view. */
    long view();

    /** The highest prepare certificate: the lock. */
    Certificate high();

    /** Whether this replica still votes in its view: it has not said that the view is out of time. */
    boolean isOpen();

    /** What opened the current view, if a time-out certificate did. */
    Optional<TimeoutCertificate> entry();

    /**
     * Enters a view; an older one is passed over.
     *
     * @param view the view
     * @param opened the checked time-out certificate of the view before; empty if a checked certificate of the view
     *     opened it
     */
    void enter(long view, Optional<TimeoutCertificate> opened);

    /** Whether the record was lost and it is not known yet in which views this replica may have voted. */
    boolean isLearning();

    /** Whether votes are withheld because of a lost record. */
    boolean isMute();

    /** The record was lost, and this replica has entered every view in which a quorum of others is. */
    void learned();

    /**
     * Raises the lock.
     *
     * @return whether it rose
     */
    boolean lock(Certificate prepare);

    /** Whether this replica may lead its view. */
    boolean mayLead();

    /** Signs a proposal; empty if it may not. */
    Optional<byte[]> propose(Block block);

    /** A prepare vote; empty if it may not. */
    Optional<byte[]> prepare(Proposal proposal);

    /** A commit vote; empty if it may not. */
    Optional<byte[]> commit(Certificate prepare, Block block);

    /** Says that the current view is out of time; empty if it may not. */
    Optional<TimeoutVote> timeout();
}
