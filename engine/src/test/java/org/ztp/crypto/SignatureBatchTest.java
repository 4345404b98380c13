package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A batch accepts what single checks accept and nothing else: honest, altered, and with every part of small order. */
final class SignatureBatchTest {
    private static final BigInteger L = BigInteger.TWO.pow(252)
        .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final int HALF = 32;

    private final SplittableRandom random = new SplittableRandom(255_19);
    private final SignatureBatch batch = new SignatureBatch(new SeededRandomness(7));

    private record Signed(VerifyKey key, byte[] signature, byte[] message) {
        boolean holdsAlone() {
            return key.verify(signature, message);
        }
    }

    private byte[] randomBytes(final int size) {
        final byte[] out = new byte[size];
        random.nextBytes(out);
        return out;
    }

    private Signed honest() {
        try (SigningKey key = SigningKey.ofSeed(randomBytes(HALF))) {
            final byte[] message = randomBytes(random.nextInt(200));
            return new Signed(key.verifyKey(), key.sign(message), message);
        }
    }

    private void sameAsAlone(final List<Signed> all) {
        batch.clear();
        for (final Signed each : all) {
            batch.add(each.key, each.signature, 0, each.message, 0, each.message.length);
        }
        batch.check();
        for (int i = 0; i < all.size(); i++) {
            assertEquals(all.get(i).holdsAlone(), batch.holds(i), "number " + i + " of " + all.size());
        }
    }

    @Test
    void honestBatchesOfEverySizeHold() {
        final List<Signed> all = new ArrayList<>();
        for (int size = 0; size <= SignatureBatch.LIMIT; size += size < 12 ? 1 : 29) {
            while (all.size() < size) {
                all.add(honest());
            }
            sameAsAlone(all);
            for (int i = 0; i < size; i++) {
                assertTrue(batch.holds(i));
            }
        }
    }

    @Test
    void signaturesOfOneKeyAreSummedUp() {
        final List<Signed> all = new ArrayList<>();
        try (SigningKey key = SigningKey.ofSeed(randomBytes(HALF))) {
            for (int i = 0; i < SignatureBatch.LIMIT; i++) {
                final byte[] message = randomBytes(40);
                all.add(new Signed(key.verifyKey(), key.sign(message), message));
            }
        }
        sameAsAlone(all);
        assertTrue(batch.holds(0) && batch.isFull());
        final Signed first = all.get(0);
        assertThrows(IllegalStateException.class, () -> batch.add(first.key, first.signature, 0, first.message, 0, 1));
        assertThrows(IllegalStateException.class, batch::addRefused);
    }

    @Test
    void theCulpritsAreFoundAndNobodyElse() {
        for (int bad = 1; bad <= 16; bad *= 2) {
            final List<Signed> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(honest());
            }
            for (int i = 0; i < bad; i++) {
                final Signed victim = all.get(random.nextInt(all.size()));
                final byte[] altered = random.nextBoolean() ? victim.signature : victim.message;
                if (altered.length > 0) {
                    altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            sameAsAlone(all);
        }
    }

    @Test
    void twoErrorsThatCancelOutWithoutCoefficientsAreFound() {
        final List<Signed> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(honest());
        }
        addToS(all.get(2).signature, BigInteger.ONE);
        addToS(all.get(5).signature, BigInteger.ONE.negate());
        sameAsAlone(all);
        assertFalse(batch.holds(2) || batch.holds(5));
    }

    private static void addToS(final byte[] signature, final BigInteger difference) {
        final BigInteger s = number(Arrays.copyOfRange(signature, HALF, 2 * HALF)).add(difference).mod(L);
        System.arraycopy(littleEndian(s), 0, signature, HALF, HALF);
    }

    @Test
    void aRefusedEntryKeepsItsNumber() {
        batch.clear();
        for (int i = 0; i < 10; i++) {
            final Signed each = honest();
            if (i % 3 == 0) {
                batch.addRefused();
            } else {
                batch.add(each.key, each.signature, 0, each.message, 0, each.message.length);
            }
        }
        batch.check();
        for (int i = 0; i < 10; i++) {
            assertEquals(i % 3 != 0, batch.holds(i));
        }
    }

    @Test
    void thePublishedEdgeCasesAreRefusedAllWithTheirKeysOrNumbers() {
        for (int i = 0; i < EdwardsVectors.TAMING.size(); i++) {
            final EdwardsVectors.Case each = EdwardsVectors.TAMING.get(i);
            final Optional<VerifyKey> key = VerifyKey.decode(each.keyBytes(), 0);
            assertEquals(i == 6 || i == 7, key.isPresent(), "only cases 6 and 7 have a key of prime order: case " + i);
            if (key.isPresent()) {
                final List<Signed> all = new ArrayList<>(List.of(
                    new Signed(key.get(), each.signatureBytes(), each.messageBytes())));
                assertFalse(all.get(0).holdsAlone());
                while (all.size() < 16) {
                    all.add(honest());
                }
                sameAsAlone(all);
            }
        }
    }

    @Test
    void noKeyIsOfSmallOrder() {
        for (final String encoding : EdwardsVectors.SMALL_ORDER) {
            assertTrue(VerifyKey.decode(HexFormat.of().parseHex(encoding), 0).isEmpty(), encoding);
        }
        for (final String encoding : EdwardsVectors.SMALL_ORDER_NOT_CANONICAL) {
            assertTrue(VerifyKey.decode(HexFormat.of().parseHex(encoding), 0).isEmpty(), encoding);
        }
    }

    /** What sets this rule apart from that without the cofactor: a signer may put a point of small order into R. */
    @Test
    void pointsOfSmallOrderInRAreAcceptedInTheirOneEncoding() {
        final List<Signed> all = new ArrayList<>();
        for (final String torsion : EdwardsVectors.SMALL_ORDER) {
            all.add(withTorsion(torsion, BigInteger.valueOf(random.nextLong())));
            all.add(withTorsion(torsion, BigInteger.ZERO));
        }
        for (final Signed each : all) {
            assertTrue(each.holdsAlone());
        }
        sameAsAlone(all);
        for (final String encoding : EdwardsVectors.SMALL_ORDER_NOT_CANONICAL) {
            final Signed refused = signed(HexFormat.of().parseHex(encoding), BigInteger.ZERO);
            assertFalse(refused.holdsAlone(), encoding);
            all.set(3, refused);
            sameAsAlone(all);
        }
    }

    /** R = r B + a point of small order. */
    private Signed withTorsion(final String torsion, final BigInteger r) {
        final EdwardsPoint sum = new EdwardsPoint();
        assertTrue(sum.decode(HexFormat.of().parseHex(torsion), 0));
        final long[] entry = new long[EdwardsPoint.ENTRY];
        sum.store(entry, 0);
        final byte[] digits = new byte[Scalar25519.DIGITS];
        SignatureCheck25519.BASE.digits(littleEndian(r.mod(L)), 0, digits);
        PointTable.difference(sum, SignatureCheck25519.BASE, digits, SignatureCheck25519.BASE,
            new byte[Scalar25519.DIGITS]);
        sum.addEntry(entry, 0);
        final byte[] encoded = new byte[HALF];
        sum.encode(encoded, 0);
        return signed(encoded, r);
    }

    /** S = r + h a, whatever R is. */
    private Signed signed(final byte[] encodedR, final BigInteger r) {
        final byte[] seed = randomBytes(HALF);
        final byte[] message = randomBytes(20);
        try (SigningKey key = SigningKey.ofSeed(seed)) {
            final byte[] a = Arrays.copyOf(SignatureCheck25519.sha512().digest(seed), HALF);
            a[0] &= (byte) 0xf8;
            a[31] = (byte) (a[31] & 0x7f | 0x40);
            final byte[] h = new byte[HALF];
            key.verifyKey().challenge(SignatureCheck25519.ofThread(), encodedR, 0, message, 0, message.length, h);
            final byte[] signature = Arrays.copyOf(encodedR, 2 * HALF);
            System.arraycopy(littleEndian(number(h).multiply(number(a)).add(r).mod(L)), 0, signature, HALF, HALF);
            return new Signed(key.verifyKey(), signature, message);
        }
    }

    @Test
    void productsAreSummedUpModuloTheOrder() {
        final Scalar25519 sum = new Scalar25519();
        for (final int count : new int[] {0, 1, 2, 128, 1_000}) {
            sum.clear();
            BigInteger expected = BigInteger.ZERO;
            for (int i = 0; i < count; i++) {
                final byte[] a = i % 3 == 0 ? filled(HALF) : randomBytes(HALF);
                final byte[] b = i % 3 == 0 ? filled(HALF / 2) : randomBytes(HALF / 2);
                sum.addProduct(a, 0, b, 0);
                expected = expected.add(number(a).multiply(number(b)));
            }
            final byte[] out = new byte[HALF];
            sum.reduce(out);
            assertEquals(expected.mod(L), number(out));
        }
    }

    private static byte[] filled(final int size) {
        final byte[] out = new byte[size];
        Arrays.fill(out, (byte) -1);
        return out;
    }

    @Test
    void checkingABatchAllocatesNothing() {
        final List<Signed> all = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            all.add(honest());
        }
        final var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        sameAsAlone(all);
        threads.getCurrentThreadAllocatedBytes();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < 10; round++) {
            batch.clear();
            for (int i = 0; i < all.size(); i++) {
                batch.add(all.get(i).key, all.get(i).signature, 0, all.get(i).message, 0, all.get(i).message.length);
            }
            batch.check();
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 2_000, bytes + " bytes");
    }

    private static byte[] littleEndian(final BigInteger number) {
        final byte[] out = new byte[HALF];
        for (int i = 0; i < HALF; i++) {
            out[i] = number.shiftRight(Byte.SIZE * i).byteValue();
        }
        return out;
    }

    private static BigInteger number(final byte[] littleEndian) {
        BigInteger number = BigInteger.ZERO;
        for (int i = littleEndian.length - 1; i >= 0; i--) {
            number = number.shiftLeft(Byte.SIZE).or(BigInteger.valueOf(littleEndian[i] & 0xff));
        }
        return number;
    }
}
