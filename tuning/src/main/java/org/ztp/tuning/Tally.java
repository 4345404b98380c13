package org.ztp.tuning;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all clients saw. Any thread. */
public final class Tally {
    /** A longer time counts as this one, nanoseconds. */
    static final long LONGEST_NS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(LONGEST_NS, DIGITS);
    private final LongAdder transactions = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final AtomicLong height = new AtomicLong();
    private final AtomicLong settledNs = new AtomicLong(System.nanoTime());
    private final AtomicLong longestPauseNs = new AtomicLong();
    private final AtomicReference<String> broken = new AtomicReference<>();

    /** Nothing seen yet. */
    public Tally() {
    }

    /** A bundle became final. */
    void settled(final long tookNs, final int count, final long atHeight) {
        latencies.recordValue(Math.max(0, Math.min(tookNs, LONGEST_NS)));
        transactions.add(count);
        final long nowNs = System.nanoTime();
        final long pauseNs = nowNs - settledNs.getAndSet(nowNs);
        if (pauseNs > longestPauseNs.get()) {
            longestPauseNs.accumulateAndGet(pauseNs, Math::max);
        }
        if (height.get() < atHeight) {
            height.accumulateAndGet(atHeight, Math::max);
        }
    }

    /** A bundle was not taken in, and is submitted again later. */
    void refused() {
        refusals.increment();
    }

    /** A reply that no honest client should get; the load ends. */
    void broken(final String reply) {
        broken.compareAndSet(null, reply);
    }

    boolean isBroken() {
        return broken.get() != null;
    }

    /** The first reply that was not to be expected. */
    public Optional<String> brokenBy() {
        return Optional.ofNullable(broken.get());
    }

    /** Transactions that became final. */
    public long transactions() {
        return transactions.sum();
    }

    /** How often the service was too busy. */
    public long refusals() {
        return refusals.sum();
    }

    /** The highest block that a client was told of. */
    public long height() {
        return height.get();
    }

    /** The longest time since the last call in which nothing became final, nanoseconds; one that goes on counts. */
    public long takeLongestPauseNs() {
        final long openNs = System.nanoTime() - settledNs.get();
        return Math.max(openNs, longestPauseNs.getAndSet(0));
    }

    /** Times from submission to final of the bundles since the last call, nanoseconds. */
    public Histogram takeLatencies() {
        return latencies.getIntervalHistogram();
    }
}
