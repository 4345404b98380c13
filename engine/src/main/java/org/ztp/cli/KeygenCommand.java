package org.ztp.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp keygen}. */
@Command(name = "keygen", mixinStandardHelpOptions = true,
    description = "Make an OpenSSH ed25519 key pair: FILE and FILE.pub. Existing ones of ssh-keygen serve as they are.")
final class KeygenCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Parameters(paramLabel = "FILE", description = "The private key's file; must not exist.")
    private Path file;
    @Option(names = "--comment", paramLabel = "TEXT", description = "Whose key it is (default: the user's name).")
    private String comment;
    @Option(names = "--passphrase", description = "Ask for a passphrase that protects the private key.")
    private boolean protect;

    @Override
    public Integer call() throws IOException {
        final byte[] passphrase = protect ? askTwice() : new byte[0];
        final SystemRandomness randomness = new SystemRandomness();
        final String name = comment != null ? comment : System.getProperty("user.name", "");
        try (SshPrivateKey key = new SshPrivateKey(SigningKey.generate(randomness), name)) {
            SshKeyFiles.write(file, key, passphrase, randomness);
            common.result(Map.of("file", file, "public", key.publicKey().format(),
                "fingerprint", key.publicKey().fingerprint()), key.publicKey().format());
            return Exit.DONE.code();
        } catch (final FileAlreadyExistsException exists) {
            throw new CommandException(Exit.USAGE, exists.getMessage() + " exists already", "choose another name");
        } catch (final IllegalArgumentException badComment) {
            throw new CommandException(Exit.USAGE, badComment.getMessage(), "");
        } finally {
            Secrets.zero(passphrase);
        }
    }

    private static byte[] askTwice() {
        final Console console = System.console();
        if (console == null) {
            throw new CommandException(Exit.USAGE, "a passphrase can only be asked for on a terminal",
                "leave --passphrase out, or use ssh-keygen -t ed25519");
        }
        final char[] first = console.readPassword("Passphrase: ");
        final char[] second = console.readPassword("The same again: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw new CommandException(Exit.USAGE, "the passphrases differ", "try again");
        }
        Arrays.fill(second, '\0');
        return KeyFile.utf8(first);
    }
}
