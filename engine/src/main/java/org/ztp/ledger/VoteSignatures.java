package org.ztp.ledger;

import java.util.Map;
import org.ztp.crypto.VerifyKey;

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

    /** Ed25519 (RFC 8032) with these keys by replica; who has none has signed nothing. */
    static VoteSignatures ed25519(final Map<Integer, VerifyKey> keys) {
        final Map<Integer, VerifyKey> known = Map.copyOf(keys);
        return (replica, message, signature) -> {
            final VerifyKey key = known.get(replica);
            return key != null && key.verify(signature, message);
        };
    }
}
