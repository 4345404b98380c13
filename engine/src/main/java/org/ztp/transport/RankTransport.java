package org.ztp.transport;

import java.util.List;

/**
 * One process's way to the others of its run. Processes are ranks 0 .. size-1, and {@link Transport#send} takes a rank.
 * Between two ranks parcels arrive once and in the order in which one thread sent them, or not at all: what waits for a
 * peer that has gone silent is dropped. Any thread may call; the receiver is called by the transport's own thread.
 */
public interface RankTransport extends Transport {
    /** This process. */
    int rank();

    /** Processes at the start. */
    int size();

    /** Takes parcels in from now on; before, they are dropped. */
    void receive(Receiver receiver);

    /** How it stands with each other rank, in their order. */
    List<PeerState> peers();

    /**
     * Lets what waits go out, says goodbye, and ends the transport. If every rank says goodbye in time, the library is shut
     * down in order. Otherwise (a rank died, or goes on) that would hang: the process has to end with
     * {@link Runtime#halt}, without shutdown hooks of the library.
     *
     * @param waitNs most nanoseconds that this takes
     * @return whether it was shut down in order
     */
    boolean close(long waitNs);
}
