package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ztp.consensus.safety.Signer;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.VoteSignatures;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Remembers which signatures were made here or found good, so that none is checked twice: the same vote comes alone, in
 * certificates, and to all replicas of one process. What is remembered is the hash of replica, message and signature,
 * so whatever differs in a bit is checked. Any thread. Holds at most twice {@value #GENERATION} hashes: when the young
 * ones are as many, the old ones are forgotten.
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
        final Hash fact = fact(replica, message, signature);
        final boolean good = isKnown(fact) || signatures.check(replica, message, signature);
        if (good) {
            remember(fact);
        }
        return good;
    }

    @Override
    public int firstBad(final List<Certificate.Signature> votes, final byte[] message) {
        final List<Hash> facts = new ArrayList<>();
        final List<Integer> places = new ArrayList<>();
        final List<Certificate.Signature> unknown = new ArrayList<>();
        for (int i = 0; i < votes.size(); i++) {
            final Hash fact = fact(votes.get(i).replica(), message, votes.get(i).bytes());
            if (!isKnown(fact)) {
                facts.add(fact);
                places.add(i);
                unknown.add(votes.get(i));
            }
        }
        final int bad = signatures.firstBad(unknown, message);
        facts.subList(0, bad < 0 ? facts.size() : bad).forEach(this::remember);
        return bad < 0 ? -1 : places.get(bad);
    }

    /** A replica of this process, whose own signatures need no check here. */
    Signer signer(final int replica, final Signer signer) {
        return message -> {
            final byte[] signature = signer.sign(message);
            remember(fact(replica, message, signature));
            return signature;
        };
    }

    private static Hash fact(final int replica, final byte[] message, final byte[] signature) {
        return Hash.sha256(new WireWriter(8).u32(replica).u32(message.length).toBytes(), message, signature);
    }

    private boolean isKnown(final Hash fact) {
        return young.containsKey(fact) || old.containsKey(fact);
    }

    private void remember(final Hash fact) {
        if (!young.containsKey(fact)) {
            enter(fact);
        }
    }

    private synchronized void enter(final Hash fact) {
        if (young.size() >= GENERATION) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
        young.put(fact, true);
    }
}
