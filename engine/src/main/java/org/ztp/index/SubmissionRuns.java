package org.ztp.index;

import org.ztp.ledger.Bundle;
import org.ztp.storage.state.KeyValueBatch;
import org.ztp.wire.Hash;

/**
 * The bundles of a block that counted, as entries of {@link IndexTable#SEQUENCES}: one for a run of bundles of one
 * submission whose sequences follow each other, since an entry for each would cost as much as all else of the index.
 * A client that sends one transaction a bundle has many of them in a block, among those of others; so some runs are open
 * at a time, and the one begun longest ago gives way to a new one. Allocates nothing. Used by one thread.
 */
final class SubmissionRuns {
    /** Most bundles of a run: it is read as a whole. */
    static final int BUNDLES = 64;
    private static final int OPEN = 32;

    private final Run[] open = new Run[OPEN];
    private int used;
    private int oldest;

    /** A run that may grow. */
    private static final class Run {
        private final byte[] key = new byte[IndexKeys.SUBMISSION_BYTES];
        private final byte[] ids = new byte[BUNDLES * Hash.BYTES];
        private long last;
        private int count;

        private boolean continuesWith(final Bundle bundle) {
            return last + 1 == bundle.sequence() && count < BUNDLES
                && IndexKeys.isOfSubmission(key, bundle);
        }

        private void add(final Bundle bundle) {
            IndexKeys.submission(bundle, key);
            bundle.id().copyTo(ids, count * Hash.BYTES);
            last = bundle.sequence();
            count++;
        }

        private void end(final KeyValueBatch changes) {
            changes.put(IndexTable.SEQUENCES.ordinal(), key, ids, count * Hash.BYTES);
            count = 0;
        }
    }

    /** Begins a block; what an earlier one left that could not be finished is forgotten. */
    void begin() {
        for (int i = 0; i < used; i++) {
            open[i].count = 0;
        }
        used = 0;
        oldest = 0;
    }

    /** Takes the next bundle that counted, and writes a run if it has to end one. */
    void add(final Bundle bundle, final KeyValueBatch changes) {
        for (int i = 0; i < used; i++) {
            if (open[i].continuesWith(bundle)) {
                open[i].add(bundle);
                return;
            }
        }
        vacant(changes).add(bundle);
    }

    private Run vacant(final KeyValueBatch changes) {
        if (used < OPEN) {
            if (open[used] == null) {
                open[used] = new Run();
            }
            return open[used++];
        }
        final Run run = open[oldest];
        oldest = (oldest + 1) % OPEN;
        run.end(changes);
        return run;
    }

    /** Writes the runs that are open: a block's entries are complete. */
    void end(final KeyValueBatch changes) {
        for (int i = 0; i < used; i++) {
            open[i].end(changes);
        }
        begin();
    }
}
