package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.index.BundlePlace;
import org.ztp.index.IndexQueries;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/** Answers a bundle whose (client, submission, sequence) was final before with what became of the first one. */
final class DuplicateAnswer {
    private DuplicateAnswer() {
    }

    /**
     * The answer; empty while the replica's index, which may be a little behind the blocks, has it not. A replica that goes on
     * from a snapshot, and has no index of what is missing, says so.
     */
    static Optional<ServiceReply> of(final byte[] bytes, final Replica reader) {
        final Bundle bundle = Bundle.parse(bytes, 0, bytes.length).orElseThrow();
        return find(reader.store().index().queries(), bundle)
            .or(() -> find(reader.newest().index().queries(), bundle))
            .or(() -> reader.hasGap() ? Optional.of(Queries.notYet(reader.store())) : Optional.empty());
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
