package org.ztp.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of {@code .pub} files. */
class SshPublicKeyTest {
    private static final String BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAINb+84s1jRZpYjYQTNU84VI48uXpFrJb3wT9dS9n5SrQ";
    private static final String LINE = "ssh-ed25519 " + BLOB + " golden plain";

    @Test
    void aLineOfSshKeygenIsReadAndWrittenBack() throws KeyFormatException {
        final SshPublicKey key = SshPublicKey.parse(LINE);
        assertEquals("golden plain", key.comment());
        assertEquals(LINE, key.format());
        assertEquals("SHA256:CNmEZYgNiA/SQu7+XesdJ1NM7FTbB9p6CjEfk+UjkGo", key.fingerprint());
    }

    @Test
    void aLineNeedsNoComment() throws KeyFormatException {
        assertEquals("ssh-ed25519 " + BLOB, SshPublicKey.parse("ssh-ed25519 " + BLOB).format());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ== me | key type: expected=ssh-ed25519 actual=ssh-rsa",
        "ecdsa-sha2-nistp256 AAAA me | key type: expected=ssh-ed25519 actual=ecdsa-sha2-nistp256",
        "sk-ssh-ed25519@openssh.com AAAA | key type: expected=ssh-ed25519 actual=sk-ssh-ed25519@openssh.com",
        "'' | not a public key: it does not start with ssh-ed25519",
        "from=host ssh-ed25519 AAAA | not a public key: it does not start with ssh-ed25519",
        "ssh-ed25519 | the key is missing after ssh-ed25519",
        "ssh-ed25519 AA*A me | the key is not base64: Illegal base64 character 2a",
        "ssh-ed25519 AAAB me | the key is truncated",
        "ssh-ed25519 /////w== me | the key is truncated",
        "ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQAB me | key type: expected=ssh-ed25519 actual=ssh-rsa",
    })
    void whatIsNoKeyIsNamed(final String line, final String message) {
        final KeyFormatException wrong = assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(line));
        assertEquals(message, wrong.getMessage());
        assertFalse(wrong.hint().isBlank());
    }

    @Test
    void everyPrefixAndExtensionOfABlobIsRefused() {
        final byte[] blob = Base64.getDecoder().decode(BLOB);
        for (int length = 0; length < blob.length; length++) {
            final String line = lineOf(Arrays.copyOf(blob, length));
            assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(line), "length " + length);
        }
        final String longer = lineOf(Arrays.copyOf(blob, blob.length + 1));
        assertEquals("the key has 1 trailing bytes",
            assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(longer)).getMessage());
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        try (SshWriter out = new SshWriter()) {
            final String line = lineOf(out.string("ssh-ed25519").string(new byte[31]).bytes());
            assertEquals("key length: expected=32 actual=31",
                assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(line)).getMessage());
        }
    }

    @Test
    void controlCharactersAndLongLinesAreRefused() {
        assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(LINE + "\n"));
        assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(LINE + "\u001b[31m"));
        assertThrows(KeyFormatException.class, () -> SshPublicKey.parse(LINE + "x".repeat(5000)));
    }

    @Test
    void aFileHoldsOneLine(@TempDir final Path directory) throws IOException, KeyFormatException {
        final Path file = directory.resolve("id.pub");
        Files.writeString(file, LINE + "\n");
        assertEquals(LINE, SshPublicKey.read(file).format());
        Files.writeString(file, LINE + "\n" + LINE + "\n");
        assertThrows(KeyFormatException.class, () -> SshPublicKey.read(file));
        Files.writeString(file, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
        assertTrue(assertThrows(KeyFormatException.class, () -> SshPublicKey.read(file)).hint().contains(".pub"));
    }

    private static String lineOf(final byte[] blob) {
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob);
    }
}
