package org.ztp.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Checks Ed25519 signatures (RFC 8032, 5.1.7) with tables of the keys: R is compared with the encoding of [S] B - [h]
 * A, so the equation holds without the cofactor, S is below the group order and R is canonical, as in OpenSSL and Go.
 * Works on public values only, so it need not be constant in time. Owned by one thread; allocates nothing.
 */
final class SignatureCheck25519 {
    private static final int BASE_LARGEST = 63;
    private static final PointTable BASE = new PointTable(HexFormat.of().parseHex(
        "5866666666666666666666666666666666666666666666666666666666666666"), BASE_LARGEST);
    private static final ThreadLocal<SignatureCheck25519> OF_THREAD = ThreadLocal.withInitial(SignatureCheck25519::new);
    private static final int HALF = 32;

    private final MessageDigest sha512;
    private final Scalar25519 scalar = new Scalar25519();
    private final EdwardsPoint sum = new EdwardsPoint();
    private final byte[] hash = new byte[2 * HALF];
    private final byte[] h = new byte[HALF];
    private final byte[] actual = new byte[HALF];
    private final byte[] baseDigits = new byte[Scalar25519.DIGITS];
    private final byte[] keyDigits = new byte[Scalar25519.DIGITS];

    private SignatureCheck25519() {
        try {
            sha512 = MessageDigest.getInstance("SHA-512");
        } catch (final NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-512", missing);
        }
    }

    /** That of the calling thread. */
    static SignatureCheck25519 ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Whether a key signed a message.
     *
     * @param key the key's 32 bytes
     * @param table the key's table
     * @param signature holds the 64 bytes of the signature from {@code at} on
     */
    boolean holds(final byte[] key, final PointTable table, final byte[] signature, final int at, final byte[] message,
                  final int offset, final int length) {
        if (!Scalar25519.isReduced(signature, at + HALF)) {
            return false;
        }
        sha512.update(signature, at, HALF);
        sha512.update(key);
        sha512.update(message, offset, length);
        try {
            sha512.digest(hash, 0, hash.length);
        } catch (final DigestException tooShort) {
            throw new IllegalStateException(tooShort);
        }
        scalar.reduce(hash, h);
        BASE.digits(signature, at + HALF, baseDigits);
        table.digits(h, 0, keyDigits);
        PointTable.difference(sum, BASE, baseDigits, table, keyDigits);
        sum.encode(actual, 0);
        return Arrays.equals(actual, 0, HALF, signature, at, at + HALF);
    }
}
