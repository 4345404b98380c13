package org.ztp.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;

/**
 * The latest votes of the replicas that good certificates prove. What a replica signs, it has made durable before: so
 * its own directory must know of it.
 */
final class SignedVotes {
    private final Map<Integer, Certificate> prepared = new HashMap<>();
    private final Map<Integer, Certificate> committed = new HashMap<>();

    /** Takes a good certificate. */
    void add(final Certificate certificate) {
        final Map<Integer, Certificate> latest = certificate.phase() == Phase.COMMIT ? committed : prepared;
        for (final Certificate.Signature vote : certificate.votes()) {
            latest.merge(vote.replica(), certificate, (old, one) -> one.ranksAbove(old) ? one : old);
        }
    }

    /** The latest certificate of a phase with a vote of this replica. */
    Optional<Certificate> of(final int replica, final Phase phase) {
        return Optional.ofNullable((phase == Phase.COMMIT ? committed : prepared).get(replica));
    }
}
