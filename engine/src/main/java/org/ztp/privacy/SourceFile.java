package org.ztp.privacy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.ztp.privacy.SharingException.Kind;

/**
 * The file that is published: read at any position by several threads, and held to what it was when it was opened.
 * Whether it changed meanwhile is told by its size, time and identity; reads are cut into pieces because the JDK keeps
 * a direct buffer of the size of the largest read for each thread.
 */
final class SourceFile implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;

    private final Path path;
    private final FileChannel channel;
    private final BasicFileAttributes before;

    private SourceFile(final Path path, final FileChannel channel, final BasicFileAttributes before) {
        this.path = path;
        this.channel = channel;
        this.before = before;
    }

    static SourceFile open(final Path path) throws SharingException {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw refused(path, attributes.isDirectory() ? "is a directory" : "is not a regular file",
                    "publish one file; pack a directory with tar first");
            }
            if (attributes.size() == 0) {
                throw refused(path, "is empty", "there is nothing to share in an empty file");
            }
            return new SourceFile(path, FileChannel.open(path), attributes);
        } catch (final NoSuchFileException missing) {
            throw refused(path, "does not exist", "check the path");
        } catch (final AccessDeniedException denied) {
            throw refused(path, "may not be read by this user", "check who may read it");
        } catch (final IOException unreadable) {
            throw new SharingException(Kind.BAD_INPUT, path + " cannot be read: " + unreadable.getMessage(),
                "check who may read it", unreadable);
        }
    }

    long size() {
        return before.size();
    }

    /** Reads exactly {@code length} bytes from {@code position} on. */
    void read(final long position, final byte[] into, final int length) throws SharingException {
        try {
            int done = 0;
            while (done < length) {
                final int piece = Math.min(PIECE_BYTES, length - done);
                final int read = channel.read(ByteBuffer.wrap(into, done, piece), position + done);
                if (read < 0) {
                    throw changed("ended at " + (position + done));
                }
                done += read;
            }
        } catch (final IOException failed) {
            throw new SharingException(Kind.IO, path + " cannot be read at " + position + ": " + failed.getMessage(),
                "check the file system", failed);
        }
    }

    /** Fails if the file is not what it was when it was opened. */
    void checkUnchanged() throws SharingException {
        try {
            final BasicFileAttributes after = Files.readAttributes(path, BasicFileAttributes.class);
            if (after.size() != before.size() || channel.size() != before.size()) {
                throw changed("size " + after.size());
            }
            if (!after.lastModifiedTime().equals(before.lastModifiedTime())
                || !String.valueOf(after.fileKey()).equals(String.valueOf(before.fileKey()))) {
                throw changed("modified " + after.lastModifiedTime());
            }
        } catch (final IOException gone) {
            throw changed("gone");
        }
    }

    private SharingException changed(final String how) {
        return refused(path, "changed while it was read: expected size " + before.size() + ", modified "
            + before.lastModifiedTime() + ", found " + how, "publish it when nobody writes to it, or publish a copy");
    }

    private static SharingException refused(final Path path, final String what, final String hint) {
        return new SharingException(Kind.BAD_INPUT, path + " " + what, hint);
    }

    @Override
    public void close() throws SharingException {
        try {
            channel.close();
        } catch (final IOException failed) {
            throw new SharingException(Kind.IO, path + " cannot be closed: " + failed.getMessage(),
                "check the file system", failed);
        }
    }
}
