package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.index.BundlePlace;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/** Answers a bundle whose (client, submission, sequence) was final before with what became of the first one. */
final class DuplicateAnswer {
    private static final int TRIES = 2_000;
    private static final long PAUSE_NS = 2_000_000L;

    private final Supplier<Optional<Replica>> reader;

    /** Reads the index of a replica, which may be a little behind the blocks. */
    DuplicateAnswer(final Supplier<Optional<Replica>> reader) {
        this.reader = reader;
    }

    /** The answer; waits some seconds for the index. */
    ServiceReply of(final byte[] bytes) {
        final Bundle bundle = Bundle.parse(bytes, 0, bytes.length).orElseThrow();
        for (int i = 0; i < TRIES; i++) {
            final Optional<ServiceReply> answer = reader.get().flatMap(
                replica -> find(replica.store().index().queries(), bundle)
                    .or(() -> find(replica.newest().index().queries(), bundle)));
            if (answer.isPresent()) {
                return answer.get();
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return new Refused(Refused.Reason.UNAVAILABLE, "the bundle is final, but no index of it could be read",
            "submit it again: nothing happens twice");
    }

    private static Optional<ServiceReply> find(final IndexQueries queries, final Bundle bundle) {
        final Optional<Hash> first = queries.submission(bundle.client(), bundle.submission(), bundle.sequence());
        final Optional<BundlePlace> place = first.flatMap(queries::bundle);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        final List<TransactionOutcome> outcomes = new ArrayList<>();
        for (final Outcome outcome : queries.outcomes(place.get().height())) {
            if (outcome.batch() == place.get().batch() && outcome.bundle() == place.get().bundle()
                && outcome.transaction() >= 0) {
                outcomes.add(new TransactionOutcome(outcome.transaction(), outcome.code().code(), outcome.detail()));
            }
        }
        return Optional.of(new Submitted(Submitted.Status.DUPLICATE, first.get(), place.get().height(), outcomes));
    }
}
