package org.ztp.mpi;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How much this machine itself holds threads up: one rests for some milliseconds again and again, and counts by how much it
 * wakes late. On a quiet machine that is next to nothing; on a busy one everybody's limits of time are longer by it.
 */
final class Delays implements AutoCloseable {
    private static final long REST_NS = 5_000_000L;
    /** Waking so late is usual, nanoseconds. */
    private static final long USUAL_NS = 1_000_000L;

    private final AtomicLong lateNs = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    Delays() {
        thread = new Thread(this::count, "delays");
        thread.setDaemon(true);
        thread.start();
    }

    private void count() {
        long beforeNs = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(REST_NS);
            final long nowNs = System.nanoTime();
            lateNs.addAndGet(Math.max(0, nowNs - beforeNs - REST_NS - USUAL_NS));
            beforeNs = nowNs;
        }
    }

    /** All delays so far, milliseconds. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(lateNs.get());
    }

    @Override
    public void close() {
        closed = true;
    }
}
