package org.ztp.contract.rules;

import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What the state has of one seeker of one dataset; it stays after the seeker was revoked. 40 bytes.
 *
 * @param revokedVersion the last version of the contract that took the seeker out, 0 if none did
 * @param part the PUBLISH or GRANT with the seeker's latest part
 */
public record SeekerState(int revokedVersion, TransactionId part) {
    /** Its bytes. */
    byte[] encode() {
        final WireWriter out = new WireWriter().u32(revokedVersion);
        part.encode(out);
        return out.toBytes();
    }

    /** Reads one; the reader fails if it is none. */
    static SeekerState decode(final WireReader in) {
        return new SeekerState(in.u32(), TransactionId.decode(in));
    }
}
