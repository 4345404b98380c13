package org.ztp.ledger.state;

import org.ztp.ledger.Bundle;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.merkle.Sha256;

/** Tells which bundles a state has taken in before, and which it would not take in. Owned by one thread; allocates nothing. */
public final class TakenBundles {
    private final Sha256 hasher = new Sha256();
    private final byte[] key = new byte[SubmissionWindow.KEY_BYTES];
    private final byte[] keyHash = new byte[Sha256.LENGTH];

    /** For any states. */
    public TakenBundles() {
    }

    /**
     * Whether (client, submission, sequence) of a bundle was taken in before a state.
     *
     * @param state a state that {@link Executor} made
     * @param bundle the bundle
     */
    public boolean contains(final LedgerState state, final Bundle bundle) {
        final byte[] window = window(state, bundle);
        return window != null && SubmissionWindow.isMarked(window, bundle.sequence());
    }

    /**
     * What would become of a bundle in a block on a state: ACCEPTED, DUPLICATE if (client, submission, sequence) was taken in
     * before, or TOO_FAR_AHEAD. A bundle that is not too far ahead of a state is so of no later one.
     *
     * @param state a state that {@link Executor} made
     * @param bundle the bundle
     */
    public Outcome.Code outcome(final LedgerState state, final Bundle bundle) {
        return SubmissionWindow.look(window(state, bundle), bundle.sequence());
    }

    private byte[] window(final LedgerState state, final Bundle bundle) {
        SubmissionWindow.key(bundle, key);
        hasher.update(key, 0, key.length).digest(keyHash, 0);
        return ((BlockState) state).tree().value(keyHash);
    }
}
