package org.ztp.contract.rules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.state.StateView;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.wire.Hash;

/**
 * Checks and notes the parts of seekers that come with a contract: every seeker of the contract has a part, old or new,
 * with all of its chunks; a new part has exactly those, and belongs to a seeker of the contract.
 */
final class SeekerParts {
    private final StateView state;
    private final TransactionContext context;
    private final Hash dataset;
    private final int replicas;

    SeekerParts(final StateView state, final TransactionContext context, final Hash dataset, final int replicas) {
        this.state = state;
        this.context = context;
        this.dataset = dataset;
        this.replicas = replicas;
    }

    /** Notes the parts; why they are refused, or empty. */
    Optional<String> take(final SortedMap<Hash, List<ChunkRange>> wanted, final List<SeekerPart> parts) {
        for (final SeekerPart part : parts) {
            final List<ChunkRange> ranges = wanted.get(part.seeker());
            if (ranges == null) {
                return Optional.of("a part for " + part.seeker().brief() + ", who is no seeker of the contract");
            }
            if (!ranges.equals(part.ranges())) {
                return Optional.of("chunks of the part for " + part.seeker().brief() + ": expected=" + brief(ranges)
                    + " actual=" + brief(part.ranges()));
            }
            if (part.opener().replicas() != replicas) {
                return Optional.of("replicas of the part for " + part.seeker().brief() + ": expected=" + replicas
                    + " actual=" + part.opener().replicas());
            }
            note(part);
        }
        for (final Map.Entry<Hash, List<ChunkRange>> seeker : wanted.entrySet()) {
            final SharingState sharing = new SharingState(state);
            final Optional<PartState> known = sharing.seeker(dataset, seeker.getKey())
                .flatMap(it -> sharing.part(it.part(), seeker.getKey()));
            if (known.isEmpty() || !known.get().holds(seeker.getValue())) {
                return Optional.of("no part for chunks " + brief(seeker.getValue()) + " of seeker "
                    + seeker.getKey().brief());
            }
        }
        return Optional.empty();
    }

    private void note(final SeekerPart part) {
        final int revoked = new SharingState(state).seeker(dataset, part.seeker()).map(SeekerState::revokedVersion)
            .orElse(0);
        final TransactionId transaction = new TransactionId(context.bundle(), context.transaction());
        state.put(StateKeys.seeker(dataset, part.seeker()), new SeekerState(revoked, transaction).encode());
        state.put(StateKeys.part(transaction, part.seeker()),
            new PartState(context.height(), part.ranges(), part.opener().roots()).encode());
    }

    private static String brief(final List<ChunkRange> ranges) {
        return ranges.size() <= 8 ? ranges.toString() : ranges.subList(0, 8) + "… (" + ranges.size() + " ranges)";
    }
}
