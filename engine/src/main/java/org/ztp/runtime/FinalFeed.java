package org.ztp.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply.TransactionOutcome;
import org.ztp.consensus.Action.Finalized;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * Tells clients what became final: each height once, by the first replica of this node that says so. A commit
 * certificate stands behind it, so one replica's word is enough. Any replica's thread.
 */
final class FinalFeed {
    private final Submissions submissions;
    private final Consumer<Hash> duplicates;
    private final Flights flights;
    private volatile long height;
    private volatile long transactions;
    private volatile long lastSecond;
    private volatile long secondNs = System.nanoTime();
    private long thisSecond;

    /**
     * A feed.
     *
     * @param submissions who waits for what
     * @param flights told of each batch that is final
     * @param duplicates told of a bundle whose (client, submission, sequence) was final before
     */
    FinalFeed(final Submissions submissions, final Flights flights, final Consumer<Hash> duplicates) {
        this.submissions = submissions;
        this.flights = flights;
        this.duplicates = duplicates;
    }

    /** The feed goes on from a height that was final before this node started. */
    synchronized void startAt(final long finalHeight) {
        height = Math.max(height, finalHeight);
    }

    /** Height of the last block that clients were told of. */
    long height() {
        return height;
    }

    /** Transactions that became final since the start. */
    long transactions() {
        return transactions;
    }

    /** Transactions that became final in the last whole second. */
    long rate() {
        return System.nanoTime() - secondNs < 2_000_000_000L ? lastSecond : 0;
    }

    private void count(final int more) {
        final long nowNs = System.nanoTime();
        if (nowNs - secondNs >= 1_000_000_000L) {
            lastSecond = nowNs - secondNs < 2_000_000_000L ? thisSecond : 0;
            thisSecond = 0;
            secondNs = nowNs;
        }
        thisSecond += more;
        transactions += more;
    }

    /** A replica says that a block is final. */
    synchronized void finalized(final Finalized said) {
        if (said.block().block().height() <= height) {
            return;
        }
        height = said.block().block().height();
        count(said.block().block().header().transactions());
        final Map<Long, List<Outcome>> outcomes = new HashMap<>();
        for (final Outcome outcome : said.executed().outcomes()) {
            outcomes.computeIfAbsent(place(outcome.batch(), outcome.bundle()), none -> new ArrayList<>()).add(outcome);
        }
        for (int b = 0; b < said.block().batches().size(); b++) {
            flights.landed(said.block().block().batches().get(b).root());
            final List<Bundle> bundles = said.block().batches().get(b).bundles();
            for (int i = 0; i < bundles.size(); i++) {
                if (submissions.isOpen(bundles.get(i).id())) {
                    answer(bundles.get(i).id(),
                        outcomes.isEmpty() ? List.of() : outcomes.getOrDefault(place(b, i), List.of()));
                }
            }
        }
    }

    private void answer(final Hash id, final List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            submissions.complete(id, new Submitted(Submitted.Status.FINAL, id, height, List.of()));
            return;
        }
        final List<TransactionOutcome> told = new ArrayList<>();
        for (final Outcome outcome : outcomes) {
            if (outcome.transaction() < 0 && outcome.code() == Outcome.Code.DUPLICATE) {
                duplicates.accept(id);
                return;
            }
            if (outcome.transaction() < 0) {
                submissions.complete(id, new Submitted(outcome.code() == Outcome.Code.TOO_FAR_AHEAD
                    ? Submitted.Status.TOO_FAR_AHEAD : Submitted.Status.INVALID, id, 0, List.of()));
                return;
            }
            told.add(new TransactionOutcome(outcome.transaction(), outcome.code().code(), outcome.detail()));
        }
        submissions.complete(id, new Submitted(Submitted.Status.FINAL, id, height, told));
    }

    private static long place(final int batch, final int bundle) {
        return (long) batch << 32 | bundle;
    }
}
