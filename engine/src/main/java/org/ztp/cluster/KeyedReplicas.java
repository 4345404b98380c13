package org.ztp.cluster;

import java.util.List;
import org.ztp.crypto.SignatureBatch;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKey;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.VoteSignatures;

/** Replicas' signatures: Ed25519 with the keys of the genesis, alone and in batches by one rule. Any thread. */
final class KeyedReplicas implements VoteSignatures {
    private static final ThreadLocal<SignatureBatch> BATCH =
        ThreadLocal.withInitial(() -> new SignatureBatch(new SystemRandomness()));

    private final List<VerifyKey> keys;

    KeyedReplicas(final List<VerifyKey> keys) {
        this.keys = keys;
    }

    @Override
    public boolean check(final int replica, final byte[] message, final byte[] signature) {
        return isKnown(replica) && keys.get(replica).verify(signature, message);
    }

    @Override
    public int firstBad(final List<Certificate.Signature> votes, final byte[] message) {
        final SignatureBatch batch = BATCH.get();
        for (int from = 0; from < votes.size(); from += SignatureBatch.LIMIT) {
            final int to = Math.min(votes.size(), from + SignatureBatch.LIMIT);
            batch.clear();
            for (final Certificate.Signature vote : votes.subList(from, to)) {
                if (isKnown(vote.replica()) && vote.bytes().length == VerifyKey.SIGNATURE_BYTES) {
                    batch.add(keys.get(vote.replica()), vote.bytes(), 0, message, 0, message.length);
                } else {
                    batch.addRefused();
                }
            }
            batch.check();
            for (int i = from; i < to; i++) {
                if (!batch.holds(i - from)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private boolean isKnown(final int replica) {
        return replica >= 0 && replica < keys.size();
    }
}
