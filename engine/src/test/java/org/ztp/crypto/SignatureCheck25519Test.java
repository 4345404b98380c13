package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/** The arithmetic against big integers, the check against Bouncy Castle's and against what must be refused. */
final class SignatureCheck25519Test {
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = BigInteger.TWO.pow(252)
        .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final int CASES = 2_000;

    private final SplittableRandom random = new SplittableRandom(25_519);

    private static byte[] bytes(final BigInteger number, final int size) {
        final byte[] out = new byte[size];
        for (int i = 0; i < size; i++) {
            out[i] = number.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    private static BigInteger number(final byte[] littleEndian) {
        BigInteger number = BigInteger.ZERO;
        for (int i = littleEndian.length - 1; i >= 0; i--) {
            number = number.shiftLeft(8).or(BigInteger.valueOf(littleEndian[i] & 0xff));
        }
        return number;
    }

    private byte[] randomBytes(final int size) {
        final byte[] out = new byte[size];
        random.nextBytes(out);
        return out;
    }

    /** Limbs as large as an operation may read them, with either sign. */
    private long[] element() {
        final long[] limbs = new long[Field25519.LIMBS];
        for (int i = 0; i < limbs.length; i++) {
            limbs[i] = switch (random.nextInt(5)) {
                case 0 -> 1L << 53;
                case 1 -> -(1L << 53);
                case 2 -> random.nextInt(3) - 1;
                case 3 -> (1L << 51) - random.nextInt(20);
                default -> random.nextLong(-(1L << 53), 1L << 53);
            };
        }
        return limbs;
    }

    private static BigInteger value(final long[] limbs) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < limbs.length; i++) {
            sum = sum.add(BigInteger.valueOf(limbs[i]).shiftLeft(51 * i));
        }
        return sum.mod(P);
    }

    private static BigInteger encoded(final long[] limbs) {
        final byte[] out = new byte[Field25519.BYTES];
        Field25519.encode(out, 0, limbs, new long[Field25519.LIMBS]);
        return number(out);
    }

    @Test
    void productsAndSquaresAreThoseOfBigIntegers() {
        final long[] r = new long[Field25519.LIMBS];
        for (int i = 0; i < CASES; i++) {
            final long[] a = element();
            final long[] b = element();
            Field25519.multiply(r, a, b);
            assertEquals(value(a).multiply(value(b)).mod(P), encoded(r));
            for (final long limb : r) {
                assertTrue(Math.abs(limb) <= (1L << 51) + 1, "limb " + limb);
            }
            Field25519.square(r, a);
            assertEquals(value(a).multiply(value(a)).mod(P), encoded(r));
        }
    }

    @Test
    void anElementHasOneEncoding() {
        for (int i = 0; i < CASES; i++) {
            final long[] a = element();
            assertEquals(value(a), encoded(a));
        }
        final long[] r = new long[Field25519.LIMBS];
        for (int i = -40; i <= 40; i++) {
            Field25519.decode(r, bytes(P.add(BigInteger.valueOf(i)).mod(BigInteger.TWO.pow(255)), 32), 0);
            assertEquals(P.add(BigInteger.valueOf(i)).mod(BigInteger.TWO.pow(255)).mod(P), encoded(r));
        }
    }

    @Test
    void inversesAndPowersAreThoseOfBigIntegers() {
        final long[] r = new long[5];
        for (int i = 0; i < 50; i++) {
            final long[] a = element();
            Field25519.invert(r, a, new long[5], new long[5], new long[5]);
            assertEquals(value(a).modPow(P.subtract(BigInteger.TWO), P), encoded(r));
            Field25519.power22523(r, a, new long[5], new long[5], new long[5]);
            assertEquals(value(a).modPow(P.subtract(BigInteger.valueOf(5)).shiftRight(3), P), encoded(r));
        }
    }

    @Test
    void scalarsAreReducedModuloTheOrder() {
        final List<BigInteger> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(number(randomBytes(64)));
        }
        final BigInteger most = BigInteger.ONE.shiftLeft(512).subtract(BigInteger.ONE);
        for (int i = -3; i <= 3; i++) {
            final BigInteger near = BigInteger.valueOf(i);
            for (final int factor : new int[] {1, 2, 3, 15, 16, 17, 1 << 30}) {
                cases.add(L.multiply(BigInteger.valueOf(factor)).add(near));
            }
            for (int bits = 28; bits < 512; bits += 28) {
                cases.add(BigInteger.ONE.shiftLeft(bits).add(near));
            }
            cases.add(most.divide(L).multiply(L).add(near).min(most));
            cases.add(near.abs());
        }
        cases.add(most);
        final Scalar25519 scalar = new Scalar25519();
        final byte[] out = new byte[32];
        for (final BigInteger each : cases) {
            scalar.reduce(bytes(each, 64), out);
            assertEquals(each.mod(L), number(out), each.toString(16));
        }
        assertTrue(Scalar25519.isReduced(bytes(L.subtract(BigInteger.ONE), 32), 0));
        assertFalse(Scalar25519.isReduced(bytes(L, 32), 0));
        assertFalse(Scalar25519.isReduced(bytes(L.add(BigInteger.ONE), 32), 0));
    }

    @Test
    void digitsSumUpToTheNumber() {
        final byte[] digits = new byte[Scalar25519.DIGITS];
        for (int i = 0; i < CASES; i++) {
            final BigInteger number = i == 0 ? L.subtract(BigInteger.ONE) : i == 1 ? BigInteger.ZERO
                : i == 2 ? BigInteger.ONE.shiftLeft(253).subtract(BigInteger.ONE) : number(randomBytes(32)).mod(L);
            for (final int largest : new int[] {1, 7, 15, 63, 127}) {
                Scalar25519.digits(bytes(number, 32), 0, 32, largest, digits);
                BigInteger sum = BigInteger.ZERO;
                for (int k = 0; k < digits.length; k++) {
                    assertTrue(digits[k] == 0 || (digits[k] & 1) == 1 && Math.abs(digits[k]) <= largest);
                    sum = sum.add(BigInteger.valueOf(digits[k]).shiftLeft(k));
                }
                assertEquals(number, sum);
            }
        }
    }

    @Test
    void whatBouncyCastleSignsHoldsAndNothingElse() {
        for (int i = 0; i < 300; i++) {
            final SigningKey key = SigningKey.ofSeed(randomBytes(32));
            final byte[] message = randomBytes(random.nextInt(200));
            final byte[] signature = key.sign(message);
            assertTrue(key.verifyKey().verify(signature, message));
            for (int flip = 0; flip < 8; flip++) {
                final byte[] other = signature.clone();
                other[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
                assertFalse(key.verifyKey().verify(other, message));
                assertFalse(Ed25519.verify(other, 0, key.verifyKey().bytes(), 0, message, 0, message.length));
            }
            assertFalse(key.verifyKey().verify(signature, Arrays.copyOf(message, message.length + 1)));
            assertFalse(SigningKey.ofSeed(randomBytes(32)).verifyKey().verify(signature, message));
            key.close();
        }
    }

    @Test
    void aMultipleOfTheOrderMoreInSIsRefused() {
        final SigningKey key = SigningKey.ofSeed(randomBytes(32));
        final byte[] signature = key.sign(new byte[3]);
        final BigInteger s = number(Arrays.copyOfRange(signature, 32, 64)).add(L);
        System.arraycopy(bytes(s, 32), 0, signature, 32, 32);
        assertFalse(key.verifyKey().verify(signature, new byte[3]));
        key.close();
    }

    @Test
    void pointsThatAreNoneAreRefused() {
        final EdwardsPoint point = new EdwardsPoint();
        final byte[] two = new byte[32];
        two[0] = 2;
        assertFalse(point.decode(two, 0));
        assertThrows(IllegalArgumentException.class, () -> new PointTable(two, 7));
        final byte[] base = HexFormat.of().parseHex("5866666666666666666666666666666666666666666666666666666666666666");
        for (final int sign : new int[] {0, 0x80}) {
            base[31] = (byte) (base[31] & 0x7f | sign);
            final byte[] out = new byte[32];
            assertTrue(point.decode(base, 0));
            point.encode(out, 0);
            assertArrayEquals(base, out);
        }
    }

    @Test
    void checkingAllocatesNothing() {
        final SigningKey key = SigningKey.ofSeed(randomBytes(32));
        final byte[] message = randomBytes(140);
        final byte[] signature = key.sign(message);
        final var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        assertTrue(key.verifyKey().verify(signature, message));
        threads.getCurrentThreadAllocatedBytes();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            assertTrue(key.verifyKey().verify(signature, message));
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 2_000, bytes + " bytes");
        key.close();
    }
}
