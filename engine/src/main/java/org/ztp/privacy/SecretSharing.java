package org.ztp.privacy;

import java.util.Objects;
import org.ztp.crypto.KeyStream;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;

/**
 * Shamir's secret sharing over GF(2^8), byte by byte, of vectors: of n shares any k give the secret, and fewer say
 * nothing about it. Replica j has the share at x = j + 1.
 *
 * @param shares    n, 1 .. 255
 * @param threshold k, 1 .. n
 */
public record SecretSharing(int shares, int threshold) {
    /** Most shares: x is a byte and not 0. */
    public static final int MAX_SHARES = 255;

    /** Checks the numbers. */
    public SecretSharing {
        if (shares < 1 || shares > MAX_SHARES || threshold < 1 || threshold > shares) {
            throw new IllegalArgumentException("sharing: expected 1<=threshold<=shares<=255, actual threshold="
                + threshold + " shares=" + shares);
        }
    }

    /** One share for each of n replicas, of which f = floor((n-1)/3) may be faulty: the threshold is f + 1. */
    public static SecretSharing amongReplicas(final int replicas) {
        return new SecretSharing(replicas, (replicas - 1) / 3 + 1);
    }

    /**
     * Begins to split a vector; its parts can be worked on by several threads.
     *
     * @param secrets    the vector, of any length; not copied
     * @param randomness 32 bytes are taken from it, from which AES-256 in counter mode makes the coefficients
     */
    public Split split(final byte[] secrets, final Randomness randomness) {
        return new Split(this, secrets, randomness.bytes(KeyStream.KEY_BYTES));
    }

    /** Splits a vector in one go: {@code shares} arrays of the same length. */
    public byte[][] splitAll(final byte[] secrets, final Randomness randomness) {
        final byte[][] out = new byte[shares][secrets.length];
        try (Split split = split(secrets, randomness)) {
            for (int piece = 0; piece < split.pieces(); piece++) {
                split.piece(piece, out);
            }
        }
        return out;
    }

    /**
     * What one replica adds to a release, in place: its share times its Lagrange coefficient. The XOR of the
     * contributions of all replicas of the set is the secret.
     *
     * @param replica one of the set
     * @param set     at least k replicas below n
     * @param share   becomes the contribution
     */
    public void contribution(final int replica, final ParticipantSet set, final byte[] share) {
        requireEnough(set);
        GaloisField256.scale(share, 0, share.length, set.lagrange(replica));
    }

    /**
     * Joins shares.
     *
     * @param set whose shares they are: at least k replicas below n
     * @param all the shares in the order of the set, all of the same length
     * @return the secret, which the caller overwrites after use
     */
    public byte[] join(final ParticipantSet set, final byte[][] all) {
        requireEnough(set);
        Objects.checkIndex(set.size() - 1, all.length);
        final byte[] secret = new byte[all[0].length];
        for (int place = 0; place < set.size(); place++) {
            if (all[place].length != secret.length) {
                throw new IllegalArgumentException("share length: expected=" + secret.length + " actual="
                    + all[place].length + " from=" + set.replica(place));
            }
            GaloisField256.addScaled(secret, 0, secret.length, set.lagrange(set.replica(place)), all[place], 0);
        }
        return secret;
    }

    private void requireEnough(final ParticipantSet set) {
        if (set.size() < threshold || set.replica(set.size() - 1) >= shares) {
            throw new IllegalArgumentException("set " + set + " does not fit: threshold=" + threshold + " shares="
                + shares);
        }
    }

    /**
     * Evaluates the polynomials of a range of secrets at one x: Horner's rule from the highest coefficient down.
     *
     * @param coefficients that of x^d for each byte of the range, from (d-1) * stride on
     */
    static void evaluate(final int x, final int threshold, final byte[] secrets, final int offset, final int length,
                         final byte[] coefficients, final int stride, final byte[] share) {
        if (threshold == 1) {
            System.arraycopy(secrets, offset, share, offset, length);
            return;
        }
        System.arraycopy(coefficients, (threshold - 2) * stride, share, offset, length);
        for (int degree = threshold - 2; degree >= 1; degree--) {
            GaloisField256.scaleAndAdd(share, offset, length, x, coefficients, (degree - 1) * stride);
        }
        GaloisField256.scaleAndAdd(share, offset, length, x, secrets, offset);
    }

    /**
     * A vector that is being split, piece by piece. Any number of threads may work on different pieces: the shares do
     * not depend on who does which. {@link #close()} overwrites the key of the coefficients.
     */
    public static final class Split implements AutoCloseable {
        /** Length of a piece, the last one excepted: 4 KiB. */
        public static final int PIECE_BYTES = 4096;

        private final SecretSharing sharing;
        private final byte[] secrets;
        private final byte[] key;
        private final int stride;

        private Split(final SecretSharing sharing, final byte[] secrets, final byte[] key) {
            this.sharing = sharing;
            this.secrets = secrets;
            this.key = key;
            final int blocks = (Math.min(secrets.length, PIECE_BYTES) + KeyStream.BLOCK_BYTES - 1)
                / KeyStream.BLOCK_BYTES;
            stride = blocks * KeyStream.BLOCK_BYTES;
        }

        /** Number of pieces. */
        public int pieces() {
            return (int) (((long) secrets.length + PIECE_BYTES - 1) / PIECE_BYTES);
        }

        /**
         * Makes all shares of one piece.
         *
         * @param piece  0 .. pieces-1, each once
         * @param shares takes them: n arrays as long as the vector
         */
        public void piece(final int piece, final byte[][] shares) {
            Objects.checkIndex(piece, pieces());
            Objects.checkIndex(sharing.shares - 1, shares.length);
            final int offset = piece * PIECE_BYTES;
            final int length = Math.min(PIECE_BYTES, secrets.length - offset);
            final byte[] coefficients = new byte[(sharing.threshold - 1) * stride];
            try (KeyStream stream = new KeyStream(key)) {
                stream.xor((long) piece * coefficients.length, coefficients, 0, coefficients.length);
                for (int replica = 0; replica < sharing.shares; replica++) {
                    evaluate(replica + 1, sharing.threshold, secrets, offset, length, coefficients, stride,
                        shares[replica]);
                }
            } finally {
                Secrets.zero(coefficients);
            }
        }

        /** Overwrites the key of the coefficients; the secrets are their owner's. */
        @Override
        public void close() {
            Secrets.zero(key);
        }
    }
}
