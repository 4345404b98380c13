package org.ztp.contract.rules;

import org.ztp.contract.transaction.TakeOver;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * TAKE-OVER: a later incarnation of a role, if a quorum of the other members asks for it, or the role's own key tells
 * of it, and is not far ahead of what is recorded. Of two for the same number the first counts.
 */
final class TakeOverRule {
    private final Hash chain;
    private final Membership membership;

    TakeOverRule(final Hash chain, final Membership membership) {
        this.chain = chain;
        this.membership = membership;
    }

    Result apply(final StateView state, final Hash client, final TakeOver wanted) {
        if (!membership.keys().contains(client)) { // a stranger's costs nobody a look at its words
            return Result.invalid("only a replica of this sub-cluster tells who runs its roles: signer=" + client.brief());
        }
        final Incarnation next = wanted.next();
        if (!membership.members().contains(next.role())) {
            return Result.invalid("replica " + next.role() + " is no member of this sub-cluster");
        }
        final SharingState sharing = new SharingState(state);
        final int known = sharing.incarnation(next.role()).map(Incarnation::number).orElse(0);
        final boolean own = wanted.words().size() == 1 && wanted.words().get(0).replica() == next.role();
        if (next.number() <= known) {
            return Result.invalid("incarnation of replica " + next.role() + ": least=" + (known + 1L) + " actual="
                + next.number());
        }
        if (own && next.number() - known > Incarnation.AHEAD_MAX) {
            return Result.invalid("incarnation of replica " + next.role() + " by its own word: most="
                + (known + Incarnation.AHEAD_MAX) + " actual=" + next.number());
        }
        if (membership.members().stream().filter(role -> role != next.role()).map(sharing::incarnation)
            .anyMatch(other -> other.isPresent() && other.get().run() == next.run() && other.get().rank() == next.rank())) {
            return Result.invalid("rank " + next.rank() + " has a role already");
        }
        final byte[] message = next.signedBytes(chain);
        // The first bad word ends it: a signature takes long to check.
        final long words = wanted.words().stream().takeWhile(word -> (own || word.replica() != next.role())
            && membership.members().contains(word.replica())
            && membership.signatures().check(word.replica(), message, word.signature())).count();
        if (words < (own ? 1 : membership.quorum()) || words < wanted.words().size()) {
            return Result.invalid("words for incarnation " + next.number() + " of replica " + next.role() + ": expected="
                + (own ? 1 : membership.quorum()) + " actual=" + words);
        }
        final WireWriter value = new WireWriter(Incarnation.BYTES);
        next.encode(value);
        state.put(StateKeys.incarnation(next.role()), value.toBytes());
        return new Result(Result.ACCEPTED.code(), "replica " + next.role() + " is incarnation " + next.number()
            + ", run by rank " + next.rank() + (own ? ", by its own word" : ", by " + words + " words"));
    }
}
