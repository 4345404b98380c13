package org.ztp.simulation;

import java.util.Map;
import java.util.function.Consumer;

/** One simulated run: the same seed gives the same run. */
public sealed interface Simulation permits SimulatedCluster, SimulatedAllocation {
    /** Has every step told, one line each. */
    Simulation tracedTo(Consumer<String> lines);

    /** Ends the run after so many steps; what would have healed later is then not waited for. */
    Simulation stoppedAfter(long steps);

    /** How many steps it has taken. */
    long steps();

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
