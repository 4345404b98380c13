package org.ztp.privacy;

import java.util.Optional;
import org.ztp.crypto.Hpke;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.X25519PrivateKey;

/**
 * A dataset's master secret sealed to its owner's own key (HPKE), so that the owner needs to keep the key file only:
 * 80 bytes.
 */
public final class OwnerBox {
    /** Size of a sealed box: 80 bytes. */
    public static final int SEALED_BYTES = Hpke.OVERHEAD_BYTES + ChunkHalves.MASTER_SECRET_BYTES;

    private static final byte[] NO_DATA = new byte[0];

    private OwnerBox() {
    }

    /** Seals a master secret of 32 bytes to the owner that the context names. */
    public static byte[] seal(final DatasetContext context, final byte[] masterSecret, final Randomness randomness) {
        if (masterSecret.length != ChunkHalves.MASTER_SECRET_BYTES) {
            throw new IllegalArgumentException("master secret length: expected=32 actual=" + masterSecret.length);
        }
        return Hpke.seal(context.owner().toX25519(), context.ownerBox(), NO_DATA, masterSecret, randomness);
    }

    /** The master secret, which the caller overwrites; empty when the box was not made for this context and owner. */
    public static Optional<byte[]> open(final DatasetContext context, final SigningKey owner, final byte[] sealed) {
        if (sealed.length != SEALED_BYTES || !owner.verifyKey().equals(context.owner())) {
            return Optional.empty();
        }
        try (X25519PrivateKey key = owner.toX25519()) {
            return Hpke.open(key, context.ownerBox(), NO_DATA, sealed);
        }
    }
}
