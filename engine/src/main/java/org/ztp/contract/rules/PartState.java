package org.ztp.contract.rules;

import java.util.List;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.ReplicaBoxes;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A seeker's part as the state has it; never changed, so that a request is served, and judged, by the part that it was
 * allowed with, also after a later GRANT brought another.
 *
 * @param height height of the block with its PUBLISH or GRANT
 * @param ranges the chunks whose second halves it holds
 * @param openerRoots 32 bytes a replica: the root over its share of the opener; not to be changed
 */
public record PartState(long height, List<ChunkRange> ranges, byte[] openerRoots) {
    /** Keeps the list as it is. */
    public PartState {
        ranges = List.copyOf(ranges);
    }

    /** Whether all of the chunks are in the part. Both ascend, so one walk along them is enough. */
    boolean holds(final List<ChunkRange> chunks) {
        int at = 0;
        for (final ChunkRange wanted : chunks) {
            while (at < ranges.size() && ranges.get(at).last() < wanted.last()) {
                at++;
            }
            if (at == ranges.size() || !ranges.get(at).contains(wanted)) {
                return false;
            }
        }
        return true;
    }

    /** Its bytes. */
    byte[] encode() {
        final WireWriter out = new WireWriter().u64(height);
        SeekerPart.encodeRanges(ranges, out);
        return out.bytes32(openerRoots).toBytes();
    }

    /** Reads one; the reader fails if it is none. */
    static PartState decode(final WireReader in) {
        return new PartState(in.u64(), SeekerPart.decodeRanges(in),
            in.bytes32(ReplicaBoxes.MAX_REPLICAS * Hash.BYTES));
    }
}
