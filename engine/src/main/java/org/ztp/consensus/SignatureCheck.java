package org.ztp.consensus;

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
}
