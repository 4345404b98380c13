package org.ztp.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * An X25519 public key (RFC 7748): 32 bytes, the coordinate u, little-endian. Immutable. Those few that would lead to a
 * secret that everybody knows do not get past {@link #decode}.
 */
public final class X25519PublicKey {
    /** Length of a key: 32 bytes. */
    public static final int BYTES = 32;

    /** The points of order 1, 2, 4 and 8 on the curve and on its twist. */
    private static final Set<BigInteger> SMALL_ORDER = Set.of(
        BigInteger.ZERO, BigInteger.ONE, Coordinate25519.P.subtract(BigInteger.ONE),
        new BigInteger("325606250916557431795983626356110631294008115727848805560023387167927233504"),
        new BigInteger("39382357235489614581723060781553021112529911719440698176882885853963445705823"));

    private final byte[] encoded;

    private X25519PublicKey(final byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * Decodes 32 bytes strictly: u is below p (so the top bit is clear), and the point is not of small order.
     *
     * @return the key, or empty when the bytes are not the encoding of a usable one
     */
    public static Optional<X25519PublicKey> decode(final byte[] source, final int offset) {
        if (offset < 0 || source.length - offset < BYTES) {
            return Optional.empty();
        }
        final byte[] encoded = Arrays.copyOfRange(source, offset, offset + BYTES);
        final BigInteger u = Coordinate25519.of(encoded);
        return u.compareTo(Coordinate25519.P) >= 0 || SMALL_ORDER.contains(u)
            ? Optional.empty() : Optional.of(new X25519PublicKey(encoded));
    }

    /** A key that this package computed. */
    static X25519PublicKey of(final byte[] encoded) {
        return new X25519PublicKey(encoded.clone());
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return encoded.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof X25519PublicKey key && Arrays.equals(encoded, key.encoded);
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
