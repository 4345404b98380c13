package org.ztp.runtime;

import java.util.List;
import org.ztp.consensus.SignatureCheck;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.VoteSignatures;

/** What the consensus asks of replicas' signatures, answered by those of the ledger. Any thread. */
record ReplicaSignatures(VoteSignatures votes) implements SignatureCheck {
    @Override
    public boolean check(final int replica, final byte[] message, final byte[] signature) {
        return votes.check(replica, message, signature);
    }

    @Override
    public boolean checkAll(final List<Certificate.Signature> signed, final byte[] message) {
        return votes.firstBad(signed, message) < 0;
    }
}
