package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.SignatureQueue;
import org.ztp.wire.Hash;

/**
 * One thread's part of the fork: it hashes bundles at once, and checks their signatures when there are enough of them
 * to be checked together, or when {@link #settle} says that no more come. Owned by one thread inside a region of the
 * team, and by the master between regions.
 */
final class IngestLane {
    private final int thread;
    private final BundleHasher hasher;
    private final SignatureQueue queue;
    private final Outcomes outcomes;
    private final List<Object> owners = new ArrayList<>();
    private final List<Bundle> bundles = new ArrayList<>();

    /** Takes what was found out, on the lane's thread. */
    interface Outcomes {
        /**
         * A bundle was checked.
         *
         * @param thread index of the lane
         * @param owner as it was given with the bundle
         * @param signed whether its client signed it
         */
        void checked(int thread, Object owner, Bundle bundle, boolean signed);
    }

    IngestLane(final int thread, final Hash chain, final ClientSignatures signatures, final Outcomes outcomes) {
        this.thread = thread;
        this.hasher = new BundleHasher(chain);
        this.queue = signatures.queue();
        this.outcomes = outcomes;
    }

    /** Hashes for the lane's thread. */
    BundleHasher hasher() {
        return hasher;
    }

    /** Computes a bundle's id, and has its signature checked sooner or later. */
    void add(final Object owner, final Bundle bundle) {
        hasher.enqueue(bundle, queue);
        owners.add(owner);
        bundles.add(bundle);
        if (bundles.size() == SignatureQueue.LIMIT) {
            settle();
        }
    }

    /** Checks what was not checked yet. */
    void settle() {
        queue.check();
        for (int i = 0; i < bundles.size(); i++) {
            outcomes.checked(thread, owners.get(i), bundles.get(i), queue.holds(i));
        }
        queue.clear();
        owners.clear();
        bundles.clear();
    }
}
