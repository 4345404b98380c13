package org.ztp.ledger;

import java.util.List;
import org.ztp.wire.Hash;

/**
 * Whose votes count for a sub-cluster's chain, as the genesis says.
 *
 * @param chain hash of the genesis
 * @param subCluster number of the sub-cluster
 * @param members its replicas
 * @param quorum how many of them make a certificate
 * @param signatures checks what they signed
 */
public record Voters(Hash chain, int subCluster, List<Integer> members, int quorum, VoteSignatures signatures) {
    /** Keeps the list as it is. */
    public Voters {
        members = List.copyOf(members);
    }
}
