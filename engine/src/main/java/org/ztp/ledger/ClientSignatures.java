package org.ztp.ledger;

/** Checks what clients signed: Ed25519 (RFC 8032) in a service, something cheaper in a simulation. */
@FunctionalInterface
public interface ClientSignatures {
    /**
     * Whether a key signed a message. Any bytes may be given; what is no key or no signature has signed nothing.
     *
     * @param key holds the 32 bytes of the key
     * @param keyOffset where they start
     * @param signature holds the 64 bytes of the signature
     * @param signatureOffset where they start
     * @param message what was signed, all of the array
     */
    boolean check(byte[] key, int keyOffset, byte[] signature, int signatureOffset, byte[] message);

    /** A new queue, for one thread, that follows the same rule. */
    default SignatureQueue queue() {
        return new OneByOneQueue(this);
    }
}
