package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.BCrypt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private key files, against files that OpenSSH 9.2 wrote and against the {@code ssh-keygen} of this machine. */
class SshPrivateKeyTest {
    private static final String PASSPHRASE = "correct horse";
    private static final byte[] NO_PASSPHRASE = new byte[0];

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "plain, SHA256:CNmEZYgNiA/SQu7+XesdJ1NM7FTbB9p6CjEfk+UjkGo",
        "ctr, SHA256:u22S972tUhWkcPFw80rO8ej0qmAxmRQTFyMZJ84HkDA",
        "gcm, SHA256:u5m5DrJ6YxFRUxatcJ75LI2m/VGrDDQQdsxh/z6kVUo",
    })
    void filesOfSshKeygenAreRead(final String name, final String fingerprint) throws KeyFormatException {
        try (SshPrivateKey key = SshPrivateKey.parse(golden(name), () -> utf8(PASSPHRASE))) {
            assertEquals(fingerprint, key.publicKey().fingerprint());
            assertEquals("golden " + name, key.comment());
            final byte[] message = utf8("message");
            assertTrue(key.publicKey().key().verify(key.key().sign(message), message));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctr", "gcm"})
    void aWrongPassphraseIsNamed(final String name) {
        for (final String wrong : new String[] {"correct horsf", ""}) {
            assertEquals("wrong passphrase", assertThrows(KeyFormatException.class,
                () -> SshPrivateKey.parse(golden(name), () -> utf8(wrong))).getMessage());
        }
        assertEquals("the private key is protected by a passphrase", assertThrows(KeyFormatException.class,
            () -> SshPrivateKey.parse(golden(name), Passphrase.none())).getMessage());
    }

    @Test
    void noChangedByteOfABodyGetsThrough() throws KeyFormatException {
        final byte[] body = SshArmor.remove(golden("plain"));
        final SshPrivateKey original = SshPrivateKey.parse(golden("plain"), Passphrase.none());
        int accepted = 0;
        for (int i = 0; i < body.length; i++) {
            final byte[] changed = body.clone();
            changed[i] ^= 1;
            try {
                final SshPrivateKey key = SshPrivateKey.parse(SshArmor.add(changed), Passphrase.none());
                assertEquals(original.key().verifyKey(), key.key().verifyKey());
                accepted++;
            } catch (final KeyFormatException refused) {
                assertFalse(refused.getMessage().isBlank());
            }
        }
        assertEquals("golden plain".length(), accepted, "only a changed comment is still a key file");
    }

    @Test
    void everyPrefixOfAFileIsRefused() {
        final byte[] content = golden("plain");
        final int whole = new String(content, StandardCharsets.US_ASCII).stripTrailing().length();
        for (int length = 0; length < whole; length++) {
            final byte[] prefix = Arrays.copyOf(content, length);
            assertThrows(KeyFormatException.class, () -> SshPrivateKey.parse(prefix, Passphrase.none()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "-----BEGIN RSA PRIVATE KEY----- | not an OpenSSH private key, but another kind of PEM file",
        "ssh-ed25519 AAAA | a public key where a private key is needed",
        "hello | not an OpenSSH private key",
    })
    void otherFilesAreNamed(final String content, final String message) {
        assertEquals(message, assertThrows(KeyFormatException.class,
            () -> SshPrivateKey.parse(utf8(content), Passphrase.none())).getMessage());
    }

    @Test
    void writesWhatItReads() throws IOException, KeyFormatException {
        final SshPrivateKey key = key(1);
        final Path plain = directory.resolve("plain");
        SshKeyFiles.write(plain, key, NO_PASSPHRASE, new SeededRandomness(2));
        assertArrayEquals(key.key().copyOfSeed(), SshKeyFiles.read(plain, Passphrase.none()).key().copyOfSeed());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)));
        assertEquals(key.publicKey(), SshPublicKey.read(directory.resolve("plain.pub")));

        final Path sealed = directory.resolve("sealed");
        SshKeyFiles.write(sealed, key, utf8(PASSPHRASE), new SeededRandomness(3));
        assertArrayEquals(key.key().copyOfSeed(),
            SshKeyFiles.read(sealed, () -> utf8(PASSPHRASE)).key().copyOfSeed());
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        final Path file = directory.resolve("id");
        Files.writeString(file, "mine");
        assertThrows(FileAlreadyExistsException.class,
            () -> SshKeyFiles.write(file, key(1), NO_PASSPHRASE, new SeededRandomness(2)));
        assertEquals("mine", Files.readString(file));
        final Path other = directory.resolve("other");
        Files.writeString(directory.resolve("other.pub"), "mine");
        assertThrows(FileAlreadyExistsException.class,
            () -> SshKeyFiles.write(other, key(1), NO_PASSPHRASE, new SeededRandomness(2)));
        assertFalse(Files.exists(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
    void aFileThatOthersMayTouchIsRefused(final String mode) throws IOException {
        final Path file = directory.resolve("open");
        Files.write(file, golden("plain"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        final KeyFormatException refused =
            assertThrows(KeyFormatException.class, () -> SshKeyFiles.read(file, Passphrase.none()));
        assertTrue(refused.getMessage().contains("is open to others"), refused.getMessage());
        assertEquals("chmod 600 " + file, refused.hint());
    }

    @Test
    void anErrorNamesTheFile() throws IOException {
        final Path file = directory.resolve("id");
        Files.writeString(file, "hello");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals(file + ": not an OpenSSH private key", assertThrows(KeyFormatException.class,
            () -> SshKeyFiles.read(file, Passphrase.none())).getMessage());
        Files.write(file, new byte[SshKeyFiles.MAX_FILE_BYTES + 1]);
        assertTrue(assertThrows(KeyFormatException.class,
            () -> SshKeyFiles.read(file, Passphrase.none())).getMessage().contains("too long"));
    }

    @Test
    void roundsWithoutLimitAreRefused() {
        try (SshWriter options = new SshWriter(); SshWriter out = new SshWriter()) {
            options.string(new byte[16]).u32(1_000_000);
            out.raw(utf8("openssh-key-v1\0")).string("aes256-ctr").string("bcrypt").string(options.bytes()).u32(1)
                .string(SshPublicKey.encodeBlob(key(1).key().verifyKey())).string(new byte[160]);
            assertTrue(assertThrows(KeyFormatException.class,
                () -> SshPrivateKey.parse(SshArmor.add(out.bytes()), () -> utf8("x"))).getMessage()
                .startsWith("bcrypt rounds out of range"));
        }
    }

    /** The first vector of OpenBSD's regress test of bcrypt_pbkdf. */
    @Test
    void bcryptPbkdfIsThatOfOpenBsd() {
        assertEquals("5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9",
            HexFormat.of().formatHex(BCrypt.pbkdfGenerate(utf8("password"), utf8("salt"), 4, 32)));
    }

    @Test
    void sshKeygenReadsWhatIsWritten() throws IOException, InterruptedException {
        requireSshKeygen();
        final SshPrivateKey key = key(4);
        for (final String passphrase : new String[] {"", PASSPHRASE}) {
            final Path file = directory.resolve("written" + passphrase.length());
            SshKeyFiles.write(file, key, utf8(passphrase), new SeededRandomness(5));
            assertEquals(key.publicKey().format(), run("ssh-keygen", "-y", "-P", passphrase, "-f", file.toString()));
            assertTrue(run("ssh-keygen", "-l", "-f", file + ".pub").contains(key.publicKey().fingerprint()));
        }
    }

    @Test
    void whatSshKeygenWritesIsRead() throws IOException, InterruptedException, KeyFormatException {
        requireSshKeygen();
        for (final String passphrase : new String[] {"", PASSPHRASE}) {
            final Path file = directory.resolve("made" + passphrase.length());
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "made here", "-f", file.toString());
            final SshPrivateKey key = SshKeyFiles.read(file, () -> utf8(passphrase));
            assertEquals(SshPublicKey.read(directory.resolve(file.getFileName() + ".pub")), key.publicKey());
        }
    }

    private static void requireSshKeygen() {
        Assumptions.assumeTrue(Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "ssh-keygen"))), "no ssh-keygen on the PATH");
    }

    private static String run(final String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.stripTrailing();
    }

    private static SshPrivateKey key(final long seed) {
        return new SshPrivateKey(SigningKey.generate(new SeededRandomness(seed)), "someone@somewhere");
    }

    private static byte[] golden(final String name) {
        try (var in = SshPrivateKeyTest.class.getResourceAsStream(name + ".key.txt")) {
            return in.readAllBytes();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
