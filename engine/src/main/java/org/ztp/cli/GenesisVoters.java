package org.ztp.cli;

import java.util.List;
import org.ztp.cluster.Genesis;
import org.ztp.crypto.VerifyKey;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.Voters;

/** Whose signatures count by a genesis, checked with Ed25519. */
final class GenesisVoters {
    private GenesisVoters() {
    }

    /** Who votes in each sub-cluster. */
    static List<Voters> of(final Genesis genesis) {
        final VoteSignatures signatures = (replica, message, signature) -> replica >= 0
            && replica < genesis.replicas().size()
            && genesis.replicas().get(replica).signingKey().verify(signature, message);
        return genesis.subClusters().stream().map(subCluster -> new Voters(genesis.chain(), subCluster.id(),
            subCluster.members(), subCluster.quorum(), signatures)).toList();
    }

    /** Checks clients' signatures. */
    static ClientSignatures clients() {
        return (key, keyOffset, signature, signatureOffset, message) -> VerifyKey.decode(key, keyOffset)
            .map(client -> client.verify(signature, signatureOffset, message, 0, message.length)).orElse(false);
    }
}
