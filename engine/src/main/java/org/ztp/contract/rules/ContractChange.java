package org.ztp.contract.rules;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Revoke;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * GRANT and REVOKE: the owner's next version of a contract. A seeker who is in no clause any more, by whichever of the
 * two, is revoked in that version, and with it all requests of that seeker.
 *
 * @param state what they change
 * @param context where the transaction stands
 */
record ContractChange(StateView state, TransactionContext context) {
    Result grant(final Grant grant, final int replicas) {
        final Optional<Result> refused = notTheOwners(grant.dataset());
        if (refused.isPresent()) {
            return refused.get();
        }
        final Contract before = new SharingState(state).contract(grant.dataset()).orElseThrow();
        final Contract after = grant.contract();
        if (grant.expectedVersion() != before.version()) {
            return Result.invalid("contract version: expected=" + grant.expectedVersion() + " actual="
                + before.version());
        }
        if (after.version() != before.version() + 1 || after.chunks() != before.chunks()) {
            return Result.invalid("new contract: expected version=" + (before.version() + 1) + " chunks="
                + before.chunks() + " actual version=" + after.version() + " chunks=" + after.chunks());
        }
        final SortedMap<Hash, List<ChunkRange>> wanted = after.rangesBySeeker();
        return new SeekerParts(state, context, grant.dataset(), replicas).take(wanted, grant.parts())
            .map(Result::invalid).orElseGet(() -> {
                final List<Hash> gone = before.rangesBySeeker().keySet().stream()
                    .filter(seeker -> !wanted.containsKey(seeker)).toList();
                return change(grant.dataset(), after, gone);
            });
    }

    Result revoke(final Revoke revoke) {
        final Optional<Result> refused = notTheOwners(revoke.dataset());
        if (refused.isPresent()) {
            return refused.get();
        }
        final Contract before = new SharingState(state).contract(revoke.dataset()).orElseThrow();
        final SortedMap<Hash, List<ChunkRange>> seekers = before.rangesBySeeker();
        for (final Hash seeker : revoke.seekers()) {
            if (!seekers.containsKey(seeker)) {
                return Result.invalid(seeker + " is no seeker of contract version " + before.version());
            }
        }
        return change(revoke.dataset(), before.revoking(revoke.seekers()), revoke.seekers());
    }

    /** Makes a contract the latest version; those before are kept. */
    static void store(final StateView state, final Hash dataset, final Contract contract) {
        final WireWriter out = new WireWriter();
        contract.encode(out);
        state.put(StateKeys.contract(dataset, contract.version()), out.toBytes());
        state.put(StateKeys.version(dataset), new WireWriter().u32(contract.version()).toBytes());
    }

    private Result change(final Hash dataset, final Contract after, final Collection<Hash> gone) {
        for (final Hash seeker : gone) {
            final SeekerState known = new SharingState(state).seeker(dataset, seeker).orElseThrow();
            state.put(StateKeys.seeker(dataset, seeker), new SeekerState(after.version(), known.part()).encode());
        }
        store(state, dataset, after);
        return new Result(Result.ACCEPTED.code(), "contract version " + after.version() + ", seekers revoked: "
            + gone.size());
    }

    private Optional<Result> notTheOwners(final Hash id) {
        final Optional<DatasetState> dataset = new SharingState(state).dataset(id);
        if (dataset.isEmpty()) {
            return Optional.of(Result.invalid("no dataset " + id));
        }
        return dataset.get().owner().equals(context.client()) ? Optional.empty()
            : Optional.of(Result.invalid("only the owner may change the contract: owner="
                + dataset.get().owner().brief() + " signer=" + context.client().brief()));
    }
}
