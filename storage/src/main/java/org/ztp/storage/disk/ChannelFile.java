package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of the operating system.
 *
 * <p>As with every {@link FileChannel}, interrupting a thread in a call closes the file; who shares one with other
 * threads must be ready for that.
 */
final class ChannelFile implements DiskFile {
    /** The JDK copies heap buffers through a direct one of the same size that it keeps; so they go in pieces. */
    private static final int HEAP_PIECE_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;

    ChannelFile(final Path path, final FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public int read(final ByteBuffer destination, final long offset) {
        final int start = destination.position();
        final int limit = destination.limit();
        try {
            int count = 0;
            while (count >= 0 && destination.position() < limit) {
                destination.limit(pieceLimit(destination, limit));
                count = channel.read(destination, offset + destination.position() - start);
            }
            return destination.position() - start;
        } catch (final IOException e) {
            throw FileDisk.failed("read offset=" + offset, path, e);
        } finally {
            destination.limit(limit);
        }
    }

    @Override
    public void write(final ByteBuffer source, final long offset) {
        final int start = source.position();
        final int limit = source.limit();
        try {
            while (source.position() < limit) {
                source.limit(pieceLimit(source, limit));
                channel.write(source, offset + source.position() - start);
            }
        } catch (final IOException e) {
            throw FileDisk.failed("write offset=" + offset, path, e);
        } finally {
            source.limit(limit);
        }
    }

    private static int pieceLimit(final ByteBuffer buffer, final int limit) {
        return buffer.isDirect() ? limit : Math.min(limit, buffer.position() + HEAP_PIECE_BYTES);
    }

    @Override
    public void force() {
        try {
            channel.force(false);
        } catch (final IOException e) {
            throw FileDisk.failed("fdatasync", path, e);
        }
    }

    @Override
    public long size() {
        try {
            return channel.size();
        } catch (final IOException e) {
            throw FileDisk.failed("size", path, e);
        }
    }

    @Override
    public void truncate(final long size) {
        try {
            channel.truncate(size);
        } catch (final IOException e) {
            throw FileDisk.failed("truncate", path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (final IOException e) {
            throw FileDisk.failed("close", path, e);
        }
    }
}
