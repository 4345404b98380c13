package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HKDF, AES-GCM, the key stream, and keys that can be overwritten. */
class SymmetricTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 5869, A.1 to A.3. */
    @ParameterizedTest
    @CsvSource({
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 42,"
            + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f30313233343536"
            + "3738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f,"
            + "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f9091929394"
            + "95969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf,"
            + "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4"
            + "e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff, 82,"
            + "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c"
            + "2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '', 42,"
            + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    })
    void derivesTheVectorsOfRfc5869(final String ikm, final String salt, final String info, final int length,
                                    final String expected) {
        assertEquals(expected, HEX.formatHex(
            Hkdf.derive(HEX.parseHex(salt), HEX.parseHex(ikm), HEX.parseHex(info), length)));
    }

    @Test
    void anExpanderIsReusableAndForgetsItsKeyWhenClosed() {
        final byte[] info = {9};
        final HkdfExpander expander = new HkdfExpander(new SeededRandomness(31).bytes(32));
        final byte[] first = expander.expand(info, 100);
        assertArrayEquals(first, expander.expand(info, 100));
        assertArrayEquals(Arrays.copyOf(first, 33), expander.expand(info, 33));
        expander.close();
        assertFalse(Arrays.equals(first, expander.expand(info, 100)));
        assertThrows(IllegalArgumentException.class, () -> expander.expand(info, 8161));
        assertThrows(IllegalArgumentException.class, () -> expander.expand(info, 0));
        assertThrows(IllegalArgumentException.class, () -> new HkdfExpander(new byte[31]));
    }

    /** Test cases 13, 14 and 16 of the GCM specification. */
    @ParameterizedTest
    @CsvSource({
        "0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, '', '',"
            + "530f8afbc74536b9a963b4f1c4cb738b",
        "0000000000000000000000000000000000000000000000000000000000000000, 000000000000000000000000, '',"
            + "00000000000000000000000000000000, cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308, cafebabefacedbaddecaf888,"
            + "feedfacedeadbeeffeedfacedeadbeefabaddad2,"
            + "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa"
            + "0de657ba637b39,"
            + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393"
            + "ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
    })
    void encryptsTheVectorsOfGcm(final String key, final String nonce, final String aad, final String plain,
                                 final String sealed) {
        final byte[] in = HEX.parseHex(plain);
        final byte[] out = new byte[in.length + AesGcm.TAG_BYTES];
        final AesGcm gcm = new AesGcm();
        assertEquals(out.length, gcm.encrypt(HEX.parseHex(key), HEX.parseHex(nonce), HEX.parseHex(aad), in, 0,
            in.length, out, 0));
        assertEquals(sealed, HEX.formatHex(out));
        assertEquals(sealed, HEX.formatHex(inPieces(HEX.parseHex(key), HEX.parseHex(nonce), HEX.parseHex(aad), in)));
        final byte[] back = new byte[in.length];
        assertEquals(in.length, gcm.decrypt(HEX.parseHex(key), HEX.parseHex(nonce), HEX.parseHex(aad), out, 0,
            out.length, back, 0));
        assertArrayEquals(in, back);
    }

    /** Encrypts piece by piece of 7 bytes. */
    private static byte[] inPieces(final byte[] key, final byte[] nonce, final byte[] aad, final byte[] plain) {
        final ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        final byte[] out = new byte[31];
        final AesGcm gcm = new AesGcm();
        gcm.begin(key, nonce, aad, plain.length);
        for (int at = 0; at < plain.length; at += 7) {
            sealed.write(out, 0, gcm.update(plain, at, Math.min(7, plain.length - at), out));
        }
        sealed.write(out, 0, gcm.finish(out));
        return sealed.toByteArray();
    }

    @Test
    void aForgedCiphertextLeavesZeros() {
        final byte[] key = new SeededRandomness(32).bytes(32);
        final byte[] nonce = new byte[12];
        final byte[] sealed = new byte[100 + 16];
        final AesGcm gcm = new AesGcm();
        gcm.encrypt(key, nonce, nonce, new byte[100], 0, 100, sealed, 0);
        sealed[50] ^= 1;
        final byte[] out = new byte[102];
        Arrays.fill(out, (byte) 5);
        assertEquals(-1, gcm.decrypt(key, nonce, nonce, sealed, 0, sealed.length, out, 1));
        final byte[] expected = new byte[102];
        expected[0] = 5;
        expected[101] = 5;
        assertArrayEquals(expected, out);
        assertEquals(-1, gcm.decrypt(key, nonce, nonce, sealed, 0, 15, out, 1));
    }

    @Test
    void theSameKeyAndNonceDoNotEncryptTwice() {
        final AesGcm gcm = new AesGcm();
        gcm.encrypt(new byte[32], new byte[12], new byte[0], new byte[1], 0, 1, new byte[17], 0);
        final IllegalStateException refused = assertThrows(IllegalStateException.class,
            () -> gcm.encrypt(new byte[32], new byte[12], new byte[0], new byte[1], 0, 1, new byte[17], 0));
        assertTrue(refused.getMessage().startsWith("AES-GCM cannot encrypt"));
        assertThrows(IllegalArgumentException.class,
            () -> gcm.encrypt(new byte[31], new byte[12], new byte[0], new byte[1], 0, 1, new byte[17], 0));
    }

    /** AES-256 of the blocks 0 and 1 under the all-zero key; the first is test case 13 of GCM, H before hashing. */
    @Test
    void theKeyStreamIsAesOfTheBlockNumber() {
        final byte[] data = new byte[16];
        new KeyStream(new byte[32]).xor(0, data, 0, 16);
        assertEquals("dc95c078a2408989ad48a21492842087", HEX.formatHex(data));
    }

    @Test
    void theKeyStreamCanBeReadFromAnyBlockAndInPieces() {
        final KeyStream stream = new KeyStream(new SeededRandomness(33).bytes(32));
        final byte[] whole = new byte[100_000];
        stream.xor(1 << 20, whole, 0, whole.length);
        final byte[] pieces = new byte[whole.length];
        for (int at = whole.length / 16 * 16; at >= 0; at -= 16 * 125) {
            stream.xor((1 << 20) + at, pieces, at, Math.min(16 * 125, pieces.length - at));
        }
        assertArrayEquals(whole, pieces);
        stream.xor(1 << 20, whole, 0, whole.length);
        assertArrayEquals(new byte[whole.length], whole);
        assertThrows(IllegalArgumentException.class, () -> stream.xor(8, whole, 0, 1));
        stream.close();
        assertThrows(IllegalStateException.class, () -> stream.xor(0, whole, 0, 1));
    }

    @Test
    void rawKeysShowNothingAndCanBeDestroyed() {
        final RawKey key = new RawKey(new byte[] {17, 34, 51}, 0, 3, "AES");
        assertEquals("RawKey[AES, 3 bytes]", key.toString());
        assertArrayEquals(new byte[] {17, 34, 51}, key.getEncoded());
        key.destroy();
        assertTrue(key.isDestroyed());
        assertThrows(IllegalStateException.class, key::getEncoded);
    }

    @Test
    void secretsAreComparedAndZeroed() {
        final byte[] secret = {1, 2};
        assertTrue(Secrets.equal(secret, new byte[] {1, 2}));
        assertFalse(Secrets.equal(secret, new byte[] {1, 3}));
        Secrets.zero(secret);
        Secrets.zero(null);
        assertArrayEquals(new byte[2], secret);
    }

    @Test
    void randomBytesOfTheSystemFillTheirRangeOnly() {
        final byte[] out = new byte[100];
        new SystemRandomness().fill(out, 10, 80);
        assertArrayEquals(new byte[10], Arrays.copyOf(out, 10));
        assertArrayEquals(new byte[10], Arrays.copyOfRange(out, 90, 100));
        assertFalse(Arrays.equals(new byte[80], Arrays.copyOfRange(out, 10, 90)));
    }
}
