package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.ztp.storage.StorageException;

/**
 * Makes this process the only owner of a directory until it closes the lock or dies.
 *
 * <p>The lock is one of the operating system on the file {@value #FILE_NAME}, which holds the owner's process id and
 * the boot id of its kernel for others to know, and stays when the lock is released: deleting it would let two
 * processes lock two files of the same name. Locks of POSIX belong to the process and vanish when any descriptor of the
 * file is closed, so owners inside one JVM are told apart by a set of paths, before the file is opened at all.
 */
public final class DirectoryLock implements AutoCloseable {
    /** The file in the directory that is locked. */
    public static final String FILE_NAME = "LOCK";

    private static final int OWNER_BYTES_MAX = 96;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Set<Path> LOCKED_HERE = new HashSet<>();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(final Path directory, final FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory.
     *
     * @param directory it must exist
     * @return the lock, to be held until close
     * @throws StorageException when another owner, named in the message, has it
     */
    public static DirectoryLock acquire(final Path directory) {
        try {
            final Path real = directory.toRealPath();
            synchronized (LOCKED_HERE) {
                if (LOCKED_HERE.contains(real)) {
                    throw taken(directory, "pid " + ProcessHandle.current().pid() + " (this process)");
                }
                final DirectoryLock lock = lock(real);
                LOCKED_HERE.add(real);
                return lock;
            }
        } catch (final IOException e) {
            throw FileDisk.failed("lock", directory, e);
        }
    }

    /**
     * Whether somebody owns a directory now. Nothing is written; an owner that comes while this looks may be refused.
     *
     * @param directory which
     * @return false also when there is no such directory
     */
    public static boolean isHeld(final Path directory) {
        final Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return false;
        }
        try {
            synchronized (LOCKED_HERE) {
                return LOCKED_HERE.contains(directory.toRealPath()) || isLocked(file);
            }
        } catch (final IOException e) {
            throw FileDisk.failed("look at the lock of", directory, e);
        }
    }

    /** Whether a directory has, or ever had, an owner. */
    public static boolean hadOwner(final Path directory) {
        return Files.exists(directory.resolve(FILE_NAME));
    }

    /**
     * Whether the last owner of a directory ran under this kernel, so that a lock that is free tells that it has ended.
     *
     * @param directory which
     * @return false also when there never was an owner, or this system has no boot id
     */
    public static boolean wasHeldUnderThisKernel(final Path directory) {
        try {
            return !kernel().isEmpty() && hadOwner(directory)
                && Files.readString(directory.resolve(FILE_NAME)).strip().endsWith(" " + kernel());
        } catch (final IOException e) {
            throw FileDisk.failed("look at the lock of", directory, e);
        }
    }

    /**
     * The boot id of the kernel that this process runs under, another one after each start of the machine; empty if this
     * system has none.
     */
    public static String kernel() throws IOException {
        return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "";
    }

    private static boolean isLocked(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
             FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return shared == null;
        }
    }

    private static DirectoryLock lock(final Path directory) throws IOException {
        final FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME),
            StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            final FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(directory, "pid " + readOwner(channel));
            }
            writeOwner(channel);
            return new DirectoryLock(directory, channel);
        } catch (final IOException | StorageException e) {
            channel.close();
            throw e;
        }
    }

    private static StorageException taken(final Path directory, final String owner) {
        return new StorageException(StorageException.Kind.IO, "directory is in use: " + directory + " owner=" + owner);
    }

    private static String readOwner(final FileChannel channel) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(OWNER_BYTES_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim().split(" ")[0];
    }

    private static void writeOwner(final FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(((ProcessHandle.current().pid() + " " + kernel()).strip() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    @Override
    public void close() {
        synchronized (LOCKED_HERE) {
            try {
                channel.close();
            } catch (final IOException e) {
                throw FileDisk.failed("unlock", directory, e);
            } finally {
                LOCKED_HERE.remove(directory);
            }
        }
    }

    @Override
    public String toString() {
        return "lock of " + directory;
    }
}
