package org.ztp.consensus.vote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.consensus.Message.Vote;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;

/** A leader's count of votes for its own blocks. Votes given to it have been checked, and are for blocks it proposed. */
public final class VoteCollector {
    private final int quorum;
    private final Map<Key, TreeMap<Integer, byte[]>> tallies = new HashMap<>();

    private record Key(Phase phase, long view, long height, Hash block) { }

    /** Counts up to a quorum. */
    public VoteCollector(final int quorum) {
        this.quorum = quorum;
    }

    /** Whether this vote would count: the quorum is not complete, and the voter was not counted. */
    public boolean needs(final int replica, final Vote vote) {
        final TreeMap<Integer, byte[]> tally = tallies.get(key(vote));
        return tally == null || tally.size() < quorum && !tally.containsKey(replica);
    }

    /** Counts a vote; the certificate when this one makes the quorum. */
    public Optional<Certificate> add(final int replica, final Vote vote) {
        if (!needs(replica, vote)) {
            return Optional.empty();
        }
        final TreeMap<Integer, byte[]> tally = tallies.computeIfAbsent(key(vote), absent -> new TreeMap<>());
        tally.put(replica, vote.signature());
        if (tally.size() < quorum) {
            return Optional.empty();
        }
        final List<Certificate.Signature> signatures = new ArrayList<>();
        tally.forEach((voter, bytes) -> signatures.add(new Certificate.Signature(voter, bytes)));
        return Optional.of(new Certificate(vote.phase(), vote.view(), vote.height(), vote.block(), signatures));
    }

    /** Forgets the tallies of older views and of final heights. */
    public void forget(final long belowView, final long upToHeight) {
        tallies.keySet().removeIf(key -> key.view() < belowView || key.height() <= upToHeight);
    }

    private static Key key(final Vote vote) {
        return new Key(vote.phase(), vote.view(), vote.height(), vote.block());
    }
}
