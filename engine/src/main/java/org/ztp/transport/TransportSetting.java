package org.ztp.transport;

/**
 * Bounds of a transport between processes.
 *
 * @param parcelBytes largest parcel, bytes, 1 KiB .. 1 GiB
 * @param peerBytes most bytes that wait for one peer, and most that are put together from one; at least a parcel
 * @param silenceNs a peer that leaves frames unacknowledged for so long is silent, nanoseconds
 * @param startNs most time for all ranks to come together, nanoseconds
 * @param waiting what the transport's thread does when there is nothing to do
 * @param watcher who is told
 */
public record TransportSetting(int parcelBytes, long peerBytes, long silenceNs, long startNs, Waiting waiting,
                               Watcher watcher) {
    /** What a thread does when there is nothing to do. */
    public enum Waiting {
        /** It looks again at once: a core for itself, the fastest answer. */
        SPIN,
        /** It lets others run, then looks again. */
        YIELD,
        /** It spins, yields, then rests, longer and longer, up to a millisecond. */
        PARK
    }

    /** Told by the transport's thread; must not block. */
    public interface Watcher {
        /**
         * A peer is reachable again, or no longer.
         *
         * @param rank which
         * @param condition as it is now
         */
        void changed(int rank, PeerState.Condition condition);

        /** The transport cannot go on: the process should end. */
        void failed(Throwable cause);
    }

    /** Checks the ranges. */
    public TransportSetting {
        if (parcelBytes < 1 << 10 || parcelBytes > 1 << 30) {
            throw new IllegalArgumentException("parcel bytes: expected=1024 .. 1073741824 actual=" + parcelBytes);
        }
        if (peerBytes < parcelBytes) {
            throw new IllegalArgumentException("peer bytes: least=" + parcelBytes + " actual=" + peerBytes);
        }
        if (silenceNs <= 0 || startNs <= 0) {
            throw new IllegalArgumentException("times: silence=" + silenceNs + " start=" + startNs);
        }
    }
}
