package org.ztp.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An OpenSSH private key with its comment, as the text between {@code -----BEGIN OPENSSH PRIVATE KEY-----} and its end
 * (format: PROTOCOL.key of OpenSSH). One Ed25519 key, plain or protected by a passphrase. {@link #close()} overwrites
 * the key.
 */
public final class SshPrivateKey implements AutoCloseable {
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String NONE = "none";
    private static final String BCRYPT = "bcrypt";
    private static final int PLAIN_BLOCK_BYTES = 8;
    private static final int CHECK_BYTES = Integer.BYTES;

    private final SigningKey key;
    private final String comment;

    /** Takes the key over: closing this object closes it. */
    public SshPrivateKey(final SigningKey key, final String comment) {
        this.key = key;
        this.comment = new SshPublicKey(key.verifyKey(), comment).comment();
    }

    /** The key, which is closed with this object. */
    public SigningKey key() {
        return key;
    }

    /** What the file says about the key, in one line; may be empty. */
    public String comment() {
        return comment;
    }

    /** The public key with the same comment. */
    public SshPublicKey publicKey() {
        return new SshPublicKey(key.verifyKey(), comment);
    }

    /**
     * Reads the content of a private key file.
     *
     * @param content    the whole file; its caller overwrites it
     * @param passphrase asked only when the key is protected
     * @throws KeyFormatException when it is another kind of key or damaged, or the passphrase is wrong
     */
    public static SshPrivateKey parse(final byte[] content, final Passphrase passphrase) throws KeyFormatException {
        final byte[] body = SshArmor.remove(content);
        try {
            return decode(body, passphrase);
        } finally {
            Secrets.zero(body);
        }
    }

    /**
     * The content of a private key file, plain.
     *
     * @param randomness for the check number that the format begins with
     */
    public byte[] format(final Randomness randomness) {
        return envelope(NONE, NONE, new byte[0], section(randomness, PLAIN_BLOCK_BYTES));
    }

    /**
     * The content of a private key file, protected as {@code ssh-keygen} does it by default.
     *
     * @param passphrase at least one byte; its caller overwrites it
     * @param randomness for the salt and the check number
     */
    public byte[] format(final byte[] passphrase, final Randomness randomness) {
        if (passphrase.length == 0) {
            throw new IllegalArgumentException("an empty passphrase protects nothing");
        }
        final byte[] salt = randomness.bytes(SshKeyCipher.SALT_BYTES);
        final byte[] section = section(randomness, SshKeyCipher.BLOCK_BYTES);
        try (SshWriter options = new SshWriter()) {
            options.string(salt).u32(SshKeyCipher.DEFAULT_ROUNDS);
            final SshKeyCipher cipher = SshKeyCipher.AES256_CTR;
            final byte[] sealed = cipher.encrypt(section, passphrase, salt, SshKeyCipher.DEFAULT_ROUNDS);
            return envelope(cipher.sshName(), BCRYPT, options.bytes(), sealed);
        } finally {
            Secrets.zero(section);
        }
    }

    private static SshPrivateKey decode(final byte[] body, final Passphrase passphrase) throws KeyFormatException {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new KeyFormatException("not an OpenSSH private key of version 1", SshArmor.MAKE_ONE);
        }
        final SshReader in = new SshReader(body, MAGIC.length);
        final String cipherName = ascii(in.string());
        final String kdfName = ascii(in.string());
        final byte[] kdfOptions = in.string();
        final int keys = in.u32();
        if (keys != 1) {
            throw new KeyFormatException("keys in the file: expected=1 actual=" + keys, SshArmor.MAKE_ONE);
        }
        final VerifyKey verifyKey = SshPublicKey.decodeBlob(in.string());
        final byte[] stored = in.string();
        byte[] section = null;
        try {
            section = cipherName.equals(NONE)
                ? plainSection(in, kdfName, kdfOptions, stored)
                : decryptedSection(in, SshKeyCipher.named(cipherName), kdfName, kdfOptions, stored, passphrase);
            return decodeSection(section, verifyKey, cipherName.equals(NONE));
        } finally {
            Secrets.zero(section);
            Secrets.zero(stored);
        }
    }

    private static byte[] plainSection(final SshReader in, final String kdfName, final byte[] kdfOptions,
                                       final byte[] stored) throws KeyFormatException {
        if (!kdfName.equals(NONE) || kdfOptions.length != 0 || in.remaining() != 0
            || stored.length % PLAIN_BLOCK_BYTES != 0) {
            throw damaged();
        }
        return stored.clone();
    }

    private static byte[] decryptedSection(final SshReader in, final SshKeyCipher cipher, final String kdfName,
                                           final byte[] kdfOptions, final byte[] stored,
                                           final Passphrase passphrase) throws KeyFormatException {
        final SshReader options = new SshReader(kdfOptions, 0);
        if (!kdfName.equals(BCRYPT)) {
            throw damaged();
        }
        final byte[] salt = options.string();
        final int rounds = options.u32();
        if (rounds < 1 || rounds > SshKeyCipher.MAX_ROUNDS) {
            throw new KeyFormatException("bcrypt rounds out of range: expected=1.." + SshKeyCipher.MAX_ROUNDS
                + " actual=" + rounds, "protect the key anew with: ssh-keygen -p -a 24 -f FILE");
        }
        final byte[] tag = in.take(cipher.tagBytes());
        if (salt.length == 0 || options.remaining() != 0 || in.remaining() != 0
            || stored.length % SshKeyCipher.BLOCK_BYTES != 0) {
            throw damaged();
        }
        final byte[] secret = passphrase.ask();
        try {
            final byte[] section = secret.length == 0 ? null
                : cipher.decrypt(concatenate(stored, tag), secret, salt, rounds);
            if (section == null) {
                throw wrongPassphrase();
            }
            return section;
        } finally {
            Secrets.zero(secret);
        }
    }

    private static SshPrivateKey decodeSection(final byte[] section, final VerifyKey verifyKey, final boolean plain)
            throws KeyFormatException {
        if (section.length < 2 * CHECK_BYTES
            || !Arrays.equals(section, 0, CHECK_BYTES, section, CHECK_BYTES, 2 * CHECK_BYTES)) {
            throw plain ? damaged() : wrongPassphrase();
        }
        final SshReader in = new SshReader(section, 2 * CHECK_BYTES);
        SshPublicKey.requireType(ascii(in.string()));
        final byte[] inner = in.string();
        final byte[] pair = in.string();
        final String comment = new String(in.string(), StandardCharsets.UTF_8);
        final byte[] padding = in.take(in.remaining());
        try {
            return join(pair, inner, verifyKey, comment, padding);
        } finally {
            Secrets.zero(pair);
        }
    }

    private static SshPrivateKey join(final byte[] pair, final byte[] inner, final VerifyKey verifyKey,
                                      final String comment, final byte[] padding) throws KeyFormatException {
        for (int i = 0; i < padding.length; i++) {
            if (padding[i] != i + 1 || i >= SshKeyCipher.BLOCK_BYTES) {
                throw damaged();
            }
        }
        if (pair.length != SigningKey.SEED_BYTES + VerifyKey.BYTES || inner.length != VerifyKey.BYTES
            || !verifyKey.matches(inner, 0) || !verifyKey.matches(pair, SigningKey.SEED_BYTES)
            || !SshPublicKey.isOneLine(comment)) {
            throw damaged();
        }
        final byte[] seed = Arrays.copyOf(pair, SigningKey.SEED_BYTES);
        final SigningKey key = SigningKey.ofSeed(seed);
        Secrets.zero(seed);
        if (!key.verifyKey().equals(verifyKey)) {
            key.close();
            throw damaged();
        }
        return new SshPrivateKey(key, comment);
    }

    private byte[] section(final Randomness randomness, final int blockBytes) {
        final byte[] check = randomness.bytes(CHECK_BYTES);
        final byte[] seed = key.copyOfSeed();
        final byte[] pair = concatenate(seed, key.verifyKey().bytes());
        try (SshWriter out = new SshWriter()) {
            out.raw(check).raw(check).string(SshPublicKey.TYPE).string(key.verifyKey().bytes()).string(pair)
                .string(comment);
            for (byte pad = 1; out.size() % blockBytes != 0; pad++) {
                out.raw(new byte[] {pad});
            }
            return out.bytes();
        } finally {
            Secrets.zero(seed);
            Secrets.zero(pair);
        }
    }

    /** Overwrites the section. */
    private byte[] envelope(final String cipher, final String kdf, final byte[] kdfOptions, final byte[] section) {
        try (SshWriter out = new SshWriter()) {
            out.raw(MAGIC).string(cipher).string(kdf).string(kdfOptions).u32(1)
                .string(SshPublicKey.encodeBlob(key.verifyKey())).string(section);
            final byte[] body = out.bytes();
            final byte[] text = SshArmor.add(body);
            Secrets.zero(body);
            return text;
        } finally {
            Secrets.zero(section);
        }
    }

    private static byte[] concatenate(final byte[] first, final byte[] second) {
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String ascii(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static KeyFormatException damaged() {
        return new KeyFormatException("the private key is damaged", SshArmor.COPY_AGAIN);
    }

    private static KeyFormatException wrongPassphrase() {
        return new KeyFormatException("wrong passphrase", "try again; the key file was not changed");
    }

    /** Overwrites the key. */
    @Override
    public void close() {
        key.close();
    }

    /** Names the public key only. */
    @Override
    public String toString() {
        return "SshPrivateKey[" + publicKey().fingerprint() + "]";
    }
}
