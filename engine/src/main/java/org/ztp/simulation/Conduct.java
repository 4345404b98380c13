package org.ztp.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;

/**
 * What one honest replica has signed in all its lives, as everybody may keep it. Its words must never contradict each
 * other, and its safety record must vouch for each before it leaves; rules S1, S2, S4, S6, S7 and V1 of PROTOCOL.md.
 */
final class Conduct {
    private final int replica;
    private final Map<Rank, Hash> proposed = new HashMap<>();
    private Rank prepared = new Rank(0, 0);
    private Hash preparedBlock = Hash.ZERO;
    private Rank committed = new Rank(0, 0);
    private Rank helped = new Rank(0, 0);
    private long timedOut;
    private boolean lost;

    /** View, then height. */
    private record Rank(long view, long height) implements Comparable<Rank> {
        @Override
        public int compareTo(final Rank other) {
            return view != other.view ? Long.compare(view, other.view) : Long.compare(height, other.height);
        }
    }

    Conduct(final int replica) {
        this.replica = replica;
    }

    /** A block is final that it helped to commit: by S7 and S9 its lock is at least that high whenever it times out. */
    void helped(final Certificate commit) {
        helped = rankOf(commit).compareTo(helped) > 0 ? rankOf(commit) : helped;
    }

    /** Its record is gone: its lock may now be less than what it voted for, if that never became final. */
    void recordLost() {
        lost = true;
    }

    /**
     * It says something.
     *
     * @param message what
     * @param durable its safety record as the disk has it
     */
    void says(final Message message, final Supplier<SafetyState> durable) {
        if (message instanceof Vote vote && vote.phase() == Phase.PREPARE) {
            prepares(vote, durable.get());
        } else if (message instanceof Vote vote) {
            commits(vote, durable.get());
        } else if (message instanceof TimedOut said) {
            timesOut(said, durable.get());
            said.entry().ifPresent(entry -> shows(entry, said.high()));
        } else if (message instanceof Opened said) {
            shows(said.entry(), said.high());
        } else if (message instanceof Proposed said) {
            proposes(said.proposal());
        }
    }

    private void prepares(final Vote vote, final SafetyState durable) {
        final Rank rank = new Rank(vote.view(), vote.height());
        final int order = rank.compareTo(prepared);
        require(vote.view() > timedOut, "votes PREPARE after its time-out in view " + vote.view());
        require(order > 0 || order == 0 && vote.block().equals(preparedBlock), "votes PREPARE for " + rank + " "
            + vote.block() + " after " + prepared + " " + preparedBlock);
        require(new Rank(durable.preparedView(), durable.preparedHeight()).compareTo(rank) >= 0,
            "votes PREPARE before that is durable");
        prepared = rank;
        preparedBlock = vote.block();
    }

    private void commits(final Vote vote, final SafetyState durable) {
        final Rank rank = new Rank(vote.view(), vote.height());
        require(vote.view() > timedOut, "votes COMMIT after its time-out in view " + vote.view());
        require(rankOf(durable.high()).compareTo(rank) >= 0, "votes COMMIT before its lock is durable");
        committed = rank.compareTo(committed) > 0 ? rank : committed;
    }

    private void timesOut(final TimedOut said, final SafetyState durable) {
        require(lost || said.vote().view() < committed.view() || rankOf(said.high()).compareTo(committed) >= 0,
            "times out with a lock below its COMMIT vote");
        require(said.vote().view() < helped.view() || rankOf(said.high()).compareTo(helped) >= 0,
            "times out with a lock below what is final with its vote");
        require(durable.timedOut() >= said.vote().view(), "times out before that is durable");
        timedOut = Math.max(timedOut, said.vote().view());
    }

    /** By V1: else a leader could be there who can never build. */
    private void shows(final TimeoutCertificate entry, final Certificate high) {
        require(entry.isReachedBy(high), "is in view " + (entry.view() + 1) + " with a lock below those that opened it");
    }

    private void proposes(final Proposal said) {
        final Rank rank = new Rank(said.view(), said.block().height());
        final Hash before = proposed.putIfAbsent(rank, said.block().hash());
        require(before == null || before.equals(said.block().hash()), "proposes two blocks at " + rank);
    }

    private static Rank rankOf(final Certificate certificate) {
        return new Rank(certificate.view(), certificate.height());
    }

    private void require(final boolean holds, final String violation) {
        Invariants.require(holds, "honest replica " + replica + " " + violation);
    }
}
