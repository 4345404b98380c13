package org.ztp.privacy;

import java.util.List;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.transaction.Publish;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.wire.Hash;

/**
 * The public keys of the replicas of a dataset's sub-cluster. Replicas are numbered by their place among its members,
 * from 0.
 *
 * @param chain hash of the genesis
 * @param signing check what replicas signed
 * @param sealing what is for one replica alone is sealed to its key
 * @param subCluster number of the sub-cluster
 * @param subClusters how many there are
 */
public record SubClusterKeys(Hash chain, List<VerifyKey> signing, List<X25519PublicKey> sealing, int subCluster,
                             int subClusters) {
    /** The keys of the only sub-cluster. */
    public SubClusterKeys(final Hash chain, final List<VerifyKey> signing, final List<X25519PublicKey> sealing) {
        this(chain, signing, sealing, 0, 1);
    }

    /** The keys of one sub-cluster. */
    public static SubClusterKeys of(final Genesis genesis, final SubCluster group) {
        final List<GenesisReplica> members = group.members().stream().map(genesis.replicas()::get).toList();
        return new SubClusterKeys(genesis.chain(), members.stream().map(GenesisReplica::signingKey).toList(),
            members.stream().map(GenesisReplica::sealingKey).toList(), group.id(), genesis.subClusters().size());
    }

    /** The keys of the sub-cluster that a dataset belongs to. */
    public static SubClusterKeys of(final Genesis genesis, final Hash dataset) {
        return of(genesis, SubClusters.of(genesis).homeOf(dataset));
    }

    /** Keeps the lists; refuses lists of different or useless lengths. */
    public SubClusterKeys {
        signing = List.copyOf(signing);
        sealing = List.copyOf(sealing);
        if (signing.size() != sealing.size() || signing.isEmpty() || signing.size() > SecretSharing.MAX_SHARES) {
            throw new IllegalArgumentException("replicas: signing=" + signing.size() + " sealing=" + sealing.size());
        }
    }

    /** Whether a dataset belongs to this sub-cluster. */
    public boolean isHomeOf(final Hash dataset) {
        return SubClusters.homeOf(dataset, subClusters) == subCluster;
    }

    /** Number of replicas. */
    public int replicas() {
        return sealing.size();
    }

    /** How secrets are shared among them. */
    public SecretSharing sharing() {
        return SecretSharing.amongReplicas(replicas());
    }

    /**
     * What the boxes of a dataset are bound to.
     *
     * @param owner who signed the PUBLISH: an Ed25519 key
     * @throws IllegalArgumentException when the owner's key is none, which no signer's is
     */
    public DatasetContext context(final Hash owner, final Publish publish) {
        return new DatasetContext(chain, VerifyKey.decode(owner.toBytes(), 0).orElseThrow(
            () -> new IllegalArgumentException("the owner's key is no Ed25519 key: " + owner)), publish.nonce());
    }
}
