package org.ztp.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.ztp.crypto.SshKeyFiles;

/**
 * A small private file that one command has to itself as long as it runs: it holds a lock on it, and the file is there
 * whole or not at all. On a file system without locks two commands may have it, and each deletes no other's.
 */
final class RequestFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    /** Names what the channel is open on, which nothing else can be while it is open. */
    private final Object inode;

    private RequestFile(final Path file, final FileChannel channel, final Object inode) {
        this.file = file;
        this.channel = channel;
        this.inode = inode;
    }

    /**
     * Takes a file, if it is there. Another command that has it ends this one.
     *
     * @throws IOException if it cannot be read
     */
    static Optional<RequestFile> take(final Path file) throws IOException {
        while (true) {
            try {
                final Object inode = inode(file);
                final RequestFile opened = open(file, file, inode);
                if (opened.isThere()) {
                    return Optional.of(opened);
                }
                opened.close();
            } catch (final NoSuchFileException none) {
                return Optional.empty();
            }
        }
    }

    /**
     * Makes a file in the place of one that no command has any more. Another command that has it, or makes it just now,
     * ends this one.
     *
     * @throws IOException if it cannot be written
     */
    static RequestFile make(final Path file, final byte[] content) throws IOException {
        final Optional<RequestFile> old = take(file);
        if (old.isPresent()) {
            try (RequestFile left = old.get()) {
                left.delete();
            }
        }
        final Path whole = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        SshKeyFiles.writeOwnersOwn(whole, content);
        try {
            final RequestFile made = open(file, whole, inode(whole));
            try {
                put(whole, file);
                return made;
            } catch (final IOException | CommandException failed) {
                made.close();
                throw failed;
            }
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Gives it its name, which no other has then. */
    private static void put(final Path whole, final Path file) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (final FileAlreadyExistsException other) {
            throw taken(file);
        } catch (final FileSystemException | UnsupportedOperationException noLinks) {
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static RequestFile open(final Path file, final Path name, final Object inode) throws IOException {
        final FileChannel channel = open(name);
        try {
            if (!isFree(channel)) {
                throw taken(file);
            }
        } catch (final CommandException failed) {
            channel.close();
            throw failed;
        }
        return new RequestFile(file, channel, inode);
    }

    /** Of a file that somebody else put there, with a mode that lets nobody write, there is no lock. */
    private static FileChannel open(final Path name) throws IOException {
        try {
            return FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (final AccessDeniedException readOnly) {
            return FileChannel.open(name, StandardOpenOption.READ);
        }
    }

    /** Locks it; false if another command has done so. */
    private static boolean isFree(final FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (final OverlappingFileLockException here) {
            return false;
        } catch (final IOException | NonWritableChannelException noLocks) {
            return true;
        }
    }

    private static CommandException taken(final Path file) {
        return new CommandException(Exit.UNAVAILABLE, "another ztp request is under way for the same output: " + file,
            "wait until it has ended, or give another name with --out");
    }

    private static Object inode(final Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private boolean isThere() throws IOException {
        try {
            return Objects.equals(inode, inode(file));
        } catch (final NoSuchFileException gone) {
            return false;
        }
    }

    /**
     * What it holds.
     *
     * @param limit most bytes
     */
    byte[] read(final int limit) throws IOException {
        final ByteBuffer content = ByteBuffer.allocate(limit);
        int position = 0;
        for (int read = 0; read >= 0 && content.hasRemaining(); position += Math.max(0, read)) {
            read = channel.read(content, position);
        }
        return Arrays.copyOf(content.array(), position);
    }

    /** Deletes it, if it is still there. */
    void delete() throws IOException {
        if (isThere()) {
            Files.deleteIfExists(file);
        }
    }

    /** Gives it up to others. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
