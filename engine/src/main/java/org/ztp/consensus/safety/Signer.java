package org.ztp.consensus.safety;

/** A replica's signing key; real (Ed25519) or simulated. */
@FunctionalInterface
public interface Signer {
    /** Signs a message; 64 bytes. */
    byte[] sign(byte[] message);
}
