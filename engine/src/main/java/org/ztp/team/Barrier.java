package org.ztp.team;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sense-reversing barrier (Mellor-Crummey and Scott, 1991, section 3.1, algorithm 7) whose sense is a phase number:
 * the last of the parties to arrive advances it, the others wait for that, spinning, then yielding, then parked. What a
 * party did before it arrived is visible to all after they passed. Allocates nothing.
 */
public final class Barrier {
    private final int parties;
    private final AtomicInteger arrived = new AtomicInteger();
    private final Gate phase;
    private volatile boolean broken;

    /** Thrown to whoever is at a broken barrier or comes to it. */
    static final class Broken extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("barrier is broken: a thread of the region failed");
        }
    }

    /** A barrier for so many parties, at least 1. */
    public Barrier(int parties, WaitLimits limits) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties: actual=" + parties + " allowed=1.." + Integer.MAX_VALUE);
        }
        this.parties = parties;
        this.phase = new Gate(parties, limits);
    }

    /**
     * Waits until all parties have arrived.
     *
     * @param party 0 .. parties - 1, held by one thread at a time
     * @throws IllegalStateException when the barrier is or gets broken
     */
    public void await(int party) {
        int seen = phase.value(); // cannot advance before this party arrives, save by a break
        if (broken) { // looked at after the phase: a break that comes later advances past what was seen
            throw new Broken();
        }
        if (arrived.incrementAndGet() == parties) {
            arrived.set(0);
            release();
        } else {
            phase.awaitNot(seen, party);
        }
        if (broken) {
            throw new Broken();
        }
    }

    /** Makes all who wait, and all who come, fail until {@link #reset}. Any thread may call it. */
    public void breakNow() {
        broken = true;
        release();
    }

    /** As new. Only while nobody is at the barrier. */
    public void reset() {
        arrived.set(0);
        broken = false;
    }

    private void release() {
        phase.advance();
        for (int party = 0; party < parties; party++) {
            phase.wake(party);
        }
    }
}
