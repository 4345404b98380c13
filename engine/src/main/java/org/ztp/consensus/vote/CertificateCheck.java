package org.ztp.consensus.vote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ztp.consensus.Group;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;

/**
 * Checks certificates, and remembers the last ones, so that the same fact is not checked twice. What it gives back is
 * always a certificate whose every signature was checked.
 */
public final class CertificateCheck {
    private static final int REMEMBERED = 128;

    private final Group group;
    private final SignatureCheck signatures;
    private final Map<Fact, Certificate> known = new LinkedHashMap<>();

    private record Fact(Phase phase, long view, long height, Hash block) { }

    /** A check for a group. */
    public CertificateCheck(final Group group, final SignatureCheck signatures) {
        this.group = group;
        this.signatures = signatures;
    }

    /** The certificate, or one known to be good that says the same; empty if it does not hold. */
    public Optional<Certificate> check(final Certificate certificate) {
        if (certificate.view() == 0 || certificate.votes().isEmpty()) {
            return certificate.equals(Certificate.genesis(group.chain())) || certificate.equals(group.root().certificate())
                ? Optional.of(certificate) : Optional.empty();
        }
        if (!group.root().counts(certificate)) {
            return Optional.empty();
        }
        final Fact fact = fact(certificate);
        final Certificate good = known.get(fact);
        if (good != null) {
            return Optional.of(good);
        }
        if (certificate.votes().size() < group.quorum()) {
            return Optional.empty();
        }
        int previous = -1;
        for (final Certificate.Signature vote : certificate.votes()) {
            if (vote.replica() <= previous || !group.contains(vote.replica())) {
                return Optional.empty();
            }
            previous = vote.replica();
        }
        final byte[] message = Certificate.votedBytes(group.chain(), group.subCluster(), certificate.phase(),
            certificate.view(), certificate.height(), certificate.block());
        if (!signatures.checkAll(certificate.votes(), message)) {
            return Optional.empty();
        }
        remember(certificate);
        return Optional.of(certificate);
    }

    /** Remembers a certificate made here from votes that were each checked. */
    public void remember(final Certificate certificate) {
        known.put(fact(certificate), certificate);
        if (known.size() > REMEMBERED) {
            known.remove(known.keySet().iterator().next());
        }
    }

    /** Whether a time-out certificate holds. */
    public boolean holds(final TimeoutCertificate certificate) {
        if (certificate.votes().size() < group.quorum()) {
            return false;
        }
        int previous = -1;
        for (final TimeoutVote vote : certificate.votes()) {
            if (vote.replica() <= previous || vote.view() != certificate.view() || !group.contains(vote.replica())
                || !signatures.check(vote.replica(), vote.signedBytes(group), vote.signature())) {
                return false;
            }
            previous = vote.replica();
        }
        return true;
    }

    private static Fact fact(final Certificate certificate) {
        return new Fact(certificate.phase(), certificate.view(), certificate.height(), certificate.block());
    }
}
