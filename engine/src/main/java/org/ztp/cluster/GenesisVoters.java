package org.ztp.cluster;

import java.util.List;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;

/** Whose signatures count, and how they are checked: Ed25519 (RFC 8032) with the genesis' keys. */
public final class GenesisVoters {
    private GenesisVoters() {
    }

    /** Who votes in each sub-cluster, by its number: with the chain's name all that a receipt's verifier needs. */
    public static List<Voters> of(final Genesis genesis) {
        final Hash chain = genesis.chain();
        final VoteSignatures signatures = signatures(genesis);
        return genesis.subClusters().stream()
            .map(group -> new Voters(chain, group.id(), group.members(), group.quorum(), signatures)).toList();
    }

    /** Checks replicas' signatures; who is not in the genesis has signed nothing. */
    public static VoteSignatures signatures(final Genesis genesis) {
        return new KeyedReplicas(genesis.replicas().stream().map(GenesisReplica::signingKey).toList());
    }

    /**
     * Checks clients' signatures, alone or many at once; decoded keys are kept in the cache, which threads may share.
     */
    public static ClientSignatures clients(final VerifyKeys cache) {
        return new KeyedClients(cache);
    }
}
