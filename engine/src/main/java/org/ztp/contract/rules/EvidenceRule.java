package org.ztp.contract.rules;

import java.util.Optional;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Evidence.About;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** EVIDENCE: notes a replica's wrong share, once for each request, replica and kind of share, if the proof holds. */
final class EvidenceRule {
    private EvidenceRule() {
    }

    static Result apply(final StateView state, final TransactionContext context, final EvidenceCheck check,
                        final Evidence evidence) {
        final SharingState sharing = new SharingState(state);
        final Optional<RequestState> request = sharing.request(evidence.request())
            .filter(it -> it.request().dataset().equals(evidence.dataset()));
        if (request.isEmpty()) {
            return Result.invalid("no request " + evidence.request() + " for dataset " + evidence.dataset().brief());
        }
        if (sharing.evidence(evidence.request(), evidence.replica(), evidence.about().code()) != 0) {
            return Result.invalid("the same evidence was recorded before: replica=" + evidence.replica());
        }
        final DatasetState dataset = sharing.dataset(evidence.dataset()).orElseThrow();
        final Optional<byte[]> roots = evidence.about() == About.CHUNK ? Optional.of(dataset.shareRoots())
            : request.get().part().flatMap(part -> sharing.part(part, request.get().seeker()))
                .map(PartState::openerRoots);
        if (roots.isEmpty() || evidence.replica() >= roots.get().length / Hash.BYTES) {
            return Result.invalid("no share was given to replica " + evidence.replica());
        }
        final Hash root = Hash.copyOf(roots.get(), evidence.replica() * Hash.BYTES);
        final int entries = evidence.about() == About.CHUNK ? dataset.dataset().chunks() : 1;
        return check.refusal(evidence, request.get().request().chunks(), root, entries).map(Result::invalid)
            .orElseGet(() -> {
                state.put(StateKeys.evidence(evidence.request(), evidence.replica(), evidence.about().code()),
                    new WireWriter().u64(context.height()).toBytes());
                return new Result(Result.ACCEPTED.code(), "replica " + evidence.replica() + " sent a wrong share");
            });
    }
}
