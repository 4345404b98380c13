package org.ztp.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ztp.cli.Ledger.Proven;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.Evaluation;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.wire.Hash;

/**
 * What the owner of a dataset has signed about it and the ledger accepted, each transaction proven by its receipt. So
 * nobody can slip a seeker into the contract that the owner signs next; a service that hides a change is found by the
 * version that the next one must name, since no other can be shown in its place, and none twice.
 *
 * @param id the dataset's id
 * @param owner key of who published it
 * @param publish its PUBLISH
 * @param changes the contracts that came after that of the PUBLISH
 * @param held chunks in the parts that seekers have
 */
record DatasetHistory(Hash id, Hash owner, Publish publish, SortedMap<TransactionPlace, Contract> changes,
                      Map<Hash, List<ChunkRange>> held) {
    /** Reads it from the ledger; ends the command if there is no such dataset. */
    static DatasetHistory of(final Ledger ledger, final Hash id) {
        return of(ledger, id, ledger.soonDecided(id));
    }

    /** The same from what the service tells about the dataset. */
    static DatasetHistory of(final Ledger ledger, final Hash id, final List<LogEntry> told) {
        DatasetHistory history = null;
        for (final LogEntry entry : told) {
            if (entry.outcome() != Outcome.Code.ACCEPTED.code()) {
                continue;
            }
            if (history == null) {
                history = begin(ledger, id, entry);
            } else if (entry.client().equals(history.owner)) {
                history.change(ledger.decided(entry.name()));
            }
        }
        if (history == null) {
            throw new CommandException(Exit.USAGE, "no such dataset: " + id, "it is the last line of ztp publish");
        }
        return history;
    }

    /** The contract as it is now. */
    Contract contract() {
        return changes.isEmpty() ? publish.contract() : changes.get(changes.lastKey());
    }

    /**
     * Whether this can be all that was accepted before a request was taken in: the contract that stood there then names the
     * seeker for its chunks. Else what came in between was left out, and what comes after may be, too.
     */
    boolean reaches(final Proven request, final Hash seeker, final ChunkRange chunks) {
        final SortedMap<TransactionPlace, Contract> before = changes.headMap(request.place());
        final Contract then = before.isEmpty() ? publish.contract() : before.get(before.lastKey());
        return Evaluation.mayHaveTakenIn(then, seeker, chunks, request.outcome().orElseThrow().detail());
    }

    /**
     * The part of a seeker that the service names: its owner made it, for this dataset, these chunks and this seeker.
     * Another one would make honest replicas' shares look wrong.
     *
     * @param named the PUBLISH or GRANT that holds it; empty if the service names none
     */
    SeekerPart part(final Ledger ledger, final Optional<TransactionId> named, final Hash seeker,
                    final ChunkRange chunks) {
        return named.map(ledger::decided).filter(shown -> shown.client().equals(owner))
            .filter(shown -> shown.outcome().orElseThrow().code() == Outcome.Code.ACCEPTED)
            .flatMap(shown -> part(shown.bytes(), seeker))
            .filter(part -> part.ranges().stream().anyMatch(range -> range.contains(chunks)))
            .orElseThrow(() -> new CommandException(Exit.UNVERIFIED, "the service names no transaction with a part of "
                + "dataset " + id + " for this seeker: " + named.map(TransactionId::toString).orElse("none"),
                "do not trust this service; look with: ztp verify"));
    }

    private Optional<SeekerPart> part(final byte[] bytes, final Hash seeker) {
        return Publish.parse(bytes, 0, bytes.length).filter(other -> other.nonce().equals(publish.nonce()))
            .flatMap(same -> publish.part(seeker)).or(() -> Grant.parse(bytes, 0, bytes.length)
                .filter(grant -> grant.dataset().equals(id)).flatMap(grant -> grant.part(seeker)));
    }

    private static void requireAccepted(final Proven shown) {
        final Outcome.Code code = shown.outcome().orElseThrow().code();
        require(code == Outcome.Code.ACCEPTED, "outcome", Outcome.Code.ACCEPTED, code);
    }

    private static DatasetHistory begin(final Ledger ledger, final Hash id, final LogEntry entry) {
        final Proven first = ledger.decided(entry.name());
        requireAccepted(first);
        final Publish publish = Publish.parse(first.bytes(), 0, first.bytes().length)
            .filter(found -> Publish.id(ledger.genesis().chain(), first.client(), found.nonce()).equals(id))
            .orElseThrow(() -> new CommandException(Exit.UNVERIFIED, "the service shows another dataset than " + id,
                "do not trust this service; look with: ztp verify"));
        final DatasetHistory history = new DatasetHistory(id, first.client(), publish, new TreeMap<>(),
            new HashMap<>());
        history.hold(publish.parts());
        return history;
    }

    private void change(final Proven next) {
        final byte[] bytes = next.bytes();
        require(next.client().equals(owner), "signer", owner, next.client());
        requireAccepted(next);
        if (bytes[0] == Grant.KIND) {
            final Grant grant = Grant.parse(bytes, 0, bytes.length).orElseThrow();
            require(grant.dataset().equals(id), "dataset", id, grant.dataset());
            require(grant.expectedVersion() == contract().version(), "version", contract().version(),
                grant.expectedVersion());
            hold(grant.parts());
            append(next.place(), grant.contract());
        } else if (bytes[0] == Revoke.KIND) {
            final Revoke revoke = Revoke.parse(bytes, 0, bytes.length).orElseThrow();
            require(revoke.dataset().equals(id), "dataset", id, revoke.dataset());
            append(next.place(), contract().revoking(revoke.seekers()));
        }
    }

    private void append(final TransactionPlace place, final Contract contract) {
        require(changes.isEmpty() || changes.lastKey().compareTo(place) < 0, "place",
            changes.isEmpty() ? "any" : "after " + changes.lastKey(), place);
        changes.put(place, contract);
    }

    private static void require(final boolean holds, final String what, final Object expected, final Object actual) {
        if (!holds) {
            throw new CommandException(Exit.UNVERIFIED, "the service shows as accepted what the ledger did not accept: "
                + what + " of the change: expected=" + expected + " actual=" + actual,
                "do not trust this service; look with: ztp verify");
        }
    }

    private void hold(final List<SeekerPart> parts) {
        parts.forEach(part -> held.computeIfAbsent(part.seeker(), none -> new ArrayList<>()).addAll(part.ranges()));
    }
}
