package org.ztp.privacy;

import java.util.Optional;
import org.ztp.crypto.AesGcm;
import org.ztp.crypto.Hpke;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PrivateKey;

/**
 * The second halves that one seeker may have, closed twice: under a random opener, which the replicas hold in shares,
 * and around that to the seeker's key. Neither the seeker alone nor all replicas together can open it. Every box has an
 * opener of its own, which is why a nonce of zeros is right.
 *
 * <pre>
 *   inner  = AES-256-GCM(opener, nonce 0, associated data = context, second halves): 32 bytes for each chunk, tag 16
 *   sealed = HPKE(seeker's key, info = context, inner): 48 bytes more
 * </pre>
 *
 * @param sealed what the transaction holds: 64 bytes, and 32 for each chunk
 * @param opener 32 secret bytes, to be shared among the replicas and overwritten
 */
public record SeekerBox(byte[] sealed, byte[] opener) implements AutoCloseable {
    private static final byte[] NO_DATA = new byte[0];
    private static final byte[] ZERO_NONCE = new byte[AesGcm.NONCE_BYTES];

    /** The size of a sealed box in bytes. */
    public static int sealedBytes(final int chunks) {
        return Hpke.OVERHEAD_BYTES + AesGcm.TAG_BYTES + Math.multiplyExact(chunks, KeyVector.ENTRY_BYTES);
    }

    /**
     * Makes a box and its opener.
     *
     * @param seeker     who may open it with the help of the replicas
     * @param firstChunk number of the first chunk
     * @param seconds    the second halves of that chunk and those that follow
     */
    public static SeekerBox seal(final DatasetContext context, final VerifyKey seeker, final int firstChunk,
                                 final byte[] seconds, final Randomness randomness) {
        final byte[] info = context.seekerBox(seeker, firstChunk, KeyVector.entries(seconds));
        final byte[] opener = randomness.bytes(AesGcm.KEY_BYTES);
        final byte[] inner = new byte[seconds.length + AesGcm.TAG_BYTES];
        new AesGcm().encrypt(opener, ZERO_NONCE, info, seconds, 0, seconds.length, inner, 0);
        return new SeekerBox(Hpke.seal(seeker.toX25519(), info, NO_DATA, inner, randomness), opener);
    }

    /**
     * Opens a box.
     *
     * @param seeker  the seeker's identity
     * @param key     its X25519 form
     * @param opener  32 bytes, joined from what the replicas released
     * @param chunks  number of chunks, from {@code firstChunk} on
     * @param sealed  from the transaction
     * @return the second halves, which the caller overwrites; empty when anything does not fit
     */
    public static Optional<byte[]> open(final DatasetContext context, final VerifyKey seeker,
                                        final X25519PrivateKey key, final byte[] opener, final int firstChunk,
                                        final int chunks, final byte[] sealed) {
        if (firstChunk < 0 || chunks < 1 || chunks > KeyVector.MAX_CHUNKS || sealed.length != sealedBytes(chunks)) {
            return Optional.empty();
        }
        final byte[] info = context.seekerBox(seeker, firstChunk, chunks);
        return Hpke.open(key, info, NO_DATA, sealed).flatMap(inner -> {
            final byte[] seconds = new byte[inner.length - AesGcm.TAG_BYTES];
            return new AesGcm().decrypt(opener, ZERO_NONCE, info, inner, 0, inner.length, seconds, 0) < 0
                ? Optional.empty() : Optional.of(seconds);
        });
    }

    /** Shows the size only. */
    @Override
    public String toString() {
        return "SeekerBox[" + sealed.length + " bytes]";
    }

    /** Overwrites the opener. */
    @Override
    public void close() {
        Secrets.zero(opener);
    }
}
