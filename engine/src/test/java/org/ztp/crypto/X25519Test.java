package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agreement, and the X25519 form of Ed25519 keys. */
class X25519Test {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void agreesOnTheVectorOfRfc7748() {
        final X25519PrivateKey key = X25519PrivateKey.of(
            HEX.parseHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"));
        final X25519PublicKey other = X25519PublicKey.decode(
            HEX.parseHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"), 0).orElseThrow();
        assertEquals("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
            HEX.formatHex(key.agree(other)));
    }

    /** The vector of libsodium's test of crypto_sign_ed25519_pk_to_curve25519. */
    @Test
    void convertsAnEd25519KeyAsLibsodiumDoes() {
        final SigningKey key = SigningKey.ofSeed(
            HEX.parseHex("421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee"));
        assertEquals("b5076a8474a832daee4dd5b4040983b6623b5f344aca57d4d6ee4baf3f259e6e", key.verifyKey().toString());
        assertEquals("f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50",
            key.verifyKey().toX25519().toString());
        assertEquals(key.verifyKey().toX25519(), key.toX25519().publicKey());
    }

    @Test
    void bothConversionsBelongTogetherAndBothSidesAgree() {
        final SeededRandomness randomness = new SeededRandomness(11);
        for (int i = 0; i < 50; i++) {
            final SigningKey alice = SigningKey.generate(randomness);
            final X25519PrivateKey bob = X25519PrivateKey.generate(randomness);
            assertEquals(alice.verifyKey().toX25519(), alice.toX25519().publicKey());
            assertArrayEquals(bob.agree(alice.verifyKey().toX25519()), alice.toX25519().agree(bob.publicKey()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // p, p + 9 and 9 with the top bit set
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080",
    })
    void keysOfSmallOrderAndSecondEncodingsAreRefused(final String hex) {
        assertTrue(X25519PublicKey.decode(HEX.parseHex(hex), 0).isEmpty());
    }

    @Test
    void everyKeyOfOursIsDecoded() {
        final SeededRandomness randomness = new SeededRandomness(14);
        for (int i = 0; i < 50; i++) {
            final X25519PublicKey key = X25519PrivateKey.generate(randomness).publicKey();
            assertEquals(key, X25519PublicKey.decode(key.bytes(), 0).orElseThrow());
        }
    }

    @Test
    void aClosedKeyAgreesOnNothingAndShowsNothing() {
        final byte[] bytes = new SeededRandomness(13).bytes(32);
        final X25519PrivateKey key = X25519PrivateKey.of(bytes);
        assertFalse(key.toString().contains(HEX.formatHex(bytes)));
        key.close();
        assertThrows(IllegalStateException.class, () -> key.agree(key.publicKey()));
    }

    @Test
    void wrongLengthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> X25519PrivateKey.of(new byte[31]));
        assertTrue(X25519PublicKey.decode(new byte[32], 1).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> SigningKey.ofSeed(new byte[33]));
    }
}
