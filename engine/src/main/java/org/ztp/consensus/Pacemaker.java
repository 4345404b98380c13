package org.ztp.consensus;

/** The protocol's clock: how long a view may go without progress while there is work. Doubles, bounded, and recovers. */
final class Pacemaker {
    private static final long OFF = Long.MAX_VALUE;
    private static final int HASTE = 4;

    private final Limits limits;
    private int failures;
    private long deadlineNs = OFF;

    Pacemaker(final Limits limits) {
        this.limits = limits;
    }

    /** Starts the clock if there is work and it is not running; stops it if there is none. */
    void work(final boolean pending, final long nowNs) {
        if (!pending) {
            deadlineNs = OFF;
        } else if (deadlineNs == OFF) {
            deadlineNs = nowNs + currentNs();
        }
    }

    /**
     * The leader is not heard of: if the clock runs, the view has a quarter of its time left at most.
     * The quarter doubles with the views that fail, so a detector that is wrong about every leader only delays progress.
     */
    void hasten(final long nowNs) {
        if (deadlineNs != OFF) {
            deadlineNs = Math.min(deadlineNs, nowNs + currentNs() / HASTE);
        }
    }

    /** A block became final: the view serves well. */
    void progress() {
        failures = 0;
        deadlineNs = OFF;
    }

    /** A view ran out of time, or was entered after one had. */
    void viewLost() {
        failures = Math.min(failures + 1, 30);
        deadlineNs = OFF;
    }

    /** Starts again after the time-out was said, to say it again. */
    void restart(final long nowNs) {
        deadlineNs = nowNs + limits.viewTimeoutNs();
    }

    /** Whether the clock runs, and half of the time-out in force is left at most. */
    boolean isHalfOver(final long nowNs) {
        return deadlineNs != OFF && deadlineNs - nowNs <= currentNs() / 2;
    }

    boolean isExpired(final long nowNs) {
        return deadlineNs != OFF && nowNs - deadlineNs >= 0;
    }

    /** The time-out in force. */
    long currentNs() {
        long timeout = limits.viewTimeoutNs();
        for (int i = 1; i < failures && timeout < limits.viewTimeoutMaxNs(); i++) {
            timeout *= 2;
        }
        return Math.min(timeout, limits.viewTimeoutMaxNs());
    }
}
