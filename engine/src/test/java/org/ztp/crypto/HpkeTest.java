package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HPKE against RFC 9180 and against Bouncy Castle's own. */
class HpkeTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] INFO = "Ode on a Grecian Urn".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    /** RFC 9180, A.1.1 (AES-128-GCM) and A.2.1 (ChaCha20Poly1305): all but the cipher itself. */
    @ParameterizedTest
    @CsvSource({
        "1, 16, 52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736,"
            + "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431,"
            + "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d,"
            + "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc,"
            + "4531685d41d65f03dc48f6b8302c05b0, 56d890e5accaaf011cff4b7d",
        "3, 32, f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600,"
            + "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a,"
            + "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a,"
            + "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7,"
            + "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91, 5c4d98150661b848853b547f",
    })
    void derivesTheKeysOfRfc9180(final int aead, final int keyBytes, final String ephemeral, final String enc,
                                 final String to, final String secret, final String key, final String nonce) {
        final X25519PrivateKey mine = X25519PrivateKey.of(HEX.parseHex(ephemeral));
        assertEquals(enc, mine.publicKey().toString());
        final byte[] dh = mine.agree(X25519PublicKey.decode(HEX.parseHex(to), 0).orElseThrow());
        final byte[] shared = Hpke.sharedSecret(dh, HEX.parseHex(enc), HEX.parseHex(to));
        assertEquals(secret, HEX.formatHex(shared));
        final Hpke.Context context = Hpke.keySchedule(aead, keyBytes, shared, INFO);
        assertEquals(key, HEX.formatHex(context.key()));
        assertEquals(nonce, HEX.formatHex(context.nonce()));
        context.close();
        assertArrayEquals(new byte[keyBytes], context.key());
    }

    @Test
    void bouncyCastleOpensWhatIsSealedAndTheOtherWayRound() throws InvalidCipherTextException {
        final HPKE reference = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256,
            HPKE.aead_AES_GCM256);
        final SeededRandomness randomness = new SeededRandomness(21);
        for (final int length : new int[] {0, 1, 15, 16, 17, 1000}) {
            final byte[] scalar = randomness.bytes(32);
            final X25519PrivateKey key = X25519PrivateKey.of(scalar);
            final var pair = reference.deserializePrivateKey(scalar, key.publicKey().bytes());
            final byte[] plain = randomness.bytes(length);
            final byte[] aad = randomness.bytes(length);

            final byte[] sealed = Hpke.seal(key.publicKey(), INFO, aad, plain, randomness);
            assertEquals(length + Hpke.OVERHEAD_BYTES, sealed.length);
            assertArrayEquals(plain, reference.open(Arrays.copyOf(sealed, 32), pair, INFO, aad,
                Arrays.copyOfRange(sealed, 32, sealed.length), null, null, null));

            final byte[][] theirs = reference.seal(pair.getPublic(), INFO, aad, plain, null, null, null);
            final byte[] joined = Arrays.copyOf(theirs[1], 32 + theirs[0].length);
            System.arraycopy(theirs[0], 0, joined, 32, theirs[0].length);
            assertArrayEquals(plain, Hpke.open(key, INFO, aad, joined).orElseThrow());
        }
    }

    @Test
    void whatIsChangedOrForSomebodyElseStaysClosed() {
        final SeededRandomness randomness = new SeededRandomness(22);
        final X25519PrivateKey key = X25519PrivateKey.generate(randomness);
        final byte[] sealed = Hpke.seal(key.publicKey(), INFO, NOTHING, new byte[] {1, 2, 3}, randomness);
        assertArrayEquals(new byte[] {1, 2, 3}, Hpke.open(key, INFO, NOTHING, sealed).orElseThrow());
        for (int i = 0; i < sealed.length; i++) {
            final byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertTrue(Hpke.open(key, INFO, NOTHING, changed).isEmpty(), "byte " + i);
            assertTrue(Hpke.open(key, INFO, NOTHING, Arrays.copyOf(sealed, i)).isEmpty(), "length " + i);
        }
        assertTrue(Hpke.open(key, NOTHING, NOTHING, sealed).isEmpty());
        assertTrue(Hpke.open(key, INFO, INFO, sealed).isEmpty());
        assertTrue(Hpke.open(X25519PrivateKey.generate(randomness), INFO, NOTHING, sealed).isEmpty());
    }
}
