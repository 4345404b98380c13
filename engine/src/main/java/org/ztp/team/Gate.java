package org.ztp.team;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A counter that threads wait to see advance: spinning, then yielding, then parked. It wraps around; waiters compare
 * for difference only.
 *
 * <p>Lost wake-ups: a waiter publishes itself and then reads the counter; who advances it writes the counter and then
 * reads who has parked. Both pairs are volatile, so one of the two sees the other.
 */
final class Gate {
    private static final int AT = Padding.at(0);

    private final WaitLimits limits;
    private final AtomicIntegerArray value = new AtomicIntegerArray(Padding.length(1));
    private final AtomicReferenceArray<Thread> parked;

    /** A gate at 0 for waiters in slots 0 .. slots - 1. */
    Gate(int slots, WaitLimits limits) {
        this.limits = limits;
        this.parked = new AtomicReferenceArray<>(Padding.length(slots));
    }

    int value() {
        return value.get(AT);
    }

    /** Lets all who wait on the present value pass, once they are {@link #wake woken} or look themselves. */
    void advance() {
        value.incrementAndGet(AT);
    }

    /** Unparks the thread that waits in a slot, if one does. */
    void wake(int slot) {
        Thread thread = parked.get(Padding.at(slot));
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Returns when the value differs from {@code seen}. An interrupt does not end the wait, and is kept. */
    void awaitNot(int seen, int slot) {
        for (int i = limits.spins(); i > 0 && value() == seen; i--) {
            Thread.onSpinWait();
        }
        for (int i = limits.yields(); i > 0 && value() == seen; i--) {
            Thread.yield();
        }
        if (value() == seen) {
            park(seen, slot);
        }
    }

    private void park(int seen, int slot) {
        boolean interrupted = false;
        parked.set(Padding.at(slot), Thread.currentThread());
        while (value() == seen) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // a set flag would make each further park return at once
        }
        parked.set(Padding.at(slot), null);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
