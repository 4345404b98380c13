package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

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
    private final Optional<DirectWriter> direct;
    private final Optional<DirectReader> reader;
    private final PastCache past;

    /**
     * A file.
     *
     * @param path    its name
     * @param channel open
     * @param direct  takes whole blocks from buffers outside of the heap; closed with the file
     * @param reader  reads past the cache; closed with the file
     * @param past    which writes and reads are theirs
     */
    ChannelFile(final Path path, final FileChannel channel, final Optional<DirectWriter> direct,
                final Optional<DirectReader> reader, final PastCache past) {
        this.path = path;
        this.channel = channel;
        this.direct = direct;
        this.reader = reader;
        this.past = past;
    }

    @Override
    public int read(final ByteBuffer destination, final long offset) {
        final int start = destination.position();
        final int limit = destination.limit();
        try {
            if (reader.isPresent() && destination.remaining() >= past.readsFromBytes()) {
                reader.get().read(destination, offset);
            }
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
            final int head = (int) (-offset & DirectWriter.BLOCK_BYTES - 1);
            if (direct.isPresent() && direct.get().isOffered() && source.isDirect()
                && source.remaining() >= past.fromBytes() && source.remaining() - head >= DirectWriter.BLOCK_BYTES) {
                writeCached(source, start + head, offset);
                source.limit(limit - (limit - start - head) % DirectWriter.BLOCK_BYTES);
                direct.get().write(source, offset + head);
            }
            writeCached(source, limit, offset + source.position() - start);
        } catch (final IOException e) {
            throw FileDisk.failed("write offset=" + offset, path, e);
        } finally {
            source.limit(limit);
        }
    }

    /** Writes from the buffer's position to an end, which becomes position and limit. */
    private void writeCached(final ByteBuffer source, final int end, final long offset) throws IOException {
        final int start = source.position();
        while (source.position() < end) {
            source.limit(pieceLimit(source, end));
            channel.write(source, offset + source.position() - start);
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
        try (channel) {
            if (direct.isPresent()) {
                direct.get().close();
            }
            if (reader.isPresent()) {
                reader.get().close();
            }
        } catch (final IOException e) {
            throw FileDisk.failed("close", path, e);
        }
    }
}
