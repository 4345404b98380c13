package org.ztp.transport;

/**
 * How it stands with another rank.
 *
 * @param rank which
 * @param condition whether it is sent to
 * @param waitingParcels parcels that wait to be sent
 * @param waitingBytes their bytes
 * @param unacknowledged frames on their way
 * @param sent parcels sent since the start
 * @param received parcels received since the start
 * @param dropped parcels for it that were refused or dropped
 * @param refused parcels from it that were no parcels, too large, or found no room
 */
public record PeerState(int rank, Condition condition, int waitingParcels, long waitingBytes, int unacknowledged,
                        long sent, long received, long dropped, long refused) {
    /** Whether a rank is sent to. */
    public enum Condition {
        /** It answers. */
        REACHABLE,
        /** It has not answered for longer than the limit: nothing is sent until it is heard again. */
        SILENT,
        /** It has said goodbye. */
        LEFT,
        /** The library failed, or the rank sent what no rank sends: there is no way back in this run. */
        BROKEN
    }
}
