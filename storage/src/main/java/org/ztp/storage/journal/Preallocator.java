package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;

/**
 * Writes zeros ahead of the records, off the commit path: so that a commit changes no file length, which would cost
 * fdatasync a second write of the disk, and a full disk shows before it is needed.
 *
 * <p>Owned by the journal's writer thread, except {@link #isSpaceShort()}. The zeros themselves are written by a thread
 * of its own, or at once if there is none. The file belongs to the writer up to {@code zeroedTo}, from there to the
 * thread while a job is under way: the writer waits for the job before it goes on beyond.
 *
 * <p>It has the file open for itself: the kernel tells of pages that it could not write back once to each open file
 * description, so a force of zeros by that of the writer would take an error away that concerns its records.
 */
final class Preallocator implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;
    /** A write of this size costs more twice than a new length of the file does. */
    private static final int LARGE_BYTES = 512 << 10;
    private static final long IDLE_SECONDS = 10;

    private final Disk disk;
    private final int aheadBytes;
    private final boolean force;
    private final ByteBuffer zeros;
    private final ThreadPoolExecutor executor;
    private DiskFile file;
    private long zeroedTo;
    private long limit;
    /** Bytes of small writes to come before zeros are worth their writing: some after each large one. */
    private int pause;
    private FutureTask<Long> job;
    private volatile boolean spaceShort;

    Preallocator(final Disk disk, final int aheadBytes, final boolean background, final boolean force) {
        this.disk = disk;
        this.aheadBytes = aheadBytes;
        this.force = force;
        // On the heap, so that they go through the page cache: small records then find their pages there, and none is read.
        zeros = ByteBuffer.allocate(Math.min(PIECE_BYTES, Math.max(aheadBytes, 1)));
        executor = background && aheadBytes > 0 ? newExecutor("ztp-journal-preallocator") : null;
    }

    /** One daemon thread, which ends while it has nothing to do. */
    static ThreadPoolExecutor newExecutor(final String name) {
        final ThreadPoolExecutor single = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), task -> {
                final Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
        single.allowCoreThreadTimeOut(true);
        return single;
    }

    /**
     * Turns to another file.
     *
     * @param segment   the file's name
     * @param end       its records and zeros reach to here
     * @param maxLength zeros are not written beyond
     */
    void start(final String segment, final long end, final long maxLength) {
        closeFile();
        file = aheadBytes > 0 ? disk.open(segment, Disk.Mode.WRITE) : null;
        zeroedTo = end;
        limit = maxLength;
    }

    /**
     * To be called before a write.
     *
     * @param end   of the write
     * @param bytes its size
     */
    void reserve(final long end, final int bytes) {
        if (job != null && (end > zeroedTo || job.isDone())) {
            await();
        }
        zeroedTo = Math.max(zeroedTo, end);
        pause = bytes >= LARGE_BYTES ? aheadBytes : Math.max(0, pause - bytes);
        if (job == null && pause == 0 && aheadBytes > 0 && zeroedTo < limit && zeroedTo - end < aheadBytes / 2) {
            job = new FutureTask<>(fill(file, zeroedTo, Math.min(limit, zeroedTo + aheadBytes)));
            if (executor == null) {
                job.run();
            } else {
                executor.execute(job);
            }
        }
    }

    private Callable<Long> fill(final DiskFile segment, final long from, final long to) {
        return () -> {
            final boolean filled = fillUnlessFull(segment, from, to);
            spaceShort = !filled;
            if (filled && force) {
                segment.force();
            }
            return filled ? to : from;
        };
    }

    /** A full disk is not yet an error: nobody has asked for the space. A failed force is: it may concern records. */
    private boolean fillUnlessFull(final DiskFile segment, final long from, final long to) {
        final ByteBuffer piece = zeros.duplicate();
        try {
            for (long at = from; at < to; at += piece.limit()) {
                piece.clear().limit((int) Math.min(piece.capacity(), to - at));
                segment.write(piece, at);
            }
            return true;
        } catch (final StorageException e) {
            if (e.kind() == StorageException.Kind.NO_SPACE) {
                return false;
            }
            throw e;
        }
    }

    /** Waits until nobody but the caller writes to the file. */
    void await() {
        if (job == null) {
            return;
        }
        try {
            zeroedTo = Math.max(zeroedTo, job.get());
        } catch (final ExecutionException e) {
            throw new StorageException(StorageException.Kind.IO, "preallocate: " + e.getCause(), e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(StorageException.Kind.IO, "interrupted while preallocating", e);
        } finally {
            job = null;
        }
    }

    /** Whether the last zeros did not fit on the device. */
    boolean isSpaceShort() {
        return spaceShort;
    }

    private void closeFile() {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public void close() {
        closeFile();
        if (executor != null) {
            executor.shutdown();
        }
    }
}
