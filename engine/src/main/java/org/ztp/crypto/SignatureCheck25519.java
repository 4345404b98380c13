package org.ztp.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Checks Ed25519 signatures one by one (RFC 8032, 5.1.7) with tables of the keys, by the rule that
 * {@link SignatureBatch} checks many by: S is below the group order, R is the one encoding of a point, and
 * [8][S] B = [8] R + [8][h] A. Honest signers' signatures fulfil the equation without the 8, for which R need not be
 * decoded; only where that fails is R decoded, and the difference multiplied by 8. Works on public values only, so it
 * need not be constant in time. Owned by one thread; allocates nothing.
 */
final class SignatureCheck25519 {
    /** Multiples of the base point. */
    static final PointTable BASE = new PointTable(HexFormat.of().parseHex(
        "5866666666666666666666666666666666666666666666666666666666666666"), 63);
    private static final ThreadLocal<SignatureCheck25519> OF_THREAD = ThreadLocal.withInitial(SignatureCheck25519::new);
    private static final int HALF = 32;

    private final MessageDigest sha512 = sha512();
    private final Scalar25519 scalar = new Scalar25519();
    private final EdwardsPoint sum = new EdwardsPoint();
    private final EdwardsPoint difference = new EdwardsPoint();
    private final long[] entry = new long[EdwardsPoint.ENTRY];
    private final byte[] hash = new byte[2 * HALF];
    private final byte[] h = new byte[HALF];
    private final byte[] actual = new byte[HALF];
    private final byte[] baseDigits = new byte[Scalar25519.DIGITS];
    private final byte[] keyDigits = new byte[Scalar25519.DIGITS];

    /** That of the calling thread. */
    static SignatureCheck25519 ofThread() {
        return OF_THREAD.get();
    }

    static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (final NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-512", missing);
        }
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
        challenge(key, signature, at, message, offset, length, h);
        return holds(table, signature, at, h);
    }

    /** Writes h, the hash of R, the key and the message modulo the group order: 32 bytes. */
    void challenge(final byte[] key, final byte[] signature, final int at, final byte[] message, final int offset,
                   final int length, final byte[] out) {
        sha512.update(signature, at, HALF);
        sha512.update(key);
        sha512.update(message, offset, length);
        try {
            sha512.digest(hash, 0, hash.length);
        } catch (final DigestException tooShort) {
            throw new IllegalStateException(tooShort);
        }
        scalar.reduce(hash, out);
    }

    /** Whether the equation holds for a challenge; S is below the group order. */
    boolean holds(final PointTable table, final byte[] signature, final int at, final byte[] challenge) {
        BASE.digits(signature, at + HALF, baseDigits);
        table.digits(challenge, 0, keyDigits);
        PointTable.difference(sum, BASE, baseDigits, table, keyDigits);
        difference.set(sum);
        sum.encode(actual, 0);
        return Arrays.equals(actual, 0, HALF, signature, at, at + HALF) || holdsTimesEight(signature, at);
    }

    private boolean holdsTimesEight(final byte[] signature, final int at) {
        if (!sum.decode(signature, at)) {
            return false;
        }
        sum.store(entry, 0);
        difference.subtractEntry(entry, 0);
        return difference.isOfSmallOrder();
    }
}
