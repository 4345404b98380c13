package org.ztp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.ztp.client.Connection;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.Genesis;
import org.ztp.contract.rules.Unentitled;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.TransactionPlace;
import org.ztp.wire.Hash;

/**
 * The ledger as one command uses it: submits single transactions, and reads those of others by their receipts, so that
 * what it builds on was signed by who is said to have signed it and made final by a quorum, whatever the service says.
 */
final class Ledger implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000;

    private final Genesis genesis;
    private final Connector connector;
    private final long timeoutNs;
    private final Connection connection;
    private final ProvenReceipts receipts;

    /**
     * What became of one transaction.
     *
     * @param id its name
     * @param height its block
     * @param code what came of it
     * @param detail for people
     */
    record Settled(TransactionId id, long height, Outcome.Code code, String detail) {
        /** Adds it to what a command tells, the same for all. */
        void tell(final Map<String, Object> document) {
            document.put("transaction", id.toString());
            document.put("height", height);
            document.put("outcome", code.name());
            document.put("detail", detail);
        }
    }

    /**
     * A transaction that a receipt proves.
     *
     * @param client key that signed it
     * @param bytes the transaction
     * @param place where it stands on the chain
     * @param outcome what came of it; empty if the receipt does not prove that
     */
    record Proven(Hash client, byte[] bytes, TransactionPlace place, Optional<Outcome> outcome) { }

    /** Connects. */
    Ledger(final Genesis genesis, final Connector connector, final long timeoutNs) {
        this.genesis = genesis;
        this.timeoutNs = timeoutNs;
        connection = Replies.connect(connector);
        this.connector = connector;
        receipts = new ProvenReceipts(genesis, connection, timeoutNs);
    }

    Genesis genesis() {
        return genesis;
    }

    long timeoutNs() {
        return timeoutNs;
    }

    /** Asks the service; any reply but the expected kind ends the command. */
    <T extends ServiceReply> T ask(final ServiceRequest request, final Class<T> expected) {
        return Replies.ask(connection, request, expected, timeoutNs);
    }

    /** Whatever the service says about a transaction that is final, when it knows it. */
    ServiceReply known(final ServiceRequest request) {
        return receipts.known(request);
    }

    /**
     * Submits a transaction as a bundle of its own and waits until it is final. What came of it is not what the service
     * says, but what a receipt proves; what is invalid ends the command.
     */
    Settled submit(final SigningKey signer, final byte[] transaction) {
        return valid(settle(seal(signer, transaction)));
    }

    /** A bundle of one transaction; a transaction that is too large ends the command. */
    Bundle seal(final SigningKey signer, final byte[] transaction) {
        return seal(signer, new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES), transaction);
    }

    /** The same of a submission of its own, which makes the same bundle each time. */
    Bundle seal(final SigningKey signer, final byte[] submission, final byte[] transaction) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(signer.verifyKey().bytes()), submission,
            signer::sign);
        if (!builder.add(transaction, 0, transaction.length) || builder.size() > genesis.limits().bundleBytes()) {
            throw new CommandException(Exit.USAGE, "the transaction is too large: limit="
                + genesis.limits().bundleBytes() + " bytes", "use larger chunks, or fewer seekers");
        }
        return builder.seal(0);
    }

    /** Submits a bundle of one transaction and waits until a receipt proves what came of it. */
    Settled settle(final Bundle bundle) {
        return settledAsProven(send(bundle));
    }

    /**
     * The same for what shows itself whether it took effect, by what it was for: it is INVALID or DENIED only if a
     * receipt proves that it is; then it is so for good, however often the bundle is handed in.
     */
    Settled settleUnlessRefused(final Bundle bundle) {
        final Settled said = send(bundle);
        final boolean refused = said.code() == Outcome.Code.INVALID || said.code() == Outcome.Code.DENIED;
        return refused ? settledAsProven(said) : said;
    }

    /** What was settled, if it is not invalid, which ends the command. */
    static Settled valid(final Settled settled) {
        if (settled.code() == Outcome.Code.INVALID) {
            final boolean unentitled = Unentitled.is(settled.detail());
            throw new CommandException(unentitled ? Exit.DENIED : Exit.USAGE, "refused by the ledger: "
                + settled.detail(), unentitled ? "the contract names others for it: sign with the key of one of them" : "");
        }
        return settled;
    }

    private Settled send(final Bundle bundle) {
        final AtomicReference<Submitted> reply = new AtomicReference<>();
        try (Submitter submitter = new Submitter(connector, connection, timeoutNs, reply::set, Optional.empty())) {
            submitter.submit(bundle);
            submitter.finish();
        }
        return settled(reply.get());
    }

    private Settled settledAsProven(final Settled said) {
        final Proven proven;
        try {
            proven = decided(said.id());
        } catch (final CommandException unknown) {
            throw unknown.exit() != Exit.USAGE ? unknown : new CommandException(Exit.UNAVAILABLE, "the service says that "
                + said.id() + " is final, and shows no receipt of it", "it may not be done; look with: ztp log");
        }
        final Outcome outcome = proven.outcome().orElseThrow();
        if (outcome.transaction() == Outcome.WHOLE_BUNDLE) {
            throw ProvenReceipts.unproven(said.id(), "it is of a copy that did not count: " + outcome.code());
        }
        return new Settled(said.id(), proven.place().height(), outcome.code(), outcome.detail());
    }

    private static Settled settled(final Submitted submitted) {
        final TransactionId id = new TransactionId(submitted.bundle(), 0);
        final Optional<TransactionOutcome> told = submitted.outcomes().stream().findFirst();
        for (final Outcome.Code code : Outcome.Code.values()) {
            if (told.isPresent() && code.code() == told.get().code()) {
                return new Settled(id, submitted.height(), code, told.get().detail());
            }
        }
        return new Settled(id, submitted.height(), Outcome.Code.ACCEPTED, "");
    }

    /** A final transaction with who signed it, proven by its receipt; a receipt that does not hold ends the command. */
    Proven proven(final TransactionId id) {
        final ProvenReceipts.Shown shown = receipts.of(id);
        final Receipt receipt = shown.receipt();
        return new Proven(receipt.transaction().bundle().client(), receipt.transaction().transaction(),
            new TransactionPlace(receipt.finality().header().height(), receipt.transaction().position()),
            shown.outcomeProven() ? Optional.of(receipt.outcome()) : Optional.empty());
    }

    /**
     * The same with its outcome, which a block above it lets be proven. The sub-cluster makes that block, if no other,
     * soon after it comes to rest.
     */
    Proven decided(final TransactionId id) {
        final Proven proven = Polling.until(shown -> shown.outcome().isPresent(),
            Math.min(timeoutNs, ProvenReceipts.CATCH_UP_NS), Polling.SOON_NS, () -> proven(id));
        if (proven.outcome().isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, "the service does not prove what came of " + id,
                "ask again when the ledger has gone on, or through another rank");
        }
        return proven;
    }

    /**
     * What the service says was decided about a dataset, in the order of the ledger. If there is nothing, it may have become final
     * just now, so it is looked for again for a second.
     */
    List<ServiceReply.LogEntry> soonDecided(final Hash dataset) {
        return Polling.until(entries -> !entries.isEmpty(), SECOND_NS, Polling.SOON_NS, () -> decisions(dataset));
    }

    /** What the service says was decided about a dataset, in the order of the ledger; not what anybody asked. */
    List<ServiceReply.LogEntry> decisions(final Hash dataset) {
        final List<ServiceReply.LogEntry> entries = new ArrayList<>();
        Optional<LogPlace> from = Optional.of(LogPlace.from(1));
        while (from.isPresent()) {
            final ServiceReply.LogPage page = ask(new ServiceRequest.Log(Optional.of(dataset), true, "", from.get(),
                ServiceRequest.MAX_LOG_ENTRIES), ServiceReply.LogPage.class);
            entries.addAll(page.entries());
            from = next(page, from.get());
        }
        return entries;
    }

    /** Where the next page of the log begins: behind where this one did, or the command ends, which it never would. */
    static Optional<LogPlace> next(final ServiceReply.LogPage page, final LogPlace from) {
        if (page.next().isPresent() && page.next().get().compareTo(from) <= 0) {
            throw new CommandException(Exit.UNVERIFIED, "the service's log does not go forward: from=" + from + " next="
                + page.next().get(), "do not trust this service; look with: ztp verify");
        }
        return page.next();
    }

    @Override
    public void close() {
        connection.close();
    }
}
