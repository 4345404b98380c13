package org.ztp.simulation;

import java.util.PriorityQueue;

/** Simulated time: what is to happen, in order; equal times in the order in which they were asked for. */
final class Timeline {
    static final long SECOND = 1_000_000_000L;

    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private long nowNs;
    private long order;
    private long steps;
    private long lastStep = Long.MAX_VALUE;
    private long mostSteps = Long.MAX_VALUE;

    private record Scheduled(long atNs, long order, Runnable run) implements Comparable<Scheduled> {
        @Override
        public int compareTo(final Scheduled other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    long nowNs() {
        return nowNs;
    }

    /** How much has happened. */
    long steps() {
        return steps;
    }

    /** Stops for good after so many steps. */
    void stopAfter(final long count) {
        lastStep = count;
    }

    /** More steps than this are a violation: what goes on for ever would be one of liveness. */
    void allow(final long most) {
        mostSteps = most;
    }

    /** Whether it has stopped for good. */
    boolean isStopped() {
        return steps >= lastStep;
    }

    /** Lets something happen at a time; now if that has passed. */
    void at(final long timeNs, final Runnable run) {
        queue.add(new Scheduled(Math.max(nowNs, timeNs), order++, run));
    }

    /** Lets everything happen up to a time. */
    void advance(final long untilNs) {
        while (!isStopped() && !queue.isEmpty() && queue.peek().atNs() <= untilNs) {
            final Scheduled next = queue.remove();
            nowNs = next.atNs();
            steps++;
            Invariants.require(steps < mostSteps, "a storm: more than " + mostSteps + " steps");
            next.run().run();
        }
        nowNs = untilNs;
    }
}
