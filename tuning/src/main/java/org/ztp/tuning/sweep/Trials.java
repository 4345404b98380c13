package org.ztp.tuning.sweep;

import org.ztp.tuning.Load;

/** The way to a machine, and its clock. Two exist: a real cluster, and a model of one in tests. */
public interface Trials {
    /**
     * Runs a service with these settings under a load.
     *
     * @param point settings; all others are the same in each run
     * @param load what clients do
     * @param warmupNs load before the measured time, nanoseconds
     * @param measuredNs measured time, nanoseconds
     */
    Outcome measure(Point point, Load load, long warmupNs, long measuredNs);

    /** Time that passes also while something is measured, nanoseconds from any origin. */
    long nanoTime();
}
