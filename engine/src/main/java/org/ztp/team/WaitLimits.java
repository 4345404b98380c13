package org.ztp.team;

/**
 * How long a waiting thread stays awake before it parks.
 *
 * @param spins  looks with a pause instruction between them, 0 .. 1,000,000
 * @param yields looks after that with the processor given up between them, 0 .. 1,000,000
 */
public record WaitLimits(int spins, int yields) {
    private static final int MAX = 1_000_000;

    /** Parks at once. */
    public static final WaitLimits PARK = new WaitLimits(0, 0);

    /** Checks the ranges. */
    public WaitLimits {
        if (spins < 0 || spins > MAX || yields < 0 || yields > MAX) {
            throw new IllegalArgumentException(
                    "wait limits: spins=" + spins + " yields=" + yields + " allowed=0.." + MAX);
        }
    }

    /**
     * Some ten microseconds awake when every thread has a processor of its own; no spinning when they have not, because
     * then a spinning thread holds up the one it waits for.
     */
    public static WaitLimits forThreads(int threads, int processors) {
        return threads <= processors ? new WaitLimits(500, 20) : new WaitLimits(0, 5);
    }
}
