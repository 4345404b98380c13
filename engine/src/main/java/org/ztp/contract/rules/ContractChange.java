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
                store(state, grant.dataset(), after);
                return change(grant.dataset(), after.version(), gone);
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
        final int version = before.version() + 1;
        final Result result = change(revoke.dataset(), version, named);
        store(state, revoke.dataset(), version, without(revoke.dataset(), before.version(), named).value());
        return result;
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
    private Result change(final Hash dataset, final int version, final Collection<Hash> gone) {
        for (final Hash seeker : gone) {
            new SharingState(state).seeker(dataset, seeker).ifPresent(known -> state.put(
                StateKeys.seeker(dataset, seeker), new SeekerState(version, known.part()).encode()));
        }
        return new Result(Result.ACCEPTED.code(), new Changed(version, gone.size()).detail());
    }

    /**
     * The latest version without these seekers, who may be none. Their keys alone are stored, else a few bytes would
     * make the state larger by a whole contract. Earlier versions that are no more than twice as long are taken in: so
     * each that is left is more than twice as long as the one that is based on it, and those that lead to a whole
     * contract are few, while a key is stored a few times only.
     */
    private RevokedVersion without(final Hash dataset, final int version, final Collection<Hash> seekers) {
        final SortedSet<Hash> gone = new TreeSet<>(seekers);
        int earlier = version;
        Optional<RevokedVersion> taken = new SharingState(state).revoked(dataset, earlier);
        while (taken.isPresent() && taken.get().count() <= 2 * gone.size()) {
            gone.addAll(taken.get().seekers());
            earlier = taken.get().earlier();
            taken = new SharingState(state).revoked(dataset, earlier);
        }
        return RevokedVersion.of(earlier, gone);
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
