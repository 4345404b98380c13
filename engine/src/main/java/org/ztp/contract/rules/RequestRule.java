package org.ztp.contract.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Decision;
import org.ztp.contract.Evaluation;
import org.ztp.contract.Facts;
import org.ztp.contract.rules.RequestState.Status;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * REQUEST and APPROVE: a request is decided by the latest contract at the block's time, and again with each approval.
 * It counts against max-requests when it is allowed. Nobody approves a request of their own.
 *
 * @param state what they change
 * @param context where the transaction stands
 */
record RequestRule(StateView state, TransactionContext context) {
    Result request(final Request request) {
        final Optional<Contract> contract = new SharingState(state).contract(request.dataset());
        if (contract.isEmpty()) {
            return Result.invalid("no dataset " + request.dataset());
        }
        if (X25519PublicKey.decode(request.freshKey().toBytes(), 0).isEmpty()) {
            return Result.invalid("the fresh key is no X25519 key: " + request.freshKey());
        }
        final TransactionId id = new TransactionId(context.bundle(), context.transaction());
        return decide(id, contract.get(), request, context.client(), List.of());
    }

    Result approve(final Approve approve) {
        final Optional<RequestState> waiting = new SharingState(state).request(approve.request());
        if (waiting.isEmpty()) {
            return Result.invalid("no request " + approve.request());
        }
        final RequestState request = waiting.get();
        final Contract contract = new SharingState(state).contract(request.request().dataset()).orElseThrow();
        return refusal(request, contract).map(Result::invalid).orElseGet(() -> {
            final RequestState approved = request.approvedBy(context.client());
            final Result result = decide(approve.request(), contract, approved.request(), approved.seeker(),
                approved.approvals());
            return new Result(result.code(), "request " + approve.request() + ": " + result.detail());
        });
    }

    private Optional<String> refusal(final RequestState request, final Contract contract) {
        if (request.status() != Status.PENDING) {
            return Optional.of("the request waits for no approval: " + request.reason());
        }
        if (context.client().equals(request.seeker())) {
            return Optional.of(Unentitled.ownRequest());
        }
        if (contract.clausesOver(request.request().chunks()).stream()
            .noneMatch(clause -> clause.rules().isApprover(context.client()))) {
            return Optional.of(Unentitled.notApprover(context.client(), contract.version(),
                request.request().chunks()));
        }
        if (request.approvals().size() == RequestState.MAX_APPROVALS) {
            return Optional.of("approvals of one request: limit=" + RequestState.MAX_APPROVALS);
        }
        return request.approvals().contains(context.client())
            ? Optional.of(context.client().brief() + " approved the request before") : Optional.empty();
    }

    private Result decide(final TransactionId id, final Contract contract, final Request request, final Hash seeker,
                          final List<Hash> approvals) {
        final Hash dataset = request.dataset();
        final Decision decision = Evaluation.decide(contract, new Facts(seeker, request.chunks(), request.purpose(),
            context.timeMillis(), clause -> new SharingState(state).used(dataset, seeker, clause),
            Set.copyOf(approvals)));
        if (decision.status() == Decision.Status.ALLOWED) {
            contract.clausesOver(request.chunks()).forEach(clause -> count(dataset, seeker, clause));
        }
        state.put(StateKeys.request(id), new RequestState(request, seeker,
            new SharingState(state).seeker(dataset, seeker).map(SeekerState::part), approvals,
            Status.of(decision.status()), contract.version(), context.height(), context.timeMillis(),
            decision.reason()).encode());
        return new Result(Outcome.Code.valueOf(decision.status().name()), decision.reason());
    }

    private void count(final Hash dataset, final Hash seeker, final Clause clause) {
        final int used = new SharingState(state).used(dataset, seeker, clause.chunks());
        state.put(StateKeys.used(dataset, seeker, clause.chunks()),
            new WireWriter().u32((int) Math.min(used + 1L, Integer.MAX_VALUE)).toBytes());
    }
}
