package org.ztp.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.wire.Hash;

/**
 * What the owner of a dataset has signed about it, each transaction proven by its receipt. So nobody can slip a seeker
 * into the contract that the owner signs next; a service that hides the latest change is found by the version.
 *
 * @param id the dataset's id
 * @param owner key of who published it
 * @param publish its PUBLISH
 * @param contract as it is now
 * @param held chunks in the parts that seekers have
 */
record DatasetHistory(Hash id, Hash owner, Publish publish, Contract contract, Map<Hash, List<ChunkRange>> held) {
    /** Reads it from the ledger; ends the command if there is no such dataset. */
    static DatasetHistory of(final Ledger ledger, final Hash id) {
        DatasetHistory history = null;
        for (final LogEntry entry : ledger.acceptedSoon(id)) {
            if (history == null) {
                history = begin(ledger, id, entry);
            } else if (entry.client().equals(history.owner)) {
                history = history.after(ledger.proven(entry.name()));
            }
        }
        if (history == null) {
            throw new CommandException(Exit.USAGE, "no such dataset: " + id, "it is the last line of ztp publish");
        }
        return history;
    }

    private static DatasetHistory begin(final Ledger ledger, final Hash id, final LogEntry entry) {
        final Ledger.Proven first = ledger.proven(entry.name());
        final Publish publish = Publish.parse(first.bytes(), 0, first.bytes().length)
            .filter(found -> Publish.id(ledger.genesis().chain(), first.client(), found.nonce()).equals(id))
            .orElseThrow(() -> new CommandException(Exit.UNVERIFIED, "the service shows another dataset than " + id,
                "do not trust this service; look with: ztp verify"));
        final Map<Hash, List<ChunkRange>> held = new HashMap<>();
        hold(held, publish.parts());
        return new DatasetHistory(id, first.client(), publish, publish.contract(), held);
    }

    /** Transactions that the ledger refused have receipts, too: those of other signers or versions change nothing. */
    private DatasetHistory after(final Ledger.Proven next) {
        final byte[] bytes = next.bytes();
        require(next.client().equals(owner), "signer", owner, next.client());
        if (bytes[0] == Grant.KIND) {
            final Grant grant = Grant.parse(bytes, 0, bytes.length).orElseThrow();
            require(grant.dataset().equals(id), "dataset", id, grant.dataset());
            require(grant.expectedVersion() == contract.version(), "version", contract.version(),
                grant.expectedVersion());
            hold(held, grant.parts());
            return new DatasetHistory(id, owner, publish, grant.contract(), held);
        }
        if (bytes[0] != Revoke.KIND) {
            return this;
        }
        final Revoke revoke = Revoke.parse(bytes, 0, bytes.length).orElseThrow();
        require(revoke.dataset().equals(id), "dataset", id, revoke.dataset());
        return new DatasetHistory(id, owner, publish, contract.revoking(revoke.seekers()), held);
    }

    private static void require(final boolean holds, final String what, final Object expected, final Object actual) {
        if (!holds) {
            throw new CommandException(Exit.UNVERIFIED, "the service shows as accepted what the ledger did not accept: "
                + what + " of the change: expected=" + expected + " actual=" + actual,
                "do not trust this service; look with: ztp verify");
        }
    }

    private static void hold(final Map<Hash, List<ChunkRange>> held, final List<SeekerPart> parts) {
        parts.forEach(part -> held.computeIfAbsent(part.seeker(), none -> new ArrayList<>()).addAll(part.ranges()));
    }
}
