package org.ztp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** How often a number of threads together do a thing in a second, each with tools of its own. */
final class ParallelRate {
    private ParallelRate() {
    }

    /**
     * Measures, after a warm-up of half the time.
     *
     * @param threads how many
     * @param nanos measured time
     * @param work makes what a thread does again and again: it returns how much it did
     * @return done in a second by all together
     */
    static double measure(final int threads, final long nanos, final IntFunction<LongWork> work) {
        final LongAdder done = new LongAdder();
        final long warmNs = System.nanoTime() + nanos / 2;
        final long endNs = warmNs + nanos;
        together(threads, t -> {
            final LongWork own = work.apply(t);
            long mine = 0;
            for (long now = System.nanoTime(); now - endNs < 0; now = System.nanoTime()) {
                final long some = own.once();
                mine += now - warmNs < 0 ? 0 : some;
            }
            done.add(mine);
        });
        return done.sum() * 1e9 / nanos;
    }

    /**
     * Runs something once on each of so many new threads.
     *
     * @throws IllegalStateException if one of them failed
     */
    static void together(final int threads, final IntConsumer body) {
        final boolean[] failed = new boolean[1];
        final List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            final int index = t;
            final Thread thread = new Thread(() -> body.accept(index), "limit-" + t);
            thread.setUncaughtExceptionHandler((who, why) -> failed[0] = true);
            running.add(thread);
            thread.start();
        }
        for (final Thread thread : running) {
            join(thread);
        }
        if (failed[0]) {
            throw new IllegalStateException("a limit could not be measured");
        }
    }

    private static void join(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thing that is done again and again. */
    interface LongWork {
        /** Does it once, and returns how much that was. */
        long once();
    }
}
