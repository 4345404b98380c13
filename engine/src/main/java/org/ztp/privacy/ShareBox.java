package org.ztp.privacy;

import java.util.Arrays;
import java.util.Optional;
import org.ztp.crypto.Hpke;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.wire.Hash;

/**
 * What one replica is given in a transaction, sealed to its node key: a vector of shares and the seed of the salts that
 * its commitment was made with. One kind holds the shares of a dataset's first halves, the other the share of a
 * seeker's opener, which is a vector of one. {@link #close()} overwrites it.
 *
 * <pre>
 *   sealed (HPKE, 48 bytes more) = salt seed 32 | shares, 32 bytes for each chunk
 * </pre>
 */
public final class ShareBox implements AutoCloseable {
    private static final byte[] NO_DATA = new byte[0];

    private final byte[] saltSeed;
    private final byte[] shares;

    /**
     * Takes both arrays over.
     *
     * @param saltSeed 32 random bytes
     * @param shares   a vector
     */
    public ShareBox(final byte[] saltSeed, final byte[] shares) {
        if (saltSeed.length != ShareCommitment.SALT_BYTES) {
            throw new IllegalArgumentException("salt seed length: expected=32 actual=" + saltSeed.length);
        }
        KeyVector.entries(shares);
        this.saltSeed = saltSeed;
        this.shares = shares;
    }

    /** The size of a sealed box in bytes: 80, and 32 for each share. */
    public static int sealedBytes(final int entries) {
        return Hpke.OVERHEAD_BYTES + ShareCommitment.SALT_BYTES + Math.multiplyExact(entries, KeyVector.ENTRY_BYTES);
    }

    /** Seals shares of first halves. */
    public byte[] sealChunks(final DatasetContext context, final int replica, final X25519PublicKey node,
                             final Randomness randomness) {
        return seal(context.chunkShares(replica, KeyVector.entries(shares)), node, randomness);
    }

    /** Opens shares of first halves; empty when the box was not made for this context, replica, key and count. */
    public static Optional<ShareBox> openChunks(final DatasetContext context, final int replica, final int chunks,
                                                final X25519PrivateKey node, final byte[] sealed) {
        return chunks < 1 || chunks > KeyVector.MAX_CHUNKS ? Optional.empty()
            : open(context.chunkShares(replica, chunks), chunks, node, sealed);
    }

    /** Seals the share of a seeker's opener. */
    public byte[] sealOpener(final DatasetContext context, final int replica, final VerifyKey seeker,
                             final X25519PublicKey node, final Randomness randomness) {
        if (KeyVector.entries(shares) != 1) {
            throw new IllegalStateException("an opener has one share: actual=" + KeyVector.entries(shares));
        }
        return seal(context.openerShare(replica, seeker), node, randomness);
    }

    /** Opens the share of a seeker's opener; empty when it was not made for this context, replica, seeker and key. */
    public static Optional<ShareBox> openOpener(final DatasetContext context, final int replica,
                                                final VerifyKey seeker, final X25519PrivateKey node,
                                                final byte[] sealed) {
        return open(context.openerShare(replica, seeker), 1, node, sealed);
    }

    /** The commitment that belongs to this box, made anew; the box must stay open as long as it is used. */
    public ShareCommitment commitment() {
        return ShareCommitment.of(saltSeed, shares);
    }

    /** The root of the commitment, 32 bytes. */
    public Hash root() {
        try (ShareCommitment commitment = commitment()) {
            return commitment.root();
        }
    }

    /** Number of shares. */
    public int entries() {
        return KeyVector.entries(shares);
    }

    /** Copies the shares of chunks {@code first} .. {@code first + count - 1} to {@code out} at {@code offset}. */
    public void copyShares(final int first, final int count, final byte[] out, final int offset) {
        System.arraycopy(shares, KeyVector.offset(first), out, offset, count * KeyVector.ENTRY_BYTES);
    }

    private byte[] seal(final byte[] info, final X25519PublicKey node, final Randomness randomness) {
        final byte[] plain = Arrays.copyOf(saltSeed, saltSeed.length + shares.length);
        System.arraycopy(shares, 0, plain, saltSeed.length, shares.length);
        try {
            return Hpke.seal(node, info, NO_DATA, plain, randomness);
        } finally {
            Secrets.zero(plain);
        }
    }

    private static Optional<ShareBox> open(final byte[] info, final int entries, final X25519PrivateKey node,
                                           final byte[] sealed) {
        if (sealed.length != sealedBytes(entries)) {
            return Optional.empty();
        }
        return Hpke.open(node, info, NO_DATA, sealed).map(plain -> {
            final ShareBox box = new ShareBox(Arrays.copyOf(plain, ShareCommitment.SALT_BYTES),
                Arrays.copyOfRange(plain, ShareCommitment.SALT_BYTES, plain.length));
            Secrets.zero(plain);
            return box;
        });
    }

    /** Names the number of shares only. */
    @Override
    public String toString() {
        return "ShareBox[entries=" + entries() + "]";
    }

    @Override
    public void close() {
        Secrets.zero(saltSeed);
        Secrets.zero(shares);
    }
}
