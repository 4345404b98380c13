package org.ztp.consensus;

import java.util.List;
import org.ztp.ledger.Certificate;

/** Checks replicas' signatures; real (Ed25519 with the genesis' keys) or simulated. */
@FunctionalInterface
public interface SignatureCheck {
    /**
     * Whether a replica signed a message.
     *
     * @param replica id of the replica
     * @param message what was signed
     * @param signature 64 bytes that may be anything
     */
    boolean check(int replica, byte[] message, byte[] signature);

    /** Whether all replicas signed one message: the same as if each was asked about alone, and perhaps faster. */
    default boolean checkAll(final List<Certificate.Signature> votes, final byte[] message) {
        return votes.stream().allMatch(vote -> check(vote.replica(), message, vote.bytes()));
    }
}
