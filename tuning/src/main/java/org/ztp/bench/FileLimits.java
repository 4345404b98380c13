package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.ztp.crypto.AesGcm;
import org.ztp.merkle.Sha256;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;

/** What this machine could do at most with the same file and the same threads, if nothing else were to be done. */
final class FileLimits {
    private static final int PIECE_BYTES = 256 << 10;
    private static final int BLOCK_BYTES = 4096;
    private static final byte[] NO_DATA = new byte[0];

    private final FilesPlan plan;
    private final Path file;

    FileLimits(final FilesPlan plan, final Path file) {
        this.plan = plan;
        this.file = file;
    }

    /** Reads it chunk by chunk, encrypts each with AES-256-GCM, and hashes that with SHA-256. */
    void crypto() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            deal(() -> {
                final byte[] plain = new byte[plan.chunkBytes()];
                final byte[] sealed = new byte[plain.length + AesGcm.TAG_BYTES];
                final byte[] key = new byte[AesGcm.KEY_BYTES];
                final byte[] nonce = new byte[AesGcm.NONCE_BYTES];
                final AesGcm gcm = new AesGcm();
                final Sha256 sha = new Sha256();
                return chunk -> {
                    read(channel, chunk, plain);
                    nonce[0] = (byte) chunk;
                    nonce[1] = (byte) (chunk >>> Byte.SIZE);
                    nonce[2] = (byte) (chunk >>> 2 * Byte.SIZE);
                    final int length = gcm.encrypt(key, nonce, NO_DATA, plain, 0, plan.length(chunk), sealed, 0);
                    sha.update(sealed, 0, length).digest(key, 0);
                };
            });
        }
    }

    private void read(final FileChannel channel, final int chunk, final byte[] into) {
        try {
            final long from = (long) chunk * plan.chunkBytes();
            int done = 0;
            while (done < plan.length(chunk)) {
                done += channel.read(ByteBuffer.wrap(into, done, Math.min(PIECE_BYTES, plan.length(chunk) - done)),
                    from + done);
            }
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Writes so many bytes to new files of a chunk's size, each synced, as the blobs are: large writes past the cache.
     */
    void write(final Path directory) {
        final FileDisk disk = new FileDisk(directory, PastCache.BOTH_WAYS);
        deal(() -> {
            final ByteBuffer piece = newBuffer(disk);
            return chunk -> {
                try (DiskFile to = disk.open(name(chunk), Disk.Mode.CREATE)) {
                    to.write(piece.clear().limit(plan.length(chunk)), 0);
                    to.force();
                }
            };
        });
    }

    /** Reads those files, and writes what they hold to another, which is synced at the end. */
    void readAndWrite(final Path directory) {
        final FileDisk disk = new FileDisk(directory, PastCache.BOTH_WAYS);
        try (DiskFile to = disk.open("all", Disk.Mode.CREATE)) {
            deal(() -> {
                final ByteBuffer piece = newBuffer(disk);
                return chunk -> {
                    try (DiskFile from = disk.open(name(chunk), Disk.Mode.READ)) {
                        from.read(piece.clear(), 0);
                    }
                    to.write(piece.flip(), (long) chunk * plan.chunkBytes());
                };
            });
            to.force();
        }
    }

    /** Past the cache goes what begins with a block, as a requested file's chunks do. */
    private ByteBuffer newBuffer(final FileDisk disk) {
        return plan.chunkBytes() % BLOCK_BYTES == 0 ? disk.newBuffer(plan.chunkBytes()) : ByteBuffer.allocate(plan.chunkBytes());
    }

    private static String name(final int chunk) {
        return Integer.toString(chunk);
    }

    /** Deals the chunks out to the threads, each with tools of its own. */
    private void deal(final Supplier<IntConsumer> tools) {
        final AtomicInteger next = new AtomicInteger();
        ParallelRate.together(plan.threads(), thread -> {
            final IntConsumer own = tools.get();
            for (int chunk = next.getAndIncrement(); chunk < plan.chunks(); chunk = next.getAndIncrement()) {
                own.accept(chunk);
            }
        });
    }
}
