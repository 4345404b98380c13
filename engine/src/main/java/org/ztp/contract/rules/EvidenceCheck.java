package org.ztp.contract.rules;

import java.util.Optional;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Evidence;
import org.ztp.wire.Hash;

/** Decides whether evidence against a replica holds. Deterministic; any bytes may be in the evidence. */
@FunctionalInterface
public interface EvidenceCheck {
    /**
     * Why the evidence does not hold; empty if it does.
     *
     * @param evidence what was recorded
     * @param asked the chunks of the request that it names
     * @param root the root that was committed to for the replica's shares
     * @param entries number of shares under that root
     */
    Optional<String> refusal(Evidence evidence, ChunkRange asked, Hash root, int entries);
}
