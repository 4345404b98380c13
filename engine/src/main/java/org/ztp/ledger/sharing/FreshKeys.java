package org.ztp.ledger.sharing;

import org.ztp.crypto.Secrets;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.wire.Hash;

/** Tells X25519 keys that serve from those of small order, with which everybody would agree on the secret zero. */
final class FreshKeys {
    private static final byte[] ANY_SCALAR = new byte[X25519PrivateKey.BYTES];

    private FreshKeys() {
    }

    /** Whether the key is not of small order (RFC 7748, 6.1). Clamping makes any scalar a multiple of 8: any one tells. */
    static boolean usable(final Hash key) {
        try (X25519PrivateKey scalar = X25519PrivateKey.of(ANY_SCALAR)) {
            final byte[] agreed = scalar.agree(X25519PublicKey.of(key.toBytes()));
            Secrets.zero(agreed);
            return agreed != null;
        }
    }
}
