package org.ztp.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;

/**
 * One client: a thread that makes and signs bundles and keeps some of them in flight, or submits them at fixed times. A
 * bundle of a paced load counts from the time it was meant to leave, so a service that stalls cannot hide that by
 * holding back its clients. Replies come on the service's threads.
 */
final class LoadClient implements Runnable {
    private static final long LOOK_AGAIN_NS = 100_000_000L;
    private static final long TOO_FAR_MILLIS = 100;
    /** So many ages are told apart, of however many bundles. */
    private static final int MOST_AGES = 100_000;

    private final Load load;
    private final RecordSource source;
    private final ServiceHandler service;
    private final Tally tally;
    private final Thread thread;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong settled = new AtomicLong();
    private final List<byte[]> stock = new ArrayList<>();
    private final Queue<Waiting> refused = new ConcurrentLinkedQueue<>();
    private volatile boolean fromStock;
    private volatile boolean stopping;
    private volatile long madeLate;
    private long firstNs;
    private int taken;

    /** A bundle that the service did not take in yet. */
    private record Waiting(byte[] bundle, long startNs, long notBeforeNs) { }

    LoadClient(final int number, final Load load, final RecordSource source, final ServiceHandler service,
               final Tally tally) {
        this.load = load;
        this.source = source;
        this.service = service;
        this.tally = tally;
        thread = new Thread(this, "load-client-" + number);
        thread.setDaemon(true);
    }

    Thread thread() {
        return thread;
    }

    /**
     * Makes bundles for later, before the thread is started.
     *
     * @param bytes most bytes of them
     * @param untilNs when to stop
     */
    void stockUp(final long bytes, final long untilNs) {
        long made = 0;
        while (made < bytes && System.nanoTime() - untilNs < 0) {
            final byte[] bundle = source.next();
            made += bundle.length;
            stock.add(bundle);
        }
        source.beginSubmission();
    }

    /** From now on it takes what it has in stock. */
    void useStock() {
        fromStock = true;
    }

    /** Bundles that it had to make since then. */
    long madeLate() {
        return madeLate;
    }

    private byte[] next() {
        if (!fromStock) {
            return source.next();
        }
        if (taken < stock.size()) {
            return stock.get(taken++);
        }
        madeLate++; // by this thread alone
        return source.next();
    }

    /**
     * Adds the ages of the bundles of a paced load that are due and not final, as if the oldest had become final first.
     *
     * @return how many they are
     */
    long addDue(final long nowNs, final Histogram latencies) {
        if (!load.isPaced() || nowNs - firstNs < 0) {
            return 0;
        }
        final long first = settled.get();
        final long end = (long) ((nowNs - firstNs) / load.intervalNs()) + 1;
        final long step = Math.max(1, (end - first) / MOST_AGES);
        for (long bundle = first; bundle < end; bundle += step) {
            final long age = nowNs - firstNs - (long) (bundle * load.intervalNs());
            latencies.recordValueWithCount(Math.max(0, Math.min(age, Tally.LONGEST_NS)), Math.min(step, end - bundle));
        }
        return Math.max(0, end - first);
    }

    /** Starts its thread; the first bundle of a paced load leaves at this time. */
    void start(final long atNs) {
        firstNs = atNs;
        thread.start();
    }

    /** Submits no new bundles; those in flight are still waited for. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        long sent = 0;
        while (!tally.isBroken() && (!stopping || inFlight.get() > 0)) {
            final long waitNs = again();
            if (waitNs > 0 || stopping || inFlight.get() >= load.inFlight()) {
                LockSupport.parkNanos(this, waitNs > 0 ? waitNs : LOOK_AGAIN_NS);
                continue;
            }
            final long intendedNs = load.isPaced() ? firstNs + (long) (sent * load.intervalNs()) : 0;
            if (load.isPaced() && awaitTime(intendedNs)) {
                continue;
            }
            final byte[] bundle = next();
            sent++;
            inFlight.incrementAndGet();
            submit(bundle, load.isPaced() ? intendedNs : System.nanoTime());
        }
        source.close();
    }

    /** Submits again what was refused; how long to wait before that, nanoseconds, 0 if nothing is refused. */
    private long again() {
        Waiting next;
        while ((next = refused.peek()) != null) {
            final long early = next.notBeforeNs() - System.nanoTime();
            if (early > 0) {
                return early;
            }
            refused.remove();
            submit(next.bundle(), next.startNs());
        }
        return 0;
    }

    /** Whether the time has not come yet; waits for a part of it. */
    private boolean awaitTime(final long intendedNs) {
        final long early = intendedNs - System.nanoTime();
        if (early > 0) {
            LockSupport.parkNanos(this, Math.min(early, LOOK_AGAIN_NS));
        }
        return early > 0;
    }

    private void submit(final byte[] bundle, final long startNs) {
        service.handle(new ServiceRequest.Submit(bundle), reply -> answered(bundle, startNs, reply));
    }

    private void answered(final byte[] bundle, final long startNs, final ServiceReply reply) {
        if (reply instanceof Submitted submitted && submitted.status() == Submitted.Status.FINAL) {
            tally.settled(System.nanoTime() - startNs, load.transactions(), submitted.height());
            settled.incrementAndGet();
            if (inFlight.getAndDecrement() >= load.inFlight() || stopping) {
                LockSupport.unpark(thread);
            }
        } else if (reply instanceof ServiceReply.Busy busy) {
            later(bundle, startNs, busy.retryMillis());
        } else if (reply instanceof Submitted submitted && submitted.status() == Submitted.Status.TOO_FAR_AHEAD) {
            later(bundle, startNs, TOO_FAR_MILLIS); // one before it takes long, perhaps since its replica failed
        } else {
            tally.broken(reply.toString());
            LockSupport.unpark(thread);
        }
    }

    private void later(final byte[] bundle, final long startNs, final long millis) {
        tally.refused();
        refused.add(new Waiting(bundle, startNs, System.nanoTime() + millis * 1_000_000L));
        LockSupport.unpark(thread);
    }
}
