package org.ztp.transport;

/** Joins the other processes of a run. Implementations are found by {@link java.util.ServiceLoader}. */
public interface TransportProvider {
    /** What users call it, such as {@code mpi}. */
    String name();

    /**
     * Joins the run; waits until all its processes are there. Once in the life of a process.
     *
     * @param setting bounds and who is told
     * @return the way to the other ranks; it receives nothing before {@link RankTransport#receive}
     * @throws TransportException if this process was not started as a rank, or the others did not come in time
     */
    RankTransport open(TransportSetting setting) throws TransportException;
}
