package org.ztp.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 private key (RFC 8032): a 32-byte seed and the public key that belongs to it. {@link #close()} overwrites
 * the seed. Any number of threads may sign; whoever closes it makes sure that nobody signs any more.
 */
public final class SigningKey implements AutoCloseable {
    /** Length of a seed: 32 bytes. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final byte[] encodedVerifyKey;
    private final VerifyKey verifyKey;
    private volatile boolean closed;

    private SigningKey(final byte[] seed) {
        this.seed = seed;
        verifyKey = VerifyKey.ofSeed(seed);
        encodedVerifyKey = verifyKey.bytes();
    }

    /**
     * The key of a seed, which is copied.
     *
     * @throws IllegalArgumentException when the seed is not 32 bytes long
     */
    public static SigningKey ofSeed(final byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("seed length: expected=" + SEED_BYTES + " actual=" + seed.length);
        }
        return new SigningKey(seed.clone());
    }

    /** A new key. */
    public static SigningKey generate(final Randomness randomness) {
        return new SigningKey(randomness.bytes(SEED_BYTES));
    }

    /** The public key. */
    public VerifyKey verifyKey() {
        return verifyKey;
    }

    /**
     * Signs (pure Ed25519, RFC 8032, 5.1.6): writes 64 bytes to {@code out}. The same key and message always give the
     * same signature.
     *
     * @throws IllegalStateException when the key was closed
     */
    public void sign(final byte[] message, final int offset, final int length, final byte[] out, final int outOffset) {
        requireOpen();
        Ed25519.sign(seed, 0, encodedVerifyKey, 0, message, offset, length, out, outOffset);
    }

    /** The 64-byte signature over the whole of {@code message}. */
    public byte[] sign(final byte[] message) {
        final byte[] signature = new byte[VerifyKey.SIGNATURE_BYTES];
        sign(message, 0, message.length, signature, 0);
        return signature;
    }

    /**
     * The X25519 form of this key: the first half of SHA-512 of the seed, as age and libsodium do it. It belongs to
     * {@link VerifyKey#toX25519()}; its caller closes it.
     */
    public X25519PrivateKey toX25519() {
        requireOpen();
        byte[] hash = null;
        byte[] scalar = null;
        try {
            hash = MessageDigest.getInstance("SHA-512").digest(seed);
            scalar = Arrays.copyOf(hash, X25519PrivateKey.BYTES);
            return X25519PrivateKey.of(scalar);
        } catch (final NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-512", missing);
        } finally {
            Secrets.zero(hash);
            Secrets.zero(scalar);
        }
    }

    /** A copy of the seed, which its caller overwrites after use. */
    byte[] copyOfSeed() {
        requireOpen();
        return seed.clone();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the signing key was closed");
        }
    }

    /** Overwrites the seed. */
    @Override
    public void close() {
        closed = true;
        Secrets.zero(seed);
    }

    /** Names the public key only. */
    @Override
    public String toString() {
        return "SigningKey[" + verifyKey + "]";
    }
}
