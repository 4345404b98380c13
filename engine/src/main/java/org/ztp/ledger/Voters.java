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
 * @param root what the chain is built on
 */
public record Voters(Hash chain, int subCluster, List<Integer> members, int quorum, VoteSignatures signatures,
                     Root root) {
    /** Keeps the list as it is. */
    public Voters {
        members = List.copyOf(members);
    }

    /** Voters of a chain that is built on its genesis. */
    public Voters(final Hash chain, final int subCluster, final List<Integer> members, final int quorum,
                  final VoteSignatures signatures) {
        this(chain, subCluster, members, quorum, signatures, Root.genesis(chain));
    }
}
