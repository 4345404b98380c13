package org.ztp.contract.rules;

import java.util.List;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What the state has of one seeker of one dataset; it stays after the seeker was revoked.
 *
 * @param revokedVersion the last version of the contract that took the seeker out, 0 if none did
 * @param transaction the PUBLISH or GRANT with the seeker's latest part
 * @param height height of its block
 * @param ranges the chunks whose second halves that part holds
 * @param openerRoots 32 bytes a replica: the root over its share of that part's opener; not to be changed
 */
public record SeekerState(int revokedVersion, TransactionId transaction, long height, List<ChunkRange> ranges,
                          byte[] openerRoots) {
    /** Keeps the list as it is. */
    public SeekerState {
        ranges = List.copyOf(ranges);
    }

    /** The same, taken out of the contract in this version. */
    SeekerState revokedIn(final int version) {
        return new SeekerState(version, transaction, height, ranges, openerRoots);
    }

    /** Whether all of the chunks are in the part. */
    boolean holds(final List<ChunkRange> chunks) {
        return chunks.stream().allMatch(wanted -> ranges.stream().anyMatch(range -> range.contains(wanted)));
    }

    /** Its bytes. */
    byte[] encode() {
        final WireWriter out = new WireWriter().u32(revokedVersion);
        transaction.encode(out);
        out.u64(height);
        SeekerPart.encodeRanges(ranges, out);
        return out.bytes32(openerRoots).toBytes();
    }

    /** Reads one; the reader fails if it is none. */
    static SeekerState decode(final WireReader in) {
        return new SeekerState(in.u32(), TransactionId.decode(in), in.u64(), SeekerPart.decodeRanges(in),
            in.bytes32(ReplicaBoxes.MAX_REPLICAS * Hash.BYTES));
    }
}
