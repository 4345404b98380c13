package org.ztp.tuning;

/**
 * What clients submit, and how fast.
 *
 * @param clients threads, each with a key and a submission of its own
 * @param inFlight most bundles of one client that are submitted and not final
 * @param transactions transactions of a bundle
 * @param payloadBytes payload of each transaction, a RECORD without entity and media type
 * @param rate transactions a second of all clients together, submitted at fixed times whatever the service does; 0 for
 *     as fast as the bundles in flight allow
 */
public record Load(int clients, int inFlight, int transactions, int payloadBytes, double rate) {
    /** Bytes of a RECORD before its payload. */
    public static final int RECORD_HEADER_BYTES = 5;
    /** Most bundles in flight: a submission's window of sequences ends at 1,024. */
    public static final int MAX_IN_FLIGHT = 1_000;

    /** Size of a transaction. */
    public int transactionBytes() {
        return RECORD_HEADER_BYTES + payloadBytes;
    }

    /** Whether bundles are submitted at fixed times. */
    public boolean isPaced() {
        return rate > 0;
    }

    /** Time from one bundle of a client to its next, nanoseconds; only of a paced load. */
    double intervalNs() {
        return 1e9 * transactions * clients / rate;
    }
}
