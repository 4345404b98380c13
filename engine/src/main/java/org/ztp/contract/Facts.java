package org.ztp.contract;

import java.util.Set;
import java.util.function.ToIntFunction;
import org.ztp.wire.Hash;

/**
 * What is known of a request when it is decided; all of it is on the ledger.
 *
 * @param seeker key of who asks
 * @param chunks what is asked for
 * @param purpose what for; may be empty
 * @param timeMillis time of the block that decides, milliseconds since 1970
 * @param used allowed requests of this seeker so far, by the range of the clause that they touched
 * @param approvals keys of those who approved this request
 */
public record Facts(Hash seeker, ChunkRange chunks, String purpose, long timeMillis, ToIntFunction<ChunkRange> used,
                    Set<Hash> approvals) {
    /** Copies the approvals. */
    public Facts {
        approvals = Set.copyOf(approvals);
    }
}
