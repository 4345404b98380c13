package org.ztp.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.transport.RoleTable;
import org.ztp.wire.Hash;

/**
 * Collects members' words for next incarnations. Of each member the last word for a role counts, so there are never
 * more than members times roles. Owned by one thread.
 */
final class WantedWords {
    private final Hash chain;
    private final VoteSignatures signatures;
    private final RoleTable roles;
    private final IntFunction<List<Integer>> groupOf;
    private final Map<Integer, Map<Integer, Said>> byRole = new LinkedHashMap<>();

    private record Said(Incarnation next, Word word) { }

    /**
     * No words yet.
     *
     * @param groupOf the members of the sub-cluster of a role
     */
    WantedWords(final Hash chain, final VoteSignatures signatures, final RoleTable roles,
                final IntFunction<List<Integer>> groupOf) {
        this.chain = chain;
        this.signatures = signatures;
        this.roles = roles;
        this.groupOf = groupOf;
    }

    /** A member's word; that of a replica of another sub-cluster, or one that it did not sign, counts for nothing. */
    void add(final int member, final Incarnation next, final byte[] signature) {
        if (next.role() >= roles.roles() || member == next.role() || !groupOf.apply(next.role()).contains(member)) {
            return;
        }
        final Map<Integer, Said> said = byRole.computeIfAbsent(next.role(), none -> new TreeMap<>());
        final Said known = said.get(member);
        if ((known == null || !known.next.equals(next)) && signatures.check(member, next.signedBytes(chain), signature)) {
            said.put(member, new Said(next, new Word(member, signature)));
        }
    }

    /** The transaction for an incarnation, once enough have given their word. */
    Optional<TakeOver> complete(final Incarnation next, final int quorum) {
        final var words = new ArrayList<Word>();
        byRole.getOrDefault(next.role(), Map.of()).values().stream().filter(said -> said.next.equals(next))
            .forEach(said -> words.add(said.word));
        return words.size() >= quorum ? Optional.of(new TakeOver(next, words.subList(0, quorum))) : Optional.empty();
    }

    /** Words for incarnations that are no longer ahead are forgotten. */
    void forgetPast() {
        byRole.forEach((role, said) -> said.values().removeIf(one -> one.next.number() <= roles.entry(role).number()));
    }
}
