package org.ztp.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Private key files: refused when group or others may touch them, and made for their owner alone (mode 0600). */
public final class SshKeyFiles {
    /** Longest private key file that is read: 64 KiB. */
    public static final int MAX_FILE_BYTES = 64 * 1024;
    /** What keys of any kind begin with. */
    static final String PEM = "-----BEGIN ";
    private static final Set<PosixFilePermission> OWNERS_OWN = EnumSet.of(PosixFilePermission.OWNER_READ,
        PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private SshKeyFiles() {
    }

    /**
     * Reads a private key file.
     *
     * @param file       an OpenSSH private key file that nobody but its owner may read or write
     * @param passphrase asked only when the key is protected
     * @throws IOException        when the file cannot be read
     * @throws KeyFormatException when its permissions are too open, it holds no Ed25519 key, or the passphrase is wrong
     */
    public static SshPrivateKey read(final Path file, final Passphrase passphrase)
            throws IOException, KeyFormatException {
        requireOwnersOwn(file);
        final byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE_BYTES + 1);
        }
        try {
            if (content.length > MAX_FILE_BYTES) {
                throw new KeyFormatException(file + " is too long for a private key: limit=" + MAX_FILE_BYTES
                    + " bytes", SshArmor.MAKE_ONE);
            }
            return SshPrivateKey.parse(content, passphrase);
        } catch (final KeyFormatException wrong) {
            throw wrong.getMessage().startsWith(file.toString()) ? wrong
                : new KeyFormatException(file + ": " + wrong.getMessage(), wrong.hint());
        } finally {
            Secrets.zero(content);
        }
    }

    /**
     * Writes a key pair: {@code file} (mode 0600) and {@code file.pub} (mode 0644). Neither may exist. Both are on disk
     * when this returns; after a crash in between, the private file may be there without the other, which
     * {@code ssh-keygen -y -f} makes again.
     *
     * @param passphrase protects the private key; empty for none; its caller overwrites it
     * @throws FileAlreadyExistsException when one of the files exists; nothing is overwritten
     * @throws IOException                when a file cannot be written; then neither is left behind
     */
    public static void write(final Path file, final SshPrivateKey key, final byte[] passphrase,
                             final Randomness randomness) throws IOException {
        final Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        if (Files.exists(publicFile)) {
            throw new FileAlreadyExistsException(publicFile.toString());
        }
        final byte[] content = passphrase.length == 0 ? key.format(randomness) : key.format(passphrase, randomness);
        try {
            writeOwnersOwn(file, content);
        } finally {
            Secrets.zero(content);
        }
        try {
            writeNew(publicFile, (key.publicKey().format() + "\n").getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        } catch (final IOException failed) {
            Files.delete(file);
            throw failed;
        }
    }

    /**
     * Refuses a file with private material that group or others may read, write or run.
     *
     * @throws IOException        when the permissions cannot be read
     * @throws KeyFormatException when they are too open
     */
    private static void requireOwnersOwn(final Path file) throws IOException, KeyFormatException {
        final var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            throw new KeyFormatException(file + " is on a file system without POSIX permissions",
                "keep private keys where only you can read them");
        }
        final Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (!OWNERS_OWN.containsAll(permissions)) {
            throw new KeyFormatException(file + " is open to others: expected=rw------- actual="
                + PosixFilePermissions.toString(permissions), "chmod 600 " + file);
        }
    }

    /**
     * Writes what only its owner may read, mode 0600 from the first byte. It is on disk when this returns.
     *
     * @throws FileAlreadyExistsException when the file exists; nothing is overwritten
     * @throws IOException                when it cannot be written
     */
    public static void writeOwnersOwn(final Path file, final byte[] content) throws IOException {
        writeNew(file, content, "rw-------");
    }

    private static void writeNew(final Path file, final byte[] content, final String mode) throws IOException {
        final var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            final ByteBuffer buffer = ByteBuffer.wrap(content);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            } catch (final IOException failed) {
                Files.delete(file);
                throw failed;
            }
        }
    }

    /**
     * Whether a text that was taken for something else may be a key, which no error must quote.
     *
     * @param text all of it
     * @return also if it merely has such a line
     */
    public static boolean mayBeKey(final String text) {
        return text.contains(PEM);
    }
}
