package org.ztp.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ztp.ledger.VoteSignatures;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Remembers which signatures were good, for the replicas of one process, which all check the same epochs. Any thread. Holds
 * at most twice {@value #GENERATION} hashes: when the young ones are as many, the old ones are forgotten.
 */
final class RememberedSignatures implements VoteSignatures {
    private static final int GENERATION = 8_192;

    private final VoteSignatures signatures;
    private volatile Map<Hash, Boolean> young = new ConcurrentHashMap<>();
    private volatile Map<Hash, Boolean> old = Map.of();

    /** Over what really checks. */
    RememberedSignatures(final VoteSignatures signatures) {
        this.signatures = signatures;
    }

    @Override
    public boolean check(final int replica, final byte[] message, final byte[] signature) {
        final Hash fact = Hash.sha256(new WireWriter(8).u32(replica).u32(message.length).toBytes(), message, signature);
        if (young.containsKey(fact)) {
            return true;
        }
        if (!old.containsKey(fact) && !signatures.check(replica, message, signature)) {
            return false;
        }
        remember(fact);
        return true;
    }

    private synchronized void remember(final Hash fact) {
        if (young.size() >= GENERATION) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(fact, true);
    }
}
