package org.ztp.cli;

import java.util.List;
import java.util.Optional;
import org.ztp.cli.Ledger.Proven;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.LogEntry;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.Evaluation;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * Why a request is not served, as the ledger proves it: it was denied, or an approval came too late for it, or a later
 * contract does not name its seeker, or the contract's time is not now. What a service says is not believed.
 *
 * @param ledger where it is read
 * @param dataset what was asked for
 * @param request the request
 * @param seeker key of who asked
 * @param chunks which chunks
 */
record Refusal(Ledger ledger, Hash dataset, TransactionId request, Hash seeker, ChunkRange chunks) {
    private static final long LOOK_NS = 100_000_000;
    private static final long PROOF_NS = 2_000_000_000L;

    /** Asks about the request, which is allowed, for all that is known; that the service says no is looked into. */
    <T extends ServiceReply> T ask(final ServiceRequest question, final Class<T> expected) {
        final ServiceReply reply = ledger.known(question);
        if (reply instanceof ServiceReply.Refused no && no.reason() == ServiceReply.Refused.Reason.DENIED) {
            throw after(no.message());
        }
        return Replies.expect(reply, expected);
    }

    /** The end of a command to which the service said no, looked for as long as a replica may be behind another. */
    CommandException after(final String said) {
        return after(said, Math.min(ledger.timeoutNs(), PROOF_NS));
    }

    /**
     * The end of a command to which the service said no. The replica that said so may be a moment ahead of the one that
     * shows the ledger, so it is looked for a while.
     *
     * @param said what the service said
     * @param waitNs how long it is looked for
     * @return exit 3 with the proven reason, or exit 4 if there is none
     */
    CommandException after(final String said, final long waitNs) {
        final Optional<String> reason = Polling.until(Optional::isPresent, waitNs, LOOK_NS, this::proven);
        return reason.map(text -> denied(request, text)).orElseGet(() -> Replies.unproven(said,
            "ask through another rank; what the ledger holds tells: ztp log --dataset " + dataset));
    }

    /** The end of a command whose request the ledger is proven to have denied. */
    static CommandException denied(final TransactionId request, final String reason) {
        return new CommandException(Exit.DENIED, "denied: " + reason, "the ledger holds it as " + request
            + "; ask the dataset's owner");
    }

    private Optional<String> proven() {
        final Proven asked = ledger.decided(request);
        if (asked.outcome().orElseThrow().code() == Outcome.Code.DENIED) {
            return Optional.of(asked.outcome().get().detail());
        }
        final List<LogEntry> told = ledger.decisions(dataset);
        final DatasetHistory history = DatasetHistory.of(ledger, dataset, told);
        if (!history.reaches(asked, seeker, chunks)) {
            return Optional.empty();
        }
        for (final Contract later : history.changes().tailMap(asked.place()).values()) {
            if (!later.rangesBySeeker().containsKey(seeker)) {
                return Optional.of("closed: the seeker was revoked (contract version " + later.version() + ")");
            }
        }
        return Evaluation.closed(history.contract(), seeker, chunks, System.currentTimeMillis())
            .map(rule -> "closed by rule " + rule).or(() -> deniedWhenApproved(told));
    }

    private Optional<String> deniedWhenApproved(final List<LogEntry> told) {
        return told.stream().filter(entry -> entry.outcome() == Outcome.Code.DENIED.code())
            .map(LogEntry::name).filter(name -> !name.equals(request)).map(ledger::decided)
            .filter(shown -> Approve.parse(shown.bytes(), 0, shown.bytes().length)
                .filter(approve -> approve.request().equals(request)).isPresent())
            .flatMap(shown -> shown.outcome().stream()).filter(outcome -> outcome.code() == Outcome.Code.DENIED)
            .map(Outcome::detail).findFirst();
    }
}
