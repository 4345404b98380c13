package org.ztp.release;

import org.ztp.crypto.Hpke;
import org.ztp.crypto.VerifyKey;
import org.ztp.privacy.KeyVector;
import org.ztp.privacy.ShareOpening;
import org.ztp.wire.Hash;

/**
 * Bounds of the release core.
 *
 * @param runs most releases that this replica drives for its clients at once; beyond it: BUSY
 * @param callsPerPeer most contributions that one gateway may have under way here, and most of them in work, those whose
 *     calls were replaced or are over included; beyond either: BUSY
 * @param bytesPerPeer most bytes of accumulations that one gateway may have under way here; beyond it: BUSY
 * @param vectorBytes longest accumulated vector: 32 for each chunk of the request, and 32; beyond it: TOO_LARGE
 * @param attemptTimeoutNs one attempt of an accumulation, or the first wait for single shares
 * @param totalTimeoutNs all of a release; one with f dead replicas needs f + 2 attempts at most
 * @param ledgerWaitNs how long a replica waits for its own ledger to come to what it is asked for
 * @param retryNs pause before a look-up is repeated, and between two rounds of attempts
 */
public record ReleaseLimits(int runs, int callsPerPeer, long bytesPerPeer, int vectorBytes, long attemptTimeoutNs,
                            long totalTimeoutNs, long ledgerWaitNs, long retryNs) {
    /** Shortest vector: one chunk and the opener. */
    public static final int MIN_VECTOR_BYTES = 2 * KeyVector.ENTRY_BYTES;
    /** Longest vector of any configuration: 2^20 chunks and the opener, 32 MiB and 32 bytes. */
    public static final int MAX_VECTOR_BYTES = (KeyVector.MAX_CHUNKS + 1) * KeyVector.ENTRY_BYTES;
    /** Most chunks whose shares are sent singly at once. */
    public static final int MAX_SINGLE_CHUNKS = 1024;

    /** Largest message with single shares of the most chunks. */
    public static final int MAX_SEALED_BYTES = sealedBytesAtMost(MAX_SINGLE_CHUNKS);

    /** Most bytes of what a client is given at once of all replicas' single shares; smaller than the longest reply. */
    private static final int SINGLE_ANSWER_BYTES = 64 << 20;

    private static final long SECOND = 1_000_000_000L;

    /** Checks the ranges. */
    public ReleaseLimits {
        if (runs < 1 || callsPerPeer < 1 || bytesPerPeer < vectorBytes || vectorBytes < MIN_VECTOR_BYTES
            || vectorBytes > MAX_VECTOR_BYTES || attemptTimeoutNs < 1 || totalTimeoutNs < attemptTimeoutNs
            || ledgerWaitNs < 0 || retryNs < 1) {
            throw new IllegalArgumentException("release limits: runs=" + runs + " callsPerPeer=" + callsPerPeer
                + " bytesPerPeer=" + bytesPerPeer + " vectorBytes=" + vectorBytes + " attemptTimeoutNs="
                + attemptTimeoutNs + " totalTimeoutNs=" + totalTimeoutNs + " ledgerWaitNs=" + ledgerWaitNs
                + " retryNs=" + retryNs);
        }
    }

    /** Most bytes of a message with single shares of so many chunks; see {@link org.ztp.privacy.SingleShares}. */
    static int sealedBytesAtMost(final int chunks) {
        final int opening = Integer.BYTES + 2 * KeyVector.ENTRY_BYTES + 1 + ShareOpening.MAX_PATH_HASHES * Hash.BYTES;
        return Hpke.OVERHEAD_BYTES + Integer.BYTES + (chunks + 1) * (Short.BYTES + opening)
            + 2 * VerifyKey.SIGNATURE_BYTES;
    }

    /** How many chunks' shares are asked for singly at once, so that the answers of so many replicas fit one reply. */
    public static int singleChunks(final int replicas) {
        final int alone = sealedBytesAtMost(0);
        final int chunk = sealedBytesAtMost(1) - alone;
        return Math.max(1, Math.min(MAX_SINGLE_CHUNKS, (SINGLE_ANSWER_BYTES / replicas - alone) / chunk));
    }

    /** Limits for a group with up to f faults: attempts of two seconds, and time for all that the faulty can spoil. */
    public static ReleaseLimits forFaults(final int faults) {
        return new ReleaseLimits(16, 32, 128L << 20, MAX_VECTOR_BYTES, 2 * SECOND, (faults + 5) * 2 * SECOND,
            SECOND / 2, SECOND / 20);
    }
}
