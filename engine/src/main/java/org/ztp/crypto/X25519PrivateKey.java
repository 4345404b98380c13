package org.ztp.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** An X25519 private key (RFC 7748) with its public key. {@link #close()} overwrites it. */
public final class X25519PrivateKey implements AutoCloseable {
    /** Length of a key, and of an agreed secret: 32 bytes. */
    public static final int BYTES = X25519.SCALAR_SIZE;

    private final byte[] scalar;
    private final X25519PublicKey publicKey;
    private volatile boolean closed;

    private X25519PrivateKey(final byte[] scalar) {
        this.scalar = scalar;
        final byte[] u = new byte[X25519PublicKey.BYTES];
        X25519.generatePublicKey(scalar, 0, u, 0);
        publicKey = X25519PublicKey.of(u);
    }

    /**
     * The key of 32 bytes, which are copied; clamping (RFC 7748, section 5) is done when they are used.
     *
     * @throws IllegalArgumentException when they are not 32
     */
    public static X25519PrivateKey of(final byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("X25519 key length: expected=" + BYTES + " actual=" + bytes.length);
        }
        return new X25519PrivateKey(bytes.clone());
    }

    /** A new key. */
    public static X25519PrivateKey generate(final Randomness randomness) {
        return new X25519PrivateKey(randomness.bytes(BYTES));
    }

    /** The public key. */
    public X25519PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The shared secret: 32 bytes, which the caller overwrites after use. It is never all zeros (RFC 7748, 6.1): keys
     * that lead there are not decoded.
     *
     * @throws IllegalStateException when the key was closed
     */
    public byte[] agree(final X25519PublicKey other) {
        if (closed) {
            throw new IllegalStateException("the X25519 key was closed");
        }
        final byte[] secret = new byte[BYTES];
        if (!X25519.calculateAgreement(scalar, 0, other.bytes(), 0, secret, 0)) {
            throw new IllegalStateException("a public key of small order was decoded");
        }
        return secret;
    }

    /** Overwrites the key. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(scalar, (byte) 0);
    }

    /** Names the public key only. */
    @Override
    public String toString() {
        return "X25519PrivateKey[" + publicKey + "]";
    }
}
