package org.ztp.mpi;

/** Reaches the processes of ranks, wherever they run. Any thread may call. */
interface RankProcesses {
    /** A rank has said that it is ready. */
    void ready(int rank, long pid, String node);

    /** A rank has said that it has stopped, and is about to end. */
    void stopped(int rank);

    /** Whether the process of a rank that was ready is known to have ended, from having seen it. */
    boolean hasEnded(int rank);

    /** Whether a rank that was ready may still run. */
    boolean anyRuns();

    /** Asks all of them to stop in order. */
    void askToStop() throws InterruptedException;

    /** Kills what still runs and can be reached. */
    void kill();
}
