package org.ztp.ledger;

import java.util.List;

/** Checks what replicas signed: Ed25519 with the genesis' keys in a service, something cheaper in a simulation. */
@FunctionalInterface
public interface VoteSignatures {
    /**
     * Whether a replica signed a message.
     *
     * @param replica number of the replica, which may be unknown
     * @param message what was signed
     * @param signature bytes that may be anything
     */
    boolean check(int replica, byte[] message, byte[] signature);

    /**
     * Whether all replicas signed one message: the same as if each was asked about alone, and perhaps faster.
     *
     * @param votes who signed, and what may be their signatures
     * @param message what was signed
     * @return index of the first vote that does not hold, -1 if all hold
     */
    default int firstBad(final List<Certificate.Signature> votes, final byte[] message) {
        for (int i = 0; i < votes.size(); i++) {
            if (!check(votes.get(i).replica(), message, votes.get(i).bytes())) {
                return i;
            }
        }
        return -1;
    }
}
