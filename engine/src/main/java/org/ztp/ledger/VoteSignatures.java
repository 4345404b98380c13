package org.ztp.ledger;

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
}
