package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes whole blocks of a file past the kernel's page cache (O_DIRECT). Other blocks of the file may be written through
 * the cache, and any be read through it: the kernel drops what the cache had of a block that is written directly. Such a
 * write has reached the disk, but not what keeps it there when power fails, nor a new length of the file: that takes a
 * {@link DiskFile#force()} as ever. Any thread.
 */
final class DirectWriter implements AutoCloseable {
    /** What offsets, lengths and addresses are multiples of. */
    static final int BLOCK_BYTES = 4_096;
    private static final int PIECE_BYTES = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer piece;
    private final Consumer<IOException> refused;
    private volatile boolean offered = true;

    /**
     * A writer.
     *
     * @param channel passes the cache; closed with the writer
     * @param piece   made by {@link #newPiece()}
     * @param refused is told once if the file system does not take such writes after all
     */
    DirectWriter(final FileChannel channel, final ByteBuffer piece, final Consumer<IOException> refused) {
        this.channel = channel;
        this.piece = piece;
        this.refused = refused;
    }

    /** A buffer through which the writers of one disk pass all bytes, one write at a time. */
    static ByteBuffer newPiece() {
        return newBuffer(PIECE_BYTES);
    }

    /** A buffer outside of the heap whose first byte lies where a block may begin. */
    static ByteBuffer newBuffer(final int bytes) {
        final ByteBuffer room = ByteBuffer.allocateDirect(bytes + BLOCK_BYTES - 1);
        final int first = (BLOCK_BYTES - room.alignmentOffset(0, BLOCK_BYTES)) % BLOCK_BYTES;
        return room.position(first).limit(first + bytes).slice();
    }

    /** Whether the kernel takes bytes from, or puts them to, the buffer's position. */
    static boolean isAligned(final ByteBuffer buffer) {
        return buffer.isDirect() && buffer.alignmentOffset(buffer.position(), BLOCK_BYTES) == 0;
    }

    /**
     * Whether the blocks of the file system are no larger than those here; the JDK reads the table of mounts for it. Not if
     * does not tell, as in some containers.
     */
    static boolean blocksFit(final Path directory) {
        try {
            final long bytes = Files.getFileStore(directory).getBlockSize();
            return bytes > 0 && BLOCK_BYTES % bytes == 0;
        } catch (final IOException unknown) {
            return false; // through the cache: what is wrong with the file, if anything is, is told there
        }
    }

    /**
     * A second way into a file on a file system whose {@link #blocksFit blocks fit}; empty where it offers none.
     *
     * @param path    an existing file
     * @param piece   made by {@link #newPiece()}
     * @param refused as of the constructor
     */
    static Optional<DirectWriter> open(final Path path, final ByteBuffer piece, final Consumer<IOException> refused) {
        return channel(path, StandardOpenOption.WRITE).map(channel -> new DirectWriter(channel, piece, refused));
    }

    /** Whether the file system refuses such calls (EINVAL), though it lets files be opened for them. */
    static boolean isRefused(final IOException failure) {
        return String.valueOf(failure.getMessage()).contains("Invalid argument");
    }

    /** Whether the file system takes such writes, as far as is known. */
    boolean isOffered() {
        return offered;
    }

    /** A channel that passes the cache, for writing or for reading. */
    static Optional<FileChannel> channel(final Path path, final StandardOpenOption way) {
        try {
            return Optional.of(FileChannel.open(path, way, direct()));
        } catch (final IOException | UnsupportedOperationException notOffered) {
            return Optional.empty(); // the file is open already, so what is wrong with it is told there
        }
    }

    /**
     * The JDK's option for it. Compilers of later JDKs warn of its package, and cannot be told not to; so it is looked up by
     * name.
     */
    private static OpenOption direct() {
        try {
            return (OpenOption) Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
        } catch (final ReflectiveOperationException unknown) {
            throw new UnsupportedOperationException(unknown);
        }
    }

    /**
     * Writes all that remains in a buffer; where the file system refuses that, the position stays, and all of it is to be
     * written through the cache, whatever part the disk may have by then: it is the same.
     *
     * @param source a multiple of {@link #BLOCK_BYTES}; its position moves to its limit
     * @param offset a multiple of it too
     */
    void write(final ByteBuffer source, final long offset) throws IOException {
        final int start = source.position();
        try {
            if (isAligned(source)) {
                while (source.hasRemaining()) {
                    channel.write(source, offset + source.position() - start);
                }
            } else {
                writeCopy(source, offset);
            }
        } catch (final IOException failure) {
            if (!isRefused(failure)) {
                throw failure;
            }
            source.position(start);
            offered = false;
            refused.accept(failure);
        }
    }

    private void writeCopy(final ByteBuffer source, final long offset) throws IOException {
        synchronized (piece) {
            long at = offset;
            while (source.hasRemaining()) {
                final int size = Math.min(PIECE_BYTES, source.remaining());
                piece.clear().limit(size);
                piece.put(0, source, source.position(), size);
                while (piece.hasRemaining()) {
                    at += channel.write(piece, at);
                }
                source.position(source.position() + size);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
