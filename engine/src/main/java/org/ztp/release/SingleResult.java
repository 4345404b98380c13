package org.ztp.release;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.ztp.contract.transaction.Evidence;

/**
 * What single shares came to.
 *
 * @param vector the first halves of the chunks, then the opener, 32 bytes each, which the caller overwrites; empty if
 *     fewer than f + 1 replicas sent good shares
 * @param bad ids of the replicas whose answers are of no use, with the reason, for people
 * @param evidence proof against those of them that signed a wrong share, to be recorded on the ledger
 */
public record SingleResult(Optional<byte[]> vector, SortedMap<Integer, String> bad, List<Evidence> evidence) {
    /** Keeps the list as it is. */
    public SingleResult {
        evidence = List.copyOf(evidence);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "SingleResult[joined=" + vector.isPresent() + " bad=" + bad + " evidence=" + evidence.size() + "]";
    }
}
