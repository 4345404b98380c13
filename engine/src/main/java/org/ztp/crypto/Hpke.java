package org.ztp.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Hybrid public key encryption (RFC 9180), base mode, single shot: DHKEM(X25519, HKDF-SHA256) with HKDF-SHA256 and
 * AES-256-GCM. Bouncy Castle has it too, and the tests compare both; its own AES-GCM is many times slower than the
 * JDK's, which counts for vectors of shares.
 *
 * <pre>
 *   sealed = enc (32 bytes) | ciphertext (as long as the plaintext) | tag (16 bytes)
 * </pre>
 */
public final class Hpke {
    /** A sealed message is longer than its plaintext by 48 bytes. */
    public static final int OVERHEAD_BYTES = X25519PublicKey.BYTES + AesGcm.TAG_BYTES;

    private static final int MODE_BASE = 0;
    private static final int AES_256_GCM = 2;
    private static final byte[] VERSION = ascii("HPKE-v1");
    /** "KEM" and the number of DHKEM(X25519, HKDF-SHA256), 0x0020. */
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0x00, 0x20};
    private static final byte[] EMPTY = new byte[0];

    private Hpke() {
    }

    /**
     * Encrypts to a key.
     *
     * @param to             whose private key opens it
     * @param info           what it is for; the same is needed to open it
     * @param associatedData is authenticated and not encrypted; may be empty
     * @param plain          the message
     * @param randomness     for the ephemeral key
     * @return {@code plain.length + 48} bytes
     */
    public static byte[] seal(final X25519PublicKey to, final byte[] info, final byte[] associatedData,
                              final byte[] plain, final Randomness randomness) {
        try (X25519PrivateKey ephemeral = X25519PrivateKey.generate(randomness)) {
            final byte[] enc = ephemeral.publicKey().bytes();
            final byte[] dh = ephemeral.agree(to);
            final byte[] sealed = Arrays.copyOf(enc, Math.addExact(plain.length, OVERHEAD_BYTES));
            try (Context context = context(dh, enc, to, info)) {
                new AesGcm().encrypt(context.key, context.nonce, associatedData, plain, 0, plain.length, sealed,
                    enc.length);
            } finally {
                Secrets.zero(dh);
            }
            return sealed;
        }
    }

    /**
     * Opens what was sealed to a key.
     *
     * @return the message, which the caller overwrites if it is secret; empty when it was not sealed to this key with
     *         this info and associated data, or was changed
     */
    public static Optional<byte[]> open(final X25519PrivateKey key, final byte[] info, final byte[] associatedData,
                                        final byte[] sealed) {
        final Optional<X25519PublicKey> ephemeral = X25519PublicKey.decode(sealed, 0);
        if (ephemeral.isEmpty() || sealed.length < OVERHEAD_BYTES) {
            return Optional.empty();
        }
        final byte[] dh = key.agree(ephemeral.get());
        try (Context context = context(dh, ephemeral.get().bytes(), key.publicKey(), info)) {
            final byte[] plain = new byte[sealed.length - OVERHEAD_BYTES];
            final int length = new AesGcm().decrypt(context.key, context.nonce, associatedData, sealed,
                X25519PublicKey.BYTES, sealed.length - X25519PublicKey.BYTES, plain, 0);
            return length < 0 ? Optional.empty() : Optional.of(plain);
        } finally {
            Secrets.zero(dh);
        }
    }

    private static Context context(final byte[] dh, final byte[] enc, final X25519PublicKey to, final byte[] info) {
        final byte[] sharedSecret = sharedSecret(dh, enc, to.bytes());
        try {
            return keySchedule(AES_256_GCM, AesGcm.KEY_BYTES, sharedSecret, info);
        } finally {
            Secrets.zero(sharedSecret);
        }
    }

    /** ExtractAndExpand of RFC 9180, 4.1. */
    static byte[] sharedSecret(final byte[] dh, final byte[] enc, final byte[] to) {
        final byte[] prk = labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
        return labeledExpandAndZero(KEM_SUITE, prk, "shared_secret", concatenate(enc, to), Hkdf.HASH_BYTES);
    }

    /** KeySchedule of RFC 9180, 5.1, for the base mode. */
    static Context keySchedule(final int aead, final int keyBytes, final byte[] sharedSecret, final byte[] info) {
        final byte[] suite = {'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, (byte) aead};
        final byte[] scheduleContext = concatenate(new byte[] {MODE_BASE},
            labeledExtract(suite, EMPTY, "psk_id_hash", EMPTY), labeledExtract(suite, EMPTY, "info_hash", info));
        final byte[] secret = labeledExtract(suite, sharedSecret, "secret", EMPTY);
        final byte[] again = secret.clone();
        return new Context(
            labeledExpandAndZero(suite, secret, "key", scheduleContext, keyBytes),
            labeledExpandAndZero(suite, again, "base_nonce", scheduleContext, AesGcm.NONCE_BYTES));
    }

    private static byte[] labeledExtract(final byte[] suite, final byte[] salt, final String label, final byte[] ikm) {
        final byte[] labeled = concatenate(VERSION, suite, ascii(label), ikm);
        try {
            return Hkdf.extract(salt, labeled);
        } finally {
            Secrets.zero(labeled);
        }
    }

    private static byte[] labeledExpandAndZero(final byte[] suite, final byte[] prk, final String label,
                                               final byte[] info, final int length) {
        final byte[] labeled = concatenate(new byte[] {(byte) (length >>> 8), (byte) length}, VERSION, suite,
            ascii(label), info);
        try (HkdfExpander expander = new HkdfExpander(prk)) {
            return expander.expand(labeled, length);
        } finally {
            Secrets.zero(prk);
        }
    }

    private static byte[] concatenate(final byte[]... parts) {
        final ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (final byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The key and the nonce of one message. */
    record Context(byte[] key, byte[] nonce) implements AutoCloseable {
        @Override
        public void close() {
            Secrets.zero(key);
            Secrets.zero(nonce);
        }

        @Override
        public String toString() {
            return "Context[]";
        }
    }
}
