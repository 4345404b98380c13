package org.ztp.cluster;

import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PublicKey;

/**
 * One replica as the genesis names it.
 *
 * @param id its number, from 0 without gaps
 * @param subCluster the sub-cluster that it is a member of
 * @param signingKey checks its votes
 * @param sealingKey what is for it alone is sealed to this key
 */
public record GenesisReplica(int id, int subCluster, VerifyKey signingKey, X25519PublicKey sealingKey) {
}
