package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads whole blocks of a file past the kernel's page cache (O_DIRECT): a page that is new to the cache costs several times as
 * much processor time as the bytes on it, and who reads once leaves others less of the cache. What the cache has that the
 * device has not yet, the kernel writes first. Any thread.
 */
final class DirectReader implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer piece;

    /**
     * A reader.
     *
     * @param channel passes the cache; closed with the reader
     * @param piece made by {@link DirectWriter#newPiece()}; what is read into the heap comes through it, for one thread at a time
     */
    DirectReader(final FileChannel channel, final ByteBuffer piece) {
        this.channel = channel;
        this.piece = piece;
    }

    /**
     * Reads what it can: nothing into a buffer outside of the heap, or from an offset for such a buffer, that is not on a block.
     * The file's end ends it, and so does a file system that refuses it. What is left is to be read through the cache.
     *
     * @param destination filled from its position on, which moves
     * @param offset byte of the file to start at
     */
    void read(final ByteBuffer destination, final long offset) throws IOException {
        try {
            if (!destination.isDirect()) {
                readCopy(destination, offset);
            } else if (offset % DirectWriter.BLOCK_BYTES == 0) {
                readBlocks(destination, offset);
            }
        } catch (final IOException failure) {
            if (!DirectWriter.isRefused(failure)) {
                throw failure;
            }
        }
    }

    private void readBlocks(final ByteBuffer destination, final long offset) throws IOException {
        final int start = destination.position();
        final int limit = destination.limit();
        try {
            destination.limit(limit - destination.remaining() % DirectWriter.BLOCK_BYTES);
            int count = 0;
            while (count >= 0 && destination.hasRemaining() && DirectWriter.isAligned(destination)) {
                count = channel.read(destination, offset + destination.position() - start);
            }
        } finally {
            destination.limit(limit);
        }
    }

    private void readCopy(final ByteBuffer destination, final long offset) throws IOException {
        long at = offset;
        int count = 1;
        synchronized (piece) {
            while (count > 0 && destination.hasRemaining()) {
                final int skipped = (int) (at % DirectWriter.BLOCK_BYTES);
                final long wanted = -(-((long) skipped + destination.remaining()) & -DirectWriter.BLOCK_BYTES);
                piece.clear().limit((int) Math.min(wanted, piece.capacity()));
                count = Math.min(channel.read(piece, at - skipped) - skipped, destination.remaining());
                if (count > 0) {
                    destination.put(destination.position(), piece, skipped, count).position(destination.position() + count);
                    at += count;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
