package org.ztp.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key (RFC 8032): 32 bytes, with a table of multiples of its point (5 KiB), which the first use
 * makes. Immutable; any thread may use it. Equal when the bytes are equal.
 */
public final class VerifyKey {
    /** Length of a key: 32 bytes. */
    public static final int BYTES = Ed25519.PUBLIC_KEY_SIZE;
    /** Length of a signature: 64 bytes. */
    public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private static final int LARGEST_ODD_MULTIPLE = 7;

    private final byte[] encoded;
    /** Made by the first use; two threads may both make it, and make the same. */
    private volatile PointTable table;

    private VerifyKey(final byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * Decodes 32 bytes strictly: the coordinate is below p, the point is on the curve, and it lies in the subgroup of
     * prime order (so it is not of small order either), as that of every key that was made by RFC 8032 does.
     *
     * @return the key, or empty when the bytes are not the encoding of one
     */
    public static Optional<VerifyKey> decode(final byte[] source, final int offset) {
        if (offset < 0 || source.length - offset < BYTES) {
            return Optional.empty();
        }
        final byte[] encoded = Arrays.copyOfRange(source, offset, offset + BYTES);
        final Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(encoded, 0);
        return point == null ? Optional.empty() : Optional.of(new VerifyKey(encoded));
    }

    static VerifyKey ofSeed(final byte[] seed) {
        final Ed25519.PublicPoint point = Ed25519.generatePublicKey(seed, 0);
        final byte[] encoded = new byte[BYTES];
        Ed25519.encodePublicPoint(point, encoded, 0);
        return new VerifyKey(encoded);
    }

    /**
     * Verifies a pure Ed25519 signature (RFC 8032, 5.1.7): S is below the group order, R is the one encoding of a point,
     * and the equation holds when it is multiplied by the cofactor 8. {@link SignatureBatch} follows the same rule.
     *
     * @param signature       holds the signature's 64 bytes, from {@code signatureOffset} on
     * @param signatureOffset index of the signature's first byte
     * @param message         holds the message
     * @param offset          index of the message's first byte
     * @param length          length of the message in bytes
     * @return whether this key signed the message; false also when the signature's bytes are no signature at all
     */
    public boolean verify(final byte[] signature, final int signatureOffset, final byte[] message, final int offset,
                          final int length) {
        return signatureOffset >= 0 && signature.length - signatureOffset >= SIGNATURE_BYTES
            && SignatureCheck25519.ofThread().holds(encoded, table(), signature, signatureOffset, message, offset,
                length);
    }

    /** The multiples of its point. */
    PointTable table() {
        PointTable known = table;
        if (known == null) {
            known = new PointTable(encoded, LARGEST_ODD_MULTIPLE);
            table = known;
        }
        return known;
    }

    /** Writes the challenge of a signature of this key: 32 bytes. */
    void challenge(final SignatureCheck25519 check, final byte[] signature, final int signatureOffset,
                   final byte[] message, final int offset, final int length, final byte[] out) {
        check.challenge(encoded, signature, signatureOffset, message, offset, length, out);
    }

    /** Verifies a signature of exactly 64 bytes over the whole of {@code message}. */
    public boolean verify(final byte[] signature, final byte[] message) {
        return signature.length == SIGNATURE_BYTES && verify(signature, 0, message, 0, message.length);
    }

    /**
     * The X25519 form of this key, by the birational map u = (1 + y) / (1 - y) mod p (RFC 7748, 4.1), as age and
     * libsodium do it. y is never 1: that is the neutral point, which {@link #decode} refuses.
     */
    public X25519PublicKey toX25519() {
        final BigInteger y = Coordinate25519.of(encoded).clearBit(Coordinate25519.P.bitLength());
        final BigInteger u = BigInteger.ONE.add(y).multiply(BigInteger.ONE.subtract(y).modInverse(Coordinate25519.P))
            .mod(Coordinate25519.P);
        return X25519PublicKey.of(Coordinate25519.bytes(u));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return encoded.clone();
    }

    /** Writes the 32 bytes at {@code offset}. */
    public void copyTo(final byte[] target, final int offset) {
        System.arraycopy(encoded, 0, target, offset, BYTES);
    }

    /** Whether the 32 bytes at {@code offset} are this key's. */
    public boolean matches(final byte[] source, final int offset) {
        return offset >= 0 && source.length - offset >= BYTES
            && Arrays.equals(encoded, 0, BYTES, source, offset, offset + BYTES);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof VerifyKey key && Arrays.equals(encoded, key.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** The key in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(encoded);
    }
}
