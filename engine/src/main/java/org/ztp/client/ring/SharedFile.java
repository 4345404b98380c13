package org.ztp.client.ring;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file in memory that two processes read and write at positions. Words are stored twice, the second time with all
 * bits turned, so that a reader sees when it came between the two halves of a write. Owned by one thread.
 */
final class SharedFile implements AutoCloseable {
    /** What a word reads as when its two halves do not fit: being written, damaged, or not there. */
    static final long TORN = -1;
    /** Size of a word with its second half. */
    static final int WORD_BYTES = 16;

    private final FileChannel channel;
    private final ByteBuffer word = ByteBuffer.allocateDirect(WORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private SharedFile(final FileChannel channel) {
        this.channel = channel;
    }

    /** Opens an existing file to read and write. */
    static SharedFile open(final Path path) throws IOException {
        return open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Opens an existing file. */
    static SharedFile open(final Path path, final OpenOption... options) throws IOException {
        return new SharedFile(FileChannel.open(path, Set.of(options)));
    }

    /** Fills a buffer from its position to its limit; false if the file is shorter. */
    boolean read(final long offset, final ByteBuffer target) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            final int count = channel.read(target, position);
            if (count <= 0) {
                return false;
            }
            position += count;
        }
        return true;
    }

    /** Writes a buffer from its position to its limit. */
    void write(final long offset, final ByteBuffer source) throws IOException {
        long position = offset;
        while (source.hasRemaining()) {
            position += channel.write(source, position);
        }
    }

    /** Reads a word, 0 or more, or {@link #TORN}; what is read after it is at least as new as what it tells. */
    long readWord(final long offset) throws IOException {
        final boolean whole = read(offset, word.clear());
        VarHandle.fullFence();
        return whole && word.getLong(0) >= 0 && word.getLong(0) == ~word.getLong(8) ? word.getLong(0) : TORN;
    }

    /** Writes a word of 0 or more; who reads it also sees what was written before it. */
    void writeWord(final long offset, final long value) throws IOException {
        VarHandle.fullFence();
        write(offset, word.clear().putLong(0, value).putLong(8, ~value));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
