package org.ztp.consensus.vote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;

/** Counts checked time-outs; of each replica only that of its highest view is kept, so memory is bounded. */
public final class TimeoutCollector {
    private final int quorum;
    private final Map<Integer, TimeoutVote> latest = new HashMap<>();

    /** Counts up to a quorum. */
    public TimeoutCollector(final int quorum) {
        this.quorum = quorum;
    }

    /** Whether a time-out is newer than the replica's last. */
    public boolean needs(final TimeoutVote vote) {
        final TimeoutVote before = latest.get(vote.replica());
        return before == null || before.view() < vote.view();
    }

    /** Takes a time-out in; an older one than the replica's last is passed over. */
    public void add(final TimeoutVote vote) {
        if (needs(vote)) {
            latest.put(vote.replica(), vote);
        }
    }

    /** How many replicas have timed out in a view. */
    public int count(final long view) {
        return (int) latest.values().stream().filter(vote -> vote.view() == view).count();
    }

    /** The certificate over a view, once a quorum has timed out in it. */
    public Optional<TimeoutCertificate> certificate(final long view) {
        if (count(view) < quorum) {
            return Optional.empty();
        }
        final TreeMap<Integer, TimeoutVote> votes = new TreeMap<>();
        latest.values().stream().filter(vote -> vote.view() == view).forEach(vote -> votes.put(vote.replica(), vote));
        return Optional.of(new TimeoutCertificate(view, new ArrayList<>(votes.values())));
    }
}
