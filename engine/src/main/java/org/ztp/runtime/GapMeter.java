package org.ztp.runtime;

/** Measures how long blocks were missing while there was work. Single writer: the replica's thread; read by any. */
final class GapMeter {
    /** A shorter time without a block is no gap. */
    static final long LEAST_NS = 200_000_000L;

    private long sinceNs;
    private boolean waiting;
    private volatile Gap last = new Gap(0, 0);

    /**
     * A time without a block.
     *
     * @param millis how long, 0 for never
     * @param endMillis when it ended, milliseconds since 1970
     */
    record Gap(long millis, long endMillis) { }

    /** Whether there is work that waits for a block. */
    void look(final boolean work, final long nowNs) {
        if (work && !waiting) {
            sinceNs = nowNs;
        }
        waiting = work;
    }

    /** A block is final. */
    void finalized(final long nowNs, final long nowMillis) {
        if (waiting && nowNs - sinceNs >= LEAST_NS) {
            last = new Gap((nowNs - sinceNs) / 1_000_000, nowMillis);
        }
        sinceNs = nowNs;
    }

    Gap last() {
        return last;
    }
}
