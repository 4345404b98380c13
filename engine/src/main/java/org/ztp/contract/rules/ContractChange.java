package org.ztp.contract.rules;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
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
 * two, is revoked in that version, and with it all requests of that seeker. A REVOKE makes the next version whether or not
 * it finds whom it names, so that after it no GRANT counts that was signed before.
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
        if (before.version() == Integer.MAX_VALUE) {
            return Result.invalid("contract version: limit=" + Integer.MAX_VALUE);
        }
        final SortedSet<Hash> named = new TreeSet<>(revoke.seekers());
        named.removeIf(seeker -> before.clauses().stream().noneMatch(clause -> clause.names(seeker)));
        return named.isEmpty() ? repeat(revoke.dataset(), before.version())
            : change(revoke.dataset(), before.revoking(named), named);
    }

    /** Makes a contract the latest version; those before are kept. */
    static void store(final StateView state, final Hash dataset, final Contract contract) {
        final WireWriter out = new WireWriter();
        contract.encode(out);
        store(state, dataset, contract.version(), out.toBytes());
    }

    private static void store(final StateView state, final Hash dataset, final int version, final byte[] value) {
        state.put(StateKeys.contract(dataset, version), value);
        state.put(StateKeys.version(dataset), new WireWriter().u32(version).toBytes());
    }

    /** Who is named in a clause that others replace everywhere may have no state: nothing was ever asked by right. */
    private Result change(final Hash dataset, final Contract after, final Collection<Hash> gone) {
        for (final Hash seeker : gone) {
            new SharingState(state).seeker(dataset, seeker).ifPresent(known -> state.put(
                StateKeys.seeker(dataset, seeker), new SeekerState(after.version(), known.part()).encode()));
        }
        store(state, dataset, after);
        return changed(after.version(), gone.size());
    }

    /**
     * The next version, with the clauses of the latest. Nobody was named whom to revoke, but a GRANT that names them may
     * be signed and not here yet: it expects a version that is the latest no more. The clauses are not stored again,
     * else a few bytes would make the state larger by a whole contract.
     */
    private Result repeat(final Hash dataset, final int version) {
        final int origin = new SharingState(state).origin(dataset, version);
        store(state, dataset, version + 1, new WireWriter().u32(origin).toBytes());
        return changed(version + 1, 0);
    }

    private static Result changed(final int version, final int revoked) {
        return new Result(Result.ACCEPTED.code(), new Changed(version, revoked).detail());
    }

    private Optional<Result> notTheOwners(final Hash id) {
        final Optional<DatasetState> dataset = new SharingState(state).dataset(id);
        if (dataset.isEmpty()) {
            return Optional.of(Result.invalid("no dataset " + id));
        }
        return dataset.get().owner().equals(context.client()) ? Optional.empty()
            : Optional.of(Unentitled.isNotOwner(dataset.get().owner(), context.client()));
    }
}
