package org.ztp.transport;

import java.util.List;

/**
 * One process's way to the others of its run. Processes are ranks 0 .. size-1. Between two ranks parcels arrive once
 * and in the order in which one thread sent them, or not at all: what waits for a peer that has gone silent is dropped.
 * Any thread may call; the receiver is called by the transport's own thread.
 */
public interface RankTransport {
    /** This process. */
    int rank();

    /** Processes at the start. */
    int size();

    /** The number of this run, 0 or more, the same at all its ranks, and hardly that of another run. */
    long run();

    /**
     * Sends; never blocks. A parcel for a peer that is out of reach, or has too much waiting, is dropped: the protocol
     * says again what it needs.
     *
     * @param to the rank
     * @param voice in whose name
     * @param parcel what to send
     * @return whether it was taken
     * @throws IllegalArgumentException if there is no such rank, or it is this one
     */
    boolean send(int to, Voice voice, Parcel parcel);

    /** Takes parcels in from now on; before, they are dropped. */
    void receive(Receiver receiver);

    /** Takes in what other ranks send. */
    @FunctionalInterface
    interface Receiver {
        /**
         * A parcel has come.
         *
         * @param rank the sender, as the transport knows it
         * @param voice in whose name it speaks, as it says
         * @param parcel what was sent
         * @return whether there was room
         */
        boolean onParcel(int rank, Voice voice, Parcel parcel);
    }

    /** How it stands with each other rank, in their order. */
    List<PeerState> peers();

    /**
     * Lets what waits go out, says goodbye, and ends the transport. If every rank says goodbye in time, the library is
     * shut down in order. Otherwise (a rank died, or goes on) that would hang: the process has to end with
     * {@link Runtime#halt}, without shutdown hooks of the library.
     *
     * @param waitNs most nanoseconds that this takes
     * @return whether it was shut down in order
     */
    boolean close(long waitNs);
}
