package org.ztp.storage.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DiskFile;

/**
 * Writes buffers one after another by a thread of its own while the journal's writer fills the next one: so the device
 * works while records are put together, and who appends waits for it only if it is slower than the load for as long as
 * it takes to fill all buffers.
 *
 * <p>Owned by the journal's writer thread; which buffers are held changes only under its lock. After a write that failed
 * none is made, since records behind a gap would be taken for damage.
 */
final class LazyFlush implements AutoCloseable {
    /** So many at most wait to be written, beside the one that is filled. */
    private static final int HELD_MAX = 7;
    private static final Runnable NOBODY = () -> { };

    private final ThreadPoolExecutor executor = Preallocator.newExecutor("ztp-journal-flush");
    private final Supplier<WriteBuffer> more;
    private final ArrayDeque<WriteBuffer> free = new ArrayDeque<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    /** The job given last: when it is done, all are. */
    private FutureTask<Void> last;
    /** Of the executor's thread alone. */
    private StorageException failure;

    /**
     * A full buffer, untouched until it is released.
     *
     * @param buffer   holds the bytes
     * @param start    of the bytes in the buffer
     * @param position of the first one in the journal
     * @param job      writes them
     */
    record Held(WriteBuffer buffer, int start, long position, FutureTask<Void> job) { }

    /** With nothing to write; makes buffers as they are needed. */
    LazyFlush(final Supplier<WriteBuffer> more) {
        this.more = more;
    }

    /** Waits until there is a buffer to fill, or one may be made. */
    void awaitFree() {
        if (held.size() == HELD_MAX) {
            finish(held.element().job());
        }
    }

    /**
     * Begins to write a buffer; {@link #awaitFree} comes first.
     *
     * @param file     where to
     * @param full     holds the bytes
     * @param start    of the bytes in the buffer
     * @param end      of the bytes in the buffer
     * @param offset   of the first one in the file
     * @param position of the first one in the journal
     * @return the buffer to fill meanwhile
     */
    WriteBuffer flush(final DiskFile file, final WriteBuffer full, final int start, final int end, final long offset,
                      final long position) {
        release();
        final ByteBuffer bytes = full.bytes().duplicate().limit(end).position(start);
        held.add(new Held(full, start, position, then(() -> file.write(bytes, offset), NOBODY)));
        return free.isEmpty() ? more.get() : free.remove();
    }

    /**
     * Has something done once all that was given so far is in the file.
     *
     * @param action    for instance forces the file
     * @param whenEnded run by the thread after that, or if it or what was before it failed
     * @return to {@link #finish} once it is done
     */
    FutureTask<Void> then(final Runnable action, final Runnable whenEnded) {
        last = new FutureTask<>(() -> attempt(action), null) {
            @Override
            protected void done() {
                whenEnded.run();
            }
        };
        executor.execute(last);
        return last;
    }

    private void attempt(final Runnable action) {
        if (failure != null) {
            throw failure;
        }
        try {
            action.run();
        } catch (final StorageException e) {
            failure = e;
            throw e;
        } catch (final RuntimeException | Error e) {
            failure = new StorageException(StorageException.Kind.IO, "flush: " + e, e);
            throw failure;
        }
    }

    /** Takes back the buffers that are in the file; their bytes may be overwritten from then on. */
    void release() {
        while (!held.isEmpty() && held.element().job().isDone()) {
            finish(held.element().job());
            free.add(held.remove().buffer());
        }
    }

    /** Whether nothing is being written. */
    boolean isIdle() {
        return last == null || last.isDone();
    }

    /** The buffer that has the byte of a position before the one that is being filled. */
    Held heldAt(final long position) {
        final Iterator<Held> newestFirst = held.descendingIterator();
        Held here = newestFirst.next();
        while (here.position() > position) {
            here = newestFirst.next();
        }
        return here;
    }

    /** The position of the first byte that is held, or another if none is. */
    long heldFrom(final long otherwise) {
        return held.isEmpty() ? otherwise : held.element().position();
    }

    /** Waits until all is in the file. */
    void await() {
        if (last != null) {
            finish(last);
        }
    }

    /**
     * Waits until something is done.
     *
     * @throws StorageException if it, or what was before it, failed
     */
    static void finish(final FutureTask<Void> job) {
        try {
            job.get();
        } catch (final ExecutionException e) {
            throw (StorageException) e.getCause();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(StorageException.Kind.IO, "interrupted while flushing", e);
        }
    }

    /** Lets the thread end, and waits until it no longer uses the file; what it has not begun to write it never will. */
    @Override
    public void close() {
        executor.getQueue().clear();
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
