package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ed25519 keys and signatures. */
class SignatureTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger ORDER =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
            + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
            + "595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
            + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
            + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
            + "b4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
            + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
            + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
            + "716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
            + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
            + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423"
            + "643ce80e2a9ac94fa54ca49f,"
            + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c"
            + "138ac17ad9bef1177331a704",
    })
    void signsAndVerifiesTheVectorsOfRfc8032(final String seed, final String publicKey, final String message,
                                             final String signature) {
        try (SigningKey key = SigningKey.ofSeed(HEX.parseHex(seed))) {
            assertEquals(publicKey, key.verifyKey().toString());
            assertEquals(signature, HEX.formatHex(key.sign(HEX.parseHex(message))));
            assertTrue(key.verifyKey().verify(HEX.parseHex(signature), HEX.parseHex(message)));
        }
    }

    @Test
    void aChangedBitOfMessageOrSignatureIsRefused() {
        final SigningKey key = SigningKey.generate(new SeededRandomness(1));
        final byte[] message = {1, 2, 3};
        final byte[] signature = key.sign(message);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            final byte[] changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertFalse(key.verifyKey().verify(changed, message), "bit " + bit);
        }
        assertFalse(key.verifyKey().verify(signature, new byte[] {1, 2, 2}));
        assertFalse(key.verifyKey().verify(new byte[63], message));
        assertFalse(key.verifyKey().verify(new byte[65], message));
        assertFalse(key.verifyKey().verify(signature, 1, message, 0, 3));
        assertFalse(key.verifyKey().verify(signature, -1, message, 0, 3));
    }

    @Test
    void theSameSignatureWithSAboveTheOrderIsRefused() {
        final SigningKey key = SigningKey.generate(new SeededRandomness(2));
        final byte[] signature = key.sign(new byte[0]);
        BigInteger s = BigInteger.ZERO;
        for (int i = 63; i >= 32; i--) {
            s = s.shiftLeft(8).add(BigInteger.valueOf(signature[i] & 0xff));
        }
        s = s.add(ORDER);
        for (int i = 0; i < 32; i++) {
            signature[32 + i] = s.shiftRight(8 * i).byteValue();
        }
        assertFalse(key.verifyKey().verify(signature, new byte[0]));
    }

    @Test
    void rangesOfArraysAreSignedAndVerified() {
        final SigningKey key = SigningKey.generate(new SeededRandomness(3));
        final byte[] buffer = new byte[100];
        buffer[20] = 7;
        key.sign(buffer, 20, 5, buffer, 30);
        assertTrue(key.verifyKey().verify(buffer, 30, buffer, 20, 5));
        assertArrayEquals(key.sign(new byte[] {7, 0, 0, 0, 0}), Arrays.copyOfRange(buffer, 30, 94));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // y = 0, 1, -1: small order
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // order 8
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        // y = p, p + 1: not canonical
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // y = 2: not on the curve
        "0200000000000000000000000000000000000000000000000000000000000000",
    })
    void whatIsNoKeyOfPrimeOrderIsRefused(final String hex) {
        assertTrue(VerifyKey.decode(HEX.parseHex(hex), 0).isEmpty());
        assertTrue(new VerifyKeys(4).get(HEX.parseHex(hex), 0).isEmpty());
    }

    @Test
    void shortInputIsNoKey() {
        assertTrue(VerifyKey.decode(new byte[31], 0).isEmpty());
        assertTrue(VerifyKey.decode(new byte[32], 1).isEmpty());
        assertTrue(VerifyKey.decode(new byte[32], -1).isEmpty());
        assertTrue(new VerifyKeys(4).get(new byte[32], 1).isEmpty());
    }

    @Test
    void theCacheGivesTheSameKeyAndStaysBounded() {
        final VerifyKeys cache = new VerifyKeys(8);
        final SeededRandomness randomness = new SeededRandomness(4);
        for (int i = 0; i < 100; i++) {
            final VerifyKey key = SigningKey.generate(randomness).verifyKey();
            final VerifyKey first = cache.get(key.bytes(), 0).orElseThrow();
            assertEquals(key, first);
            assertTrue(first == cache.get(key.bytes(), 0).orElseThrow(), "the second look-up decoded again");
        }
    }

    @Test
    void aCacheOfNoSenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new VerifyKeys(3));
        assertThrows(IllegalArgumentException.class, () -> new VerifyKeys(1 << 25));
    }

    @Test
    void aClosedKeySignsNothingAndShowsNothing() {
        final byte[] seed = new SeededRandomness(5).bytes(32);
        final SigningKey key = SigningKey.ofSeed(seed);
        assertFalse(key.toString().contains(HEX.formatHex(seed)));
        key.close();
        assertThrows(IllegalStateException.class, () -> key.sign(new byte[1]));
        assertThrows(IllegalStateException.class, key::toX25519);
        assertThrows(IllegalStateException.class, key::copyOfSeed);
    }
}
