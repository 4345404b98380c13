package org.ztp.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.contract.transaction.TransactionKind;
import org.ztp.index.IndexQueries;
import org.ztp.index.Receipts;
import org.ztp.ledger.log.LedgerView;
import org.ztp.ledger.log.LogEntry;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.ledger.state.BlockState;
import org.ztp.wire.Hash;

/** Answers questions from one replica's index, journal and state. Any thread; may read from disk. */
final class Queries {
    private final ReplicaStore store;
    private final ReplicaStore newest;
    private final BlockState state;
    private final IndexQueries index;
    private final LedgerView view;
    private final Hash chain;
    private final int subCluster;
    private final boolean gap;

    Queries(final Replica replica, final LedgerView view, final Hash chain, final int subCluster) {
        this.store = replica.store();
        this.newest = replica.newest();
        this.state = (BlockState) replica.state();
        this.index = store.index().queries();
        this.view = view;
        this.chain = chain;
        this.subCluster = subCluster;
        gap = replica.hasGap();
    }

    /** A replica that goes on from a snapshot does not say what it cannot know yet. */
    static ServiceReply notYet(final ReplicaStore store) {
        return new Refused(Refused.Reason.UNAVAILABLE, "this replica goes on from a snapshot and has blocks up to height "
            + store.indexedHeight() + " alone", "ask another rank, or again when `ztp status` tells of no missing blocks");
    }

    private static ServiceReply notFound(final String what) {
        return new Refused(Refused.Reason.NOT_FOUND, "no such " + what, "`ztp log` shows what is on the ledger");
    }

    /** How a request stands. */
    ServiceReply request(final TransactionId name) {
        final Optional<RequestState> known = new SharingState(state).request(
            name);
        return known.isEmpty() ? notFound("request: " + name)
            : new ServiceReply.RequestStanding(known.get().encode());
    }

    /** The proof of a transaction; a replica that goes on from a snapshot has those of the blocks above it, too. */
    ServiceReply receipt(final TransactionId name) {
        final Optional<Receipt> receipt = receipt(store, name).or(() -> gap ? receipt(newest, name) : Optional.empty());
        if (receipt.isPresent()) {
            return new ServiceReply.Receipt(receipt.get().encode());
        }
        return gap ? notYet(store) : receipts(store).isReadable(name.bundle())
            ? notFound("transaction, or it is not final yet: " + name) : unreadable();
    }

    private Optional<Receipt> receipt(final ReplicaStore from, final TransactionId name) {
        return receipts(from).receipt(name.bundle(), name.index(), from.index().named());
    }

    private Receipts receipts(final ReplicaStore from) {
        return new Receipts(from.index().queries(), from.receiptSource(), chain);
    }

    /** A page of the ledger in words. */
    ServiceReply log(final ServiceRequest.Log asked) {
        if (gap) {
            return notYet(store);
        }
        final OpenLogPage page = new OpenLogPage(asked.since().on(subCluster), asked.maxEntries());
        final boolean read = asked.dataset().isPresent() || !asked.entity().isEmpty() ? showPlaces(asked, page)
            : showAll(page);
        return read ? page.toReply() : unreadable();
    }

    private boolean showPlaces(final ServiceRequest.Log asked, final OpenLogPage page) {
        final TransactionPlace since = new TransactionPlace(page.since().height(), page.since().position());
        final List<TransactionPlace> places = asked.dataset().isPresent()
            ? index.dataset(asked.dataset().get(), since, asked.maxEntries() + 1,
                kind -> !asked.decisions() || TransactionKind.decides(kind))
            : index.entity(asked.entity(), since, asked.maxEntries() + 1);
        final Map<Long, Set<Position>> byHeight = new TreeMap<>();
        places.forEach(place -> byHeight.computeIfAbsent(place.height(), height -> new HashSet<>()).add(place.position()));
        for (final Map.Entry<Long, Set<Position>> one : byHeight.entrySet()) {
            if (page.isOver()) {
                return true;
            }
            if (!show(one.getKey(), one.getValue()::contains, page)) {
                return false;
            }
        }
        return true;
    }

    private boolean showAll(final OpenLogPage page) {
        final long end = store.indexedHeight();
        for (long height = Math.max(1, page.since().height()); height <= end && !page.isOver(); height++) {
            if (page.isFull()) {
                page.endBefore(LogPlace.from(height).on(subCluster));
            } else if (!show(height, position -> true, page)) {
                return false;
            }
        }
        return true;
    }

    private boolean show(final long height, final Predicate<Position> wanted, final OpenLogPage page) {
        return store.blocks().whole(height).map(block -> {
            view.show(block.block(), block.batches(), index.outcomes(height), state, position -> wanted.test(position)
                && page.takes(new LogPlace(height, subCluster, position)), entry -> page.add(words(entry)));
            return true;
        }).orElse(false);
    }

    private ServiceReply.LogEntry words(final LogEntry entry) {
        return new ServiceReply.LogEntry(subCluster, entry.height(), entry.timeMillis(),
            new TransactionId(entry.bundle(), entry.transaction()), entry.client(), TransactionKind.name(entry.kind()),
            entry.dataset().map(Hash::toString).orElse(entry.entity()), entry.text(), entry.outcome().code().code(),
            entry.outcome().detail());
    }

    private static ServiceReply unreadable() {
        return new Refused(Refused.Reason.FAILED, "the journal of this replica cannot be read there",
            "ask again: while its peers have all that is final, it gets from them what its disk has lost; "
                + "JOURNAL_ROTTEN in `ztp status` tells where");
    }
}
