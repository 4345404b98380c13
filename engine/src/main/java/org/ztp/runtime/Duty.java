package org.ztp.runtime;

/** What one thread does again and again. Driven by a {@link DutyThread} or {@link SharedThread}, or by hand in
 * a test. */
interface Duty {
    /**
     * Does what there is to do, without blocking for long.
     *
     * @return how much was done; 0 lets the thread rest
     */
    int work();

    /** How long the thread may rest when there is nothing to do and nobody signals, nanoseconds. */
    long restNs();
}
