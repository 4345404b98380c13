package org.ztp.ledger;

/**
 * What checking a certificate came to.
 *
 * @param fault what is wrong with it
 * @param replica whose vote is wrong, or -1
 */
public record CertificateVerdict(Fault fault, int replica) {
    /** Nothing is wrong. */
    public static final CertificateVerdict GOOD = new CertificateVerdict(Fault.NONE, -1);

    /** What can be wrong with a certificate. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** It stands for the genesis, and is not the one that does. */
        OTHER_GENESIS,
        /** Fewer votes than a quorum. */
        TOO_FEW_VOTES,
        /** A vote of a replica that is no member. */
        NOT_A_MEMBER,
        /** Two votes of one replica. */
        VOTED_TWICE,
        /** A vote that the replica did not sign. */
        NOT_SIGNED
    }

    /** Whether nothing is wrong. */
    public boolean good() {
        return fault == Fault.NONE;
    }
}
