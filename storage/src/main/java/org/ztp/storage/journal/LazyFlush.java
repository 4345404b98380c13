package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DiskFile;

/**
 * Writes one full buffer by a thread of its own while the journal's writer fills the other: for a journal that promises
 * nothing of what it has not written yet, so that nobody waits for the device until it is slower than they are.
 *
 * <p>Owned by the journal's writer thread. {@link #held()} and {@link #heldEnd()} change only under its lock.
 */
final class LazyFlush implements AutoCloseable {
    private final ThreadPoolExecutor executor = Preallocator.newExecutor("ztp-journal-flush");
    private WriteBuffer other;
    private int otherEnd;
    private FutureTask<Void> job;

    /** With the second of two buffers. */
    LazyFlush(final WriteBuffer second) {
        other = second;
    }

    /**
     * Begins to write a buffer; the last one must be in the file.
     *
     * @param file   where to
     * @param full   holds the bytes
     * @param start  of the bytes in the buffer
     * @param end    of the bytes in the buffer
     * @param offset of the first one in the file
     * @return the buffer to fill meanwhile
     */
    WriteBuffer flush(final DiskFile file, final WriteBuffer full, final int start, final int end, final long offset) {
        final ByteBuffer bytes = full.bytes().duplicate().limit(end).position(start);
        final WriteBuffer empty = other;
        other = full;
        otherEnd = end;
        job = new FutureTask<>(() -> {
            file.write(bytes, offset);
            return null;
        });
        executor.execute(job);
        return empty;
    }

    /** The buffer that is being written, or was last: untouched until the next {@link #flush}. */
    WriteBuffer held() {
        return other;
    }

    /** Where its bytes end. */
    int heldEnd() {
        return otherEnd;
    }

    /** Waits until all is in the file. */
    void await() {
        if (job == null) {
            return;
        }
        try {
            job.get();
        } catch (final ExecutionException e) {
            throw e.getCause() instanceof StorageException disk ? disk
                : new StorageException(StorageException.Kind.IO, "flush: " + e.getCause(), e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(StorageException.Kind.IO, "interrupted while flushing", e);
        } finally {
            job = null;
        }
    }

    /** Lets the thread end, and waits until it no longer uses the file. */
    @Override
    public void close() {
        executor.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.HOURS);
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
