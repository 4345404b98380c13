package org.ztp.privacy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.ztp.privacy.SharingException.Kind;

/**
 * A file that appears whole or not at all: written beside its place under another name and only for its owner (0600),
 * then synced and renamed. Several threads may write to it. Closed without {@link #commit()} it leaves nothing.
 */
public final class OutputFile implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;
    /** So much is written between two syncs: the disk works while the rest is decrypted, and little is left at the end. */
    private static final long SYNC_BYTES = 64 << 20;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final AtomicLong written = new AtomicLong();

    private OutputFile(final Path target, final Path temporary, final FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Begins a file; what is there already stays until the new one is complete.
     *
     * @throws SharingException when it could not be written there
     */
    public static OutputFile create(final Path target) throws SharingException {
        final Path place = target.toAbsolutePath();
        if (Files.isDirectory(place) || place.getFileName() == null) {
            throw new SharingException(Kind.BAD_INPUT, target + " is a directory", "give the name of a file in it");
        }
        if (!Files.isDirectory(place.getParent())) {
            throw new SharingException(Kind.BAD_INPUT, place.getParent() + " is no directory", "make it first");
        }
        try {
            final Path temporary = Files.createTempFile(place.getParent(), "." + place.getFileName() + ".", ".part");
            temporary.toFile().deleteOnExit(); // when a signal ends the process, nobody closes this
            return new OutputFile(place, temporary, FileChannel.open(temporary, StandardOpenOption.WRITE));
        } catch (final IOException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    /** Writes bytes at a position. */
    void write(final long position, final byte[] bytes, final int length) throws SharingException {
        try {
            int done = 0;
            while (done < length) {
                final int piece = Math.min(PIECE_BYTES, length - done);
                done += channel.write(ByteBuffer.wrap(bytes, done, piece), position + done);
            }
            final long after = written.addAndGet(length);
            if (after / SYNC_BYTES > (after - length) / SYNC_BYTES) {
                channel.force(false);
            }
        } catch (final IOException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    /** Puts the file in its place; it is durable there, under its name, when this returns. */
    void commit() throws SharingException {
        try {
            channel.force(true);
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(target.getParent())) {
                directory.force(true);
            }
        } catch (final IOException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    @Override
    public void close() throws SharingException {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (final IOException failed) {
            throw new SharingException(Kind.IO, temporary + " cannot be removed: " + failed.getMessage(),
                "remove it by hand: it holds a part of the data", failed);
        }
    }
}
