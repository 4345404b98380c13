package org.ztp.team;

/** What every thread of a team does once in a parallel region. */
@FunctionalInterface
public interface RegionBody {
    /**
     * Runs the thread's part.
     *
     * @param threadIndex 0 .. threads - 1; the master is 0
     */
    void run(int threadIndex);
}
