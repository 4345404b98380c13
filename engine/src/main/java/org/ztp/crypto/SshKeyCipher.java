package org.ztp.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.bouncycastle.crypto.generators.BCrypt;

/**
 * How the private section of an OpenSSH key file is encrypted: AES-256 with a key and an initial vector that
 * bcrypt_pbkdf (OpenBSD) makes from the passphrase, a salt and a number of rounds.
 */
enum SshKeyCipher {
    /** What {@code ssh-keygen} writes by default. */
    AES256_CTR("aes256-ctr", "AES/CTR/NoPadding", 16, 0),
    /** What {@code ssh-keygen -Z aes256-gcm@openssh.com} writes; a tag of 16 bytes follows the section. */
    AES256_GCM("aes256-gcm@openssh.com", "AES/GCM/NoPadding", 12, 16);

    static final int BLOCK_BYTES = 16;
    static final int SALT_BYTES = 16;
    /** What recent versions of {@code ssh-keygen} use. */
    static final int DEFAULT_ROUNDS = 24;
    /** Each round costs some 10 ms: a file cannot make its reader work longer than about a minute. */
    static final int MAX_ROUNDS = 4096;
    private static final int KEY_BYTES = 32;

    private final String sshName;
    private final String transformation;
    private final int ivBytes;
    private final int tagBytes;

    SshKeyCipher(final String sshName, final String transformation, final int ivBytes, final int tagBytes) {
        this.sshName = sshName;
        this.transformation = transformation;
        this.ivBytes = ivBytes;
        this.tagBytes = tagBytes;
    }

    String sshName() {
        return sshName;
    }

    int tagBytes() {
        return tagBytes;
    }

    static SshKeyCipher named(final String name) throws KeyFormatException {
        return Arrays.stream(values()).filter(cipher -> cipher.sshName.equals(name)).findFirst().orElseThrow(
            () -> new KeyFormatException("the private key is encrypted with a cipher that is not supported",
                "protect it anew with: ssh-keygen -p -Z aes256-ctr -f FILE"));
    }

    /** Encrypts a whole section; for GCM the tag follows. */
    byte[] encrypt(final byte[] section, final byte[] passphrase, final byte[] salt, final int rounds) {
        try {
            return run(Cipher.ENCRYPT_MODE, section, passphrase, salt, rounds);
        } catch (final GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no " + transformation, impossible);
        }
    }

    /** Decrypts a whole section, for GCM with the tag behind it; null when the tag does not fit. */
    byte[] decrypt(final byte[] section, final byte[] passphrase, final byte[] salt, final int rounds) {
        try {
            return run(Cipher.DECRYPT_MODE, section, passphrase, salt, rounds);
        } catch (final AEADBadTagException wrongPassphrase) {
            return null;
        } catch (final GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no " + transformation, impossible);
        }
    }

    private byte[] run(final int mode, final byte[] section, final byte[] passphrase, final byte[] salt,
                       final int rounds) throws GeneralSecurityException {
        final byte[] derived = BCrypt.pbkdfGenerate(passphrase, salt, rounds, KEY_BYTES + ivBytes);
        final RawKey key = new RawKey(derived, 0, KEY_BYTES, "AES");
        try {
            final Cipher cipher = Cipher.getInstance(transformation);
            cipher.init(mode, key, parameters(derived));
            return cipher.doFinal(section);
        } finally {
            key.destroy();
            Secrets.zero(derived);
        }
    }

    private AlgorithmParameterSpec parameters(final byte[] derived) {
        return tagBytes == 0
            ? new IvParameterSpec(derived, KEY_BYTES, ivBytes)
            : new GCMParameterSpec(tagBytes * Byte.SIZE, derived, KEY_BYTES, ivBytes);
    }
}
