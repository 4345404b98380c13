package org.ztp.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.Passphrase;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPrivateKey;

/** Reads a user's private key, asking for its passphrase on the terminal if it has one. */
final class KeyFile {
    private KeyFile() {
    }

    /** The key; its caller closes it. */
    static SshPrivateKey read(final Path file) throws IOException {
        try {
            return SshKeyFiles.read(file, passphrase(file));
        } catch (final KeyFormatException unusable) {
            throw new CommandException(Exit.USAGE, unusable.getMessage(), unusable.hint());
        }
    }

    private static Passphrase passphrase(final Path file) {
        final Console console = System.console();
        return console == null ? Passphrase.none() : () -> {
            final char[] typed = console.readPassword("Passphrase of %s: ", file);
            if (typed == null) {
                throw new KeyFormatException("no passphrase was given for " + file, "type it when asked");
            }
            return utf8(typed);
        };
    }

    /** The bytes of a passphrase; the characters are overwritten. */
    static byte[] utf8(final char[] typed) {
        final ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        final byte[] bytes = Arrays.copyOf(encoded.array(), encoded.limit());
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(typed, '\0');
        return bytes;
    }
}
