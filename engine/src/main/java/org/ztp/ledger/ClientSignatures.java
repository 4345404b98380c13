package org.ztp.ledger;

import java.util.Optional;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.VerifyKeys;

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

    /** Ed25519 (RFC 8032), with decoded keys kept in a cache that threads may share. */
    static ClientSignatures ed25519(final VerifyKeys keys) {
        return (key, keyOffset, signature, signatureOffset, message) -> {
            final Optional<VerifyKey> known = keys.get(key, keyOffset);
            return known.isPresent() && known.get().verify(signature, signatureOffset, message, 0, message.length);
        };
    }
}
