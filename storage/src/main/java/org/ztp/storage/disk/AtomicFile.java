package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes small files as a whole: after a crash the file has its old content or its new, never a part.
 *
 * <p>The bytes go to a temporary file beside it, are forced, then renamed, then the directory is forced. The temporary
 * file is created with its final permissions, so private bytes are never readable by others.
 */
public final class AtomicFile {
    /** Owner reads and writes: 0600. */
    public static final Set<PosixFilePermission> OWNER_ONLY =
        Set.copyOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    /** Owner writes, all read: 0644. */
    public static final Set<PosixFilePermission> WORLD_READABLE =
        Set.copyOf(PosixFilePermissions.fromString("rw-r--r--"));

    private AtomicFile() {
    }

    /**
     * Writes a file in the place of one that may exist.
     *
     * @param file        its directory must exist
     * @param bytes       all of its content
     * @param permissions of the file, whatever the process's umask is
     */
    public static void write(final Path file, final byte[] bytes, final Set<PosixFilePermission> permissions) {
        final Path directory = file.toAbsolutePath().getParent();
        try {
            final Path temporary = Files.createTempFile(directory, '.' + file.getFileName().toString(), ".tmp");
            try {
                writeForced(temporary, bytes, permissions);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (final IOException e) {
            throw FileDisk.failed("write", file, e);
        }
        new FileDisk(directory).forceDirectory("");
    }

    /** {@code createTempFile} has made it 0600. */
    private static void writeForced(final Path file, final byte[] bytes, final Set<PosixFilePermission> permissions)
        throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                channel.write(source);
            }
            Files.setPosixFilePermissions(file, permissions);
            channel.force(true);
        }
    }
}
