package org.ztp.ledger;

/** Signs for a client: Ed25519 (RFC 8032) in earnest, something cheaper in a simulation. */
@FunctionalInterface
public interface ClientSigner {
    /** The 64-byte signature over a message. */
    byte[] sign(byte[] message);
}
