package org.ztp.ledger;

import java.util.HashSet;
import java.util.Set;

/** Checks certificates: enough members, each once, each signature, also of votes beyond a quorum. */
public final class CertificateVerifier {
    private CertificateVerifier() {
    }

    /** Checks a certificate of either phase; those of the genesis and of the root have no votes. */
    public static CertificateVerdict verify(final Certificate certificate, final Voters voters) {
        if (certificate.equals(voters.root().certificate())) {
            return CertificateVerdict.GOOD;
        }
        if (certificate.view() == 0) {
            return certificate.equals(Certificate.genesis(voters.chain())) ? CertificateVerdict.GOOD
                : verdict(CertificateVerdict.Fault.OTHER_GENESIS, -1);
        }
        if (certificate.votes().size() < voters.quorum()) {
            return verdict(CertificateVerdict.Fault.TOO_FEW_VOTES, -1);
        }
        final Set<Integer> seen = new HashSet<>();
        for (final Certificate.Signature vote : certificate.votes()) {
            if (!voters.members().contains(vote.replica())) {
                return verdict(CertificateVerdict.Fault.NOT_A_MEMBER, vote.replica());
            }
            if (!seen.add(vote.replica())) {
                return verdict(CertificateVerdict.Fault.VOTED_TWICE, vote.replica());
            }
        }
        final byte[] message = Certificate.votedBytes(voters.chain(), voters.subCluster(), certificate.phase(),
            certificate.view(), certificate.height(), certificate.block());
        final int bad = voters.signatures().firstBad(certificate.votes(), message);
        return bad < 0 ? CertificateVerdict.GOOD
            : verdict(CertificateVerdict.Fault.NOT_SIGNED, certificate.votes().get(bad).replica());
    }

    private static CertificateVerdict verdict(final CertificateVerdict.Fault fault, final int replica) {
        return new CertificateVerdict(fault, replica);
    }
}
