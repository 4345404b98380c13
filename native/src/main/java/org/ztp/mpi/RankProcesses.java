package org.ztp.mpi;

import java.util.Set;

/** Reaches the processes of ranks, wherever they run. Any thread may call. */
interface RankProcesses {
    /** A rank has said, in joining the others or once more in being ready, what its process is. */
    void joined(int rank, long pid, String node);

    /** Whether the process of a rank that has come is known to have ended, ready or not. */
    boolean isGone(Arrivals.Place place);

    /** A rank has said that it has stopped, or could not in order, and is about to end. */
    void stopped(int rank);

    /** Whether the process of a rank that had joined is known to have ended, from having seen it. */
    boolean hasEnded(int rank);

    /** The ranks that had joined, ready or not, and may still run. */
    Set<Integer> running();

    /** Asks some of those that may still run to stop in order, as far as they can be reached now. */
    void askToStop(Set<Integer> ranks) throws InterruptedException;

    /** Kills what still runs and can be reached. */
    void kill();
}
