package org.ztp.privacy;

import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.SubCluster;
import org.ztp.contract.rules.ContractRules;
import org.ztp.contract.rules.Membership;
import org.ztp.wire.Hash;

/**
 * The rules of a sub-cluster's transactions, with evidence checked against its replicas' keys: made in one place, so
 * that who verifies a ledger executes it as the service did.
 */
public final class SharingRules {
    private SharingRules() {
    }

    /** The rules of a sub-cluster. */
    public static ContractRules of(final Genesis genesis, final SubCluster group) {
        final SubClusterKeys keys = SubClusterKeys.of(genesis, group);
        return new ContractRules(genesis.chain(), group.size(), new ShareProof(keys), keys::isHomeOf,
            new Membership(group.members(), keys.signing().stream().map(key -> Hash.of(key.bytes())).toList(),
                group.quorum(), GenesisVoters.signatures(genesis)::check));
    }
}
