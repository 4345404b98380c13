package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Works on numbered items with a few threads that each have buffers of their own, so memory is bounded by their number.
 * Each item is read, worked on and written by one thread; there are several times as many threads as shall compute, so
 * that the processor has work while some wait for the disk.
 * After the first failure no further item is begun, and that failure is thrown when all threads have ended.
 */
final class Workers {
    /** One thread's work; made and used by it alone. */
    interface Work extends AutoCloseable {
        void item(int index) throws SharingException;

        @Override
        void close();
    }

    private final int threads;

    /**
     * @param threads threads that shall compute at one time
     * @param each threads for each of them, of which the others wait for the disk
     * @param bytesPerThread what each needs in buffers; together they take at most half of the heap
     */
    Workers(final int threads, final int each, final long bytesPerThread) {
        final long fitting = Runtime.getRuntime().maxMemory() / 2 / bytesPerThread;
        this.threads = (int) Math.max(1, Math.min((long) each * threads, fitting));
    }

    void run(final int items, final Supplier<Work> perThread) throws SharingException {
        final AtomicInteger next = new AtomicInteger();
        final AtomicBoolean stop = new AtomicBoolean();
        final ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, items));
        final List<Future<Void>> running = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, items); i++) {
            running.add(pool.submit(() -> {
                work(items, perThread, next, stop);
                return null;
            }));
        }
        pool.shutdown();
        Throwable failure = null;
        for (final Future<Void> thread : running) {
            final Throwable one = end(thread, stop);
            failure = failure == null ? one : failure;
        }
        if (failure instanceof SharingException sharing) {
            throw sharing;
        } else if (failure != null) {
            throw new IllegalStateException("a worker failed", failure);
        }
    }

    private static void work(final int items, final Supplier<Work> perThread, final AtomicInteger next,
                             final AtomicBoolean stop) throws SharingException {
        boolean done = false;
        try (Work work = perThread.get()) {
            for (int item = next.getAndIncrement(); item < items && !stop.get(); item = next.getAndIncrement()) {
                work.item(item);
            }
            done = true;
        } finally {
            if (!done) {
                stop.set(true);
            }
        }
    }

    /** Waits for a thread, also when interrupted: its buffers and blobs must not be touched behind our back. */
    private static Throwable end(final Future<Void> thread, final AtomicBoolean stop) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.get();
                if (!interrupted) {
                    return null;
                }
                Thread.currentThread().interrupt();
                return new SharingException(SharingException.Kind.IO, "interrupted", "run it again");
            } catch (final InterruptedException wish) {
                interrupted = true;
                stop.set(true);
            } catch (final ExecutionException failed) {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return failed.getCause();
            }
        }
    }
}
