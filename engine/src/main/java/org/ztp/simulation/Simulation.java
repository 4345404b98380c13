package org.ztp.simulation;

import java.util.Map;

/** One simulated run: the same seed gives the same run. */
public sealed interface Simulation permits SimulatedCluster, SimulatedAllocation {
    /** Its course, which can be followed and ended early. */
    Course course();

    /** What goes wrong in this one, for people. */
    String faults();

    /**
     * Runs, checking after every step.
     *
     * @param seconds simulated seconds with faults
     * @param bundlesPerSecond how much clients submit
     * @return counts of what happened
     * @throws InvariantViolation if a promise was broken
     */
    Map<String, Integer> run(int seconds, int bundlesPerSecond);
}
