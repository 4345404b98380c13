package org.ztp.mpi;

/**
 * Bounds of the links of a rank.
 *
 * @param incarnation of this process: in each frame, so that no frame of an earlier life counts
 * @param window most data frames of one link that are not acknowledged
 * @param maxParcel largest parcel, bytes
 * @param maxWaiting most bytes that wait for one peer
 * @param silenceNs frames unacknowledged for so long without a word: the peer is silent, nanoseconds
 */
record LinkSetting(long incarnation, int window, int maxParcel, long maxWaiting, long silenceNs) {
    /** Most unacknowledged frames of a link, whatever the number of peers. */
    static final int MAX_WINDOW = 32;
    /** Most unacknowledged frames of all links together: beyond about 512 Open MPI stalls sends to everybody. */
    static final int MAX_STUCK = 400;
    /** Acknowledgements are held back so long for a data frame to carry them, nanoseconds. */
    static final long ACKNOWLEDGE_NS = 500_000;

    /** The window of each link of a rank with so many peers. */
    static int window(final int peers) {
        return Math.max(1, Math.min(MAX_WINDOW, MAX_STUCK / Math.max(1, peers)));
    }
}
