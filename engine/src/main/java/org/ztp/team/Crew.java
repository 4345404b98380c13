package org.ztp.team;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The workers of a team and one fork and join. Its methods are the master's, who holds the team's lock, except where
 * noted.
 *
 * <p>Fork: the region's fields are written, then the start gate advances, then sleepers are woken down a tree (thread i
 * wakes 4i+1 .. 4i+4), so that the master does not wake 255 threads alone. Join: each worker counts down, the last one
 * advances the join gate. A new fork comes only after the join, so no worker can miss one.
 */
final class Crew {
    private static final int WAKE_FAN_OUT = 4;

    private final int threads;
    private final Gate start;
    private final Gate join;
    private final Barrier barrier;
    private final Runnable cancel;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final int[] nesting; // one slot each, owned by that thread
    private final Worker[] workers;
    private RegionBody body; // null tells the workers to end
    private boolean closed;

    /** Starts the workers; {@code cancel} is called on the thread that failed first. */
    Crew(int threads, WaitLimits limits, Runnable cancel) {
        this.threads = threads;
        this.cancel = cancel;
        start = new Gate(threads, limits);
        join = new Gate(1, limits);
        barrier = new Barrier(threads, limits);
        nesting = new int[Padding.length(threads)];
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(this, i + 1);
        }
        try {
            for (Worker worker : workers) {
                worker.start();
            }
        } catch (Throwable e) { // most likely the system's limit of threads: end those that run, let the caller know
            close();
            throw e;
        }
    }

    int threads() {
        return threads;
    }

    boolean closed() {
        return closed;
    }

    /** Any thread: its index if it is one of these workers, else -1. */
    int indexOfCaller() {
        return Thread.currentThread() instanceof Worker worker && worker.crew == this ? worker.index : -1;
    }

    /** Runs the body on every thread; throws what the first failing one threw. */
    void run(RegionBody region) {
        body = Objects.requireNonNull(region, "body");
        running.set(threads - 1);
        int seen = join.value();
        start.advance();
        wakeSleepers(0);
        runGuarded(0);
        if (threads > 1) {
            join.awaitNot(seen, 0);
        }
        body = null;
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            barrier.reset();
            Crew.<RuntimeException>rethrow(thrown);
        }
    }

    /** A thread inside a region: runs the body as a team of one. */
    void runNested(int threadIndex, RegionBody region) {
        nesting[Padding.at(threadIndex)]++;
        try {
            region.run(threadIndex);
        } finally {
            nesting[Padding.at(threadIndex)]--;
        }
    }

    /** A thread inside a region. */
    void barrier(int threadIndex) {
        if (nesting[Padding.at(threadIndex)] == 0) {
            barrier.await(threadIndex);
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        start.advance();
        for (int i = 1; i < threads; i++) {
            start.wake(i);
        }
        boolean interrupted = false;
        for (Worker worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true; // the workers end by themselves in bounded time; kept for the caller
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeSleepers(int threadIndex) {
        int first = WAKE_FAN_OUT * threadIndex + 1;
        for (int i = first; i < Math.min(threads, first + WAKE_FAN_OUT); i++) {
            start.wake(i);
        }
    }

    private void runGuarded(int threadIndex) {
        try {
            body.run(threadIndex);
        } catch (Throwable e) { // errors too: a region completes whatever happens in it, and the master gets it
            try {
                failed(e);
            } catch (Throwable untold) { // no memory to tell more than the first failure; the join must come
                barrier.breakNow();
            }
        }
    }

    private void failed(Throwable thrown) {
        if (failure.compareAndSet(null, thrown)) {
            cancel.run();
            barrier.breakNow();
            return;
        }
        Throwable first = failure.get();
        if (thrown != first && !(thrown instanceof Barrier.Broken)) {
            first.addSuppressed(thrown);
        }
    }

    /** A worker's whole life. */
    private void work(int threadIndex) {
        for (int seen = 0; ; seen++) {
            start.awaitNot(seen, threadIndex);
            wakeSleepers(threadIndex);
            if (body == null) {
                return;
            }
            runGuarded(threadIndex);
            if (running.decrementAndGet() == 0) {
                join.advance();
                join.wake(0);
            }
        }
    }

    @SuppressWarnings("unchecked") // unchecked on purpose: what a body threw reaches the caller as it is
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static final class Worker extends Thread {
        private final Crew crew;
        private final int index;

        Worker(Crew crew, int index) {
            super("ztp-team-" + index);
            this.crew = crew;
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            crew.work(index);
        }
    }
}
