package org.ztp.transport;

/** One replica's way to its peers. Messages may be lost, delayed, doubled and reordered, never altered or forged. */
public interface Transport {
    /**
     * Sends; never blocks. A parcel for a peer that is out of reach, or has too much waiting, is dropped: the protocol
     * says again what it needs.
     *
     * @param to the peer's id
     * @param parcel what to send
     * @return whether it was taken
     */
    boolean send(int to, Parcel parcel);

    /** Takes in what peers send; called by the transport's thread, or by the sender's inside a process. */
    @FunctionalInterface
    interface Receiver {
        /**
         * A parcel has come.
         *
         * @param from the sender, as the transport knows it
         * @param parcel what was sent
         * @return whether there was room
         */
        boolean onParcel(int from, Parcel parcel);
    }
}
