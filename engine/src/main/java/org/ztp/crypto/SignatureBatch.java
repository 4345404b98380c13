package org.ztp.crypto;

import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Checks many Ed25519 signatures in one equation (Bernstein, Duif, Lange, Schwabe and Yang, High-speed high-security
 * signatures, 2012, 5): with a random z of 128 bits for each,
 *
 * <pre>
 *   [8] ( [sum of z S] B  -  sum over keys of [sum of z h] A  -  sum of [z] R )  =  0
 * </pre>
 *
 * <p>It holds if each one's equation holds, which is that of {@link VerifyKey#verify}; if one does not, it holds with a
 * probability of 2^-128 at most, whatever was signed, because nobody outside knows the z: they are a hash of a secret
 * that was drawn at random when the batch was made, and of a count. If it does not hold, each signature is checked by
 * itself. So what is accepted is the same for all replicas, however they make their batches.
 *
 * <p>Owned by one thread; allocates nothing after construction and the first use of each key.
 */
public final class SignatureBatch {
    /** Most signatures of a batch: more would gain little, as only the doublings are shared. */
    public static final int LIMIT = 128;
    /** Fewer signatures than this are checked one by one, which is faster. */
    static final int WORTHWHILE = 6;
    private static final int HALF = 32;
    private static final int FACTORS_OF_HASH = 4;

    private final MessageDigest sha512 = SignatureCheck25519.sha512();
    private final SignatureCheck25519 single = new SignatureCheck25519();
    private final byte[] secretAndCount;
    private long hashes;
    private final byte[] factors = new byte[FACTORS_OF_HASH * RandomPointSum.FACTOR_BYTES];
    private final byte[] number = new byte[HALF];
    private final byte[] baseDigits = new byte[Scalar25519.DIGITS];
    private final Scalar25519 baseSum = new Scalar25519();
    private final Scalar25519[] keySums = new Scalar25519[LIMIT];
    private final byte[][] keyDigits = new byte[LIMIT][Scalar25519.DIGITS];
    private final EdwardsPoint point = new EdwardsPoint();
    private final EdwardsPoint sum = new EdwardsPoint();
    private final RandomPointSum points = new RandomPointSum(LIMIT);
    private final PointTable[] tables = new PointTable[LIMIT];
    private final int[] keyOf = new int[LIMIT];
    private final byte[] signatures = new byte[LIMIT * VerifyKey.SIGNATURE_BYTES];
    private final byte[][] challenges = new byte[LIMIT][HALF];
    private final boolean[] holds = new boolean[LIMIT];
    private int size;
    private int keys;

    /** A batch, which draws its secret. */
    public SignatureBatch(final Randomness randomness) {
        secretAndCount = randomness.bytes(HALF + Long.BYTES);
        for (int i = 0; i < LIMIT; i++) {
            keySums[i] = new Scalar25519();
        }
    }

    /** How many signatures were added. */
    public int size() {
        return size;
    }

    /** Whether no more can be added. */
    public boolean isFull() {
        return size == LIMIT;
    }

    /** Forgets all signatures. */
    public void clear() {
        size = 0;
        keys = 0;
    }

    /**
     * Adds a signature, whose number is the size before. The message is hashed at once, the signature copied.
     *
     * @param signature holds its 64 bytes from {@code signatureOffset} on
     * @throws IllegalStateException if the batch is full
     */
    public void add(final VerifyKey key, final byte[] signature, final int signatureOffset, final byte[] message,
                    final int offset, final int length) {
        if (isFull()) {
            throw new IllegalStateException("the batch is full: limit=" + LIMIT);
        }
        final int at = size * VerifyKey.SIGNATURE_BYTES;
        System.arraycopy(signature, signatureOffset, signatures, at, VerifyKey.SIGNATURE_BYTES);
        holds[size] = Scalar25519.isReduced(signatures, at + HALF);
        if (holds[size]) {
            key.challenge(single, signatures, at, message, offset, length, challenges[size]);
        }
        keyOf[size++] = slotOf(key.table());
    }

    /** Adds what is no signature, so that it has a number. */
    public void addRefused() {
        if (isFull()) {
            throw new IllegalStateException("the batch is full: limit=" + LIMIT);
        }
        holds[size++] = false;
    }

    private int slotOf(final PointTable table) {
        for (int slot = 0; slot < keys; slot++) {
            if (tables[slot] == table) {
                return slot;
            }
        }
        tables[keys] = table;
        return keys++;
    }

    /** Checks all signatures that were added; {@link #holds} then tells of each. */
    public void check() {
        int candidates = 0;
        for (int i = 0; i < size; i++) {
            candidates += holds[i] ? 1 : 0;
        }
        if (candidates >= WORTHWHILE && allHold()) {
            return;
        }
        for (int i = 0; i < size; i++) {
            holds[i] = holds[i]
                && single.holds(tables[keyOf[i]], signatures, i * VerifyKey.SIGNATURE_BYTES, challenges[i]);
        }
    }

    /** Whether a signature held when the batch was checked. */
    public boolean holds(final int index) {
        return holds[index];
    }

    /** Whether the one equation holds for those not refused yet; refuses those whose R is no point. */
    private boolean allHold() {
        points.clear();
        baseSum.clear();
        for (int slot = 0; slot < keys; slot++) {
            keySums[slot].clear();
        }
        int used = 0;
        for (int i = 0; i < size; i++) {
            final int at = i * VerifyKey.SIGNATURE_BYTES;
            holds[i] = holds[i] && point.decode(signatures, at);
            if (!holds[i]) {
                continue;
            }
            final int factor = nextFactor(used++);
            points.add(point, factors, factor);
            baseSum.addProduct(signatures, at + HALF, factors, factor);
            keySums[keyOf[i]].addProduct(challenges[i], 0, factors, factor);
        }
        baseSum.reduce(number);
        SignatureCheck25519.BASE.digits(number, 0, baseDigits);
        for (int slot = 0; slot < keys; slot++) {
            keySums[slot].reduce(number);
            tables[slot].digits(number, 0, keyDigits[slot]);
        }
        addUp();
        return sum.isOfSmallOrder();
    }

    /** The sum in the equation, negated. */
    private void addUp() {
        sum.setNeutral();
        for (int bit = points.topBit(); bit >= 0; bit--) {
            sum.twice(true);
            points.addTo(sum, bit);
            if (bit < PointTable.PART_BITS) {
                SignatureCheck25519.BASE.addTo(sum, baseDigits, bit, true);
                for (int slot = 0; slot < keys; slot++) {
                    tables[slot].addTo(sum, keyDigits[slot], bit, false);
                }
            }
        }
    }

    /** Where the next random factor stands; four come from one hash. */
    private int nextFactor(final int used) {
        final int next = used % FACTORS_OF_HASH;
        if (next == 0) {
            hashes++;
            for (int i = 0; i < Long.BYTES; i++) {
                secretAndCount[HALF + i] = (byte) (hashes >>> Byte.SIZE * i);
            }
            sha512.update(secretAndCount);
            try {
                sha512.digest(factors, 0, factors.length);
            } catch (final DigestException tooShort) {
                throw new IllegalStateException(tooShort);
            }
        }
        return next * RandomPointSum.FACTOR_BYTES;
    }
}
