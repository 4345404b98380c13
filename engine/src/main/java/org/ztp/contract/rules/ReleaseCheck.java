package org.ztp.contract.rules;

import java.util.Optional;
import org.ztp.contract.Contract;
import org.ztp.contract.Evaluation;
import org.ztp.contract.rules.RequestState.Status;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.state.StateReader;

/**
 * What a replica finds when it is asked to release shares for a request.
 *
 * @param refusal why it must not; empty if it may
 * @param release what is to be released, if it may
 */
public record ReleaseCheck(Optional<String> refusal, Optional<Release> release) {
    /**
     * What is to be released.
     *
     * @param request the request, ALLOWED
     * @param dataset its dataset
     * @param transaction the PUBLISH or GRANT with the seeker's part
     * @param part what the state has of that part
     */
    public record Release(RequestState request, DatasetState dataset, TransactionId transaction, PartState part) {
    }

    /**
     * Whether a replica may give its shares: the request is final and allowed, its seeker was not revoked since, the
     * latest contract still names the seeker for all of the chunks, and its times are not over.
     *
     * @param state a final state, the latest that the replica has
     * @param id the request
     * @param timeMillis the time now, milliseconds since 1970: the block's or the replica's own, whichever is later
     */
    public static ReleaseCheck of(final StateReader state, final TransactionId id, final long timeMillis) {
        final SharingState sharing = new SharingState(state);
        final Optional<RequestState> known = sharing.request(id);
        if (known.isEmpty()) {
            return refused("no request " + id);
        }
        final RequestState request = known.get();
        if (request.status() != Status.ALLOWED) {
            return refused(request.reason());
        }
        final Contract contract = sharing.contract(request.request().dataset()).orElseThrow();
        final Optional<String> closed =
            Evaluation.closed(contract, request.seeker(), request.request().chunks(), timeMillis);
        return closed.map(rule -> refused("closed by rule " + rule)).orElseGet(() -> {
            final TransactionId part = request.part().orElseThrow();
            return new ReleaseCheck(Optional.empty(), Optional.of(new Release(request,
                sharing.dataset(request.request().dataset()).orElseThrow(), part,
                sharing.part(part, request.seeker()).orElseThrow())));
        });
    }

    private static ReleaseCheck refused(final String reason) {
        return new ReleaseCheck(Optional.of(reason), Optional.empty());
    }
}
