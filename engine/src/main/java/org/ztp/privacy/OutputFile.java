package org.ztp.privacy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;

/**
 * A file that appears whole or not at all: written beside its place under another name and only for its owner (0600),
 * then synced and renamed. Several threads may write to it. Large writes of whole blocks go past the page cache, where the
 * file system lets them. Closed without {@link #commit()} it leaves nothing.
 */
public final class OutputFile implements AutoCloseable {
    /** No block of the file is written both past the cache and through it, by two threads at once. */
    private static final int BLOCK_BYTES = 4096;
    /** So much is written between two syncs: the disk works while the rest is decrypted, and little is left at the end. */
    private static final long SYNC_BYTES = 64 << 20;

    private final Path target;
    private final Path temporary;
    private final FileDisk disk;
    private final DiskFile file;
    private final AtomicLong written = new AtomicLong();

    private OutputFile(final Path target, final Path temporary) {
        this.target = target;
        this.temporary = temporary;
        disk = new FileDisk(target.getParent(), PastCache.AUTO);
        file = disk.open(temporary.getFileName().toString(), Disk.Mode.WRITE);
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
        if (Files.exists(place) && !Files.isRegularFile(place)) {
            throw new SharingException(Kind.BAD_INPUT, target + " is a device or a pipe, and would be replaced by a file",
                "give the name of a file");
        }
        if (!Files.isDirectory(place.getParent())) {
            throw new SharingException(Kind.BAD_INPUT, place.getParent() + " is no directory", "make it first");
        }
        try {
            final Path temporary = Files.createTempFile(place.getParent(), "." + place.getFileName() + ".", ".part");
            temporary.toFile().deleteOnExit(); // when a signal ends the process, nobody closes this
            return new OutputFile(place, temporary);
        } catch (final IOException failed) {
            throw WriteFailure.of(target.toString(), failed);
        } catch (final StorageException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    /**
     * A buffer for one thread to write from.
     *
     * @param bytes the most that it writes at once, and of what all positions are multiples
     */
    ByteBuffer newBuffer(final int bytes) {
        return bytes % BLOCK_BYTES == 0 ? disk.newBuffer(bytes) : ByteBuffer.allocate(bytes);
    }

    /** Writes what remains in a buffer at a position. */
    void write(final long position, final ByteBuffer bytes) throws SharingException {
        final int length = bytes.remaining();
        try {
            file.write(bytes, position);
            final long after = written.addAndGet(length);
            if (after / SYNC_BYTES > (after - length) / SYNC_BYTES) {
                file.force();
            }
        } catch (final StorageException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    /** Puts the file in its place; it is durable there, under its name, when this returns. */
    void commit() throws SharingException {
        try {
            file.force();
            file.close();
            disk.rename(temporary.getFileName().toString(), target.getFileName().toString());
            disk.forceDirectory("");
        } catch (final StorageException failed) {
            throw WriteFailure.of(target.toString(), failed);
        }
    }

    @Override
    public void close() throws SharingException {
        try {
            file.close();
            Files.deleteIfExists(temporary);
        } catch (final IOException | StorageException failed) {
            throw new SharingException(Kind.IO, temporary + " cannot be removed: " + failed.getMessage(),
                "remove it by hand: it holds a part of the data", failed);
        }
    }
}
