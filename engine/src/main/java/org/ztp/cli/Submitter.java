package org.ztp.cli;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ztp.client.Connection;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * Submits bundles in their order, several at once, until each is final. It waits out what passes: a service that is
 * started anew, has too much to do or has no quorum; submitting the same bundle again is safe. It gives up when
 * nothing became final for the given time while it waited, and when the service tells of other bundles than these.
 * Owned by one thread.
 *
 * <p>With {@link Proofs} a bundle is final when its receipt proves it, and not when the service says so. The receipts
 * of bundles that are said to be final are on their way while later bundles become final, as many at once.
 */
final class Submitter implements AutoCloseable {
    /** Bundles on their way at once, and receipts; together far below what the ledger lets a submission be ahead. */
    static final int WINDOW = 32;
    private static final long RETRY_NS = 100_000_000;
    private static final long RETRY_MILLIS = RETRY_NS / 1_000_000;
    private static final long MAX_PAUSE_MILLIS = 1_000;

    private final Connector connector;
    private final long patienceNs;
    private final Consumer<Submitted> settled;
    private final Optional<Proofs> proofs;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final ArrayDeque<Pending> unproven = new ArrayDeque<>();
    private final Connection lent;
    private Connection connection;
    private long progressAtNs;

    /** Looks into what a service says of bundles. */
    interface Proofs {
        /** Whether it is proven that the signer of a bundle has put another one in its place before. */
        boolean ofAnother(Connection connection, Hash other, Bundle bundle);

        /**
         * The height at which a bundle counted, as the receipt of its first transaction proves; one that does not hold
         * ends the command.
         *
         * @return empty if it is of a copy that did not count
         */
        OptionalLong height(Bundle bundle, ServiceReply.Receipt shown);
    }

    /** One bundle and the reply that is awaited: to the bundle, or to the question for its receipt. */
    private static final class Pending {
        private final Bundle bundle;
        private ServiceRequest question;
        private CompletableFuture<ServiceReply> reply;
        /** What the service says became of it; null as long as it says nothing. */
        private Submitted said;

        Pending(final Bundle bundle) {
            this.bundle = bundle;
            question = new ServiceRequest.Submit(bundle.array());
        }

        /** What it means that there is no other answer. */
        String trouble() {
            return said == null ? "the service takes nothing in" : "the service says that bundle number "
                + bundle.sequence() + " is final, and shows no receipt of it";
        }
    }

    /**
     * Submits over a connection that its owner closes, or over those of its own when that is gone.
     *
     * @param lent the connection; null for one of its own
     * @param patienceNs how long to wait without any progress
     * @param settled takes each bundle's end, FINAL or DUPLICATE, in their order; with proofs its height is proven
     * @param proofs looks into what the service says; without, it is taken for true
     * @throws CommandException if there is no service
     */
    Submitter(final Connector connector, final Connection lent, final long patienceNs,
              final Consumer<Submitted> settled, final Optional<Proofs> proofs) {
        this.connector = connector;
        this.lent = lent;
        this.patienceNs = patienceNs;
        this.settled = settled;
        this.proofs = proofs;
        connection = lent != null ? lent : Replies.connect(connector);
        progressAtNs = System.nanoTime();
    }

    /**
     * Submits a bundle as it was sealed, with its id; waits while too many are on their way. What was answered since
     * the last one is taken in, and handed in again if it must be: who makes the bundles may be slow.
     */
    void submit(final Bundle bundle) {
        if (bundle.offset() != 0 || bundle.length() != bundle.array().length) {
            throw new IllegalArgumentException("a bundle alone in its array is expected");
        }
        takeAnswered(pending);
        takeAnswered(unproven);
        final Pending added = new Pending(bundle);
        pending.add(added);
        ask(added);
        settleDownTo(WINDOW - 1);
    }

    /** Waits until all are final. */
    void finish() {
        settleDownTo(0);
    }

    /** Waits no longer than is patient from now on: before, nobody waited. */
    private void settleDownTo(final int most) {
        progressAtNs = System.nanoTime();
        while (pending.size() > most) {
            settleOldest(pending);
        }
        while (unproven.size() > most) {
            settleOldest(unproven);
        }
    }

    @Override
    public void close() {
        if (connection != lent) {
            connection.close();
        }
    }

    private void ask(final Pending one) {
        one.reply = connection.call(one.question);
    }

    /** Takes in what is answered, up to what must be asked again, which is done once; waits for nothing. */
    private void takeAnswered(final ArrayDeque<Pending> queue) {
        while (!queue.isEmpty() && queue.element().reply.isDone()) {
            final Pending oldest = queue.element();
            if (oldest.reply.isCompletedExceptionally()) {
                connectAnew();
                return;
            }
            if (take(oldest, oldest.reply.join()).isPresent()) {
                ask(oldest);
                return;
            }
        }
    }

    private void settleOldest(final ArrayDeque<Pending> queue) {
        final Pending oldest = queue.element();
        try {
            final OptionalLong pauseMillis = take(oldest, oldest.reply.get(RETRY_NS, TimeUnit.NANOSECONDS));
            if (pauseMillis.isPresent()) {
                checkPatience(oldest.trouble());
                TimeUnit.MILLISECONDS.sleep(Math.min(MAX_PAUSE_MILLIS, Math.max(1, pauseMillis.getAsLong())));
                ask(oldest);
            }
        } catch (final TimeoutException notYet) {
            checkPatience("nothing became final");
        } catch (final ExecutionException failed) {
            if (!(failed.getCause() instanceof ServiceGone)) {
                throw new IllegalStateException(failed.getCause());
            }
            reconnect();
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("");
        }
    }

    /** Takes an answer in; if it settles nothing, the milliseconds after which the same is to be asked again. */
    private OptionalLong take(final Pending oldest, final ServiceReply reply) {
        if (reply instanceof Submitted submitted && oldest.said == null) {
            return submitted(oldest, submitted);
        }
        if (reply instanceof ServiceReply.Receipt shown && oldest.said != null) {
            return shown(oldest, shown);
        }
        if (reply instanceof ServiceReply.Busy busy) {
            return OptionalLong.of(busy.retryMillis());
        }
        if (reply instanceof Refused refused && (refused.reason() == Refused.Reason.UNAVAILABLE
                || oldest.said != null && refused.reason() == Refused.Reason.NOT_FOUND)) {
            return OptionalLong.of(RETRY_MILLIS);
        }
        throw Replies.failure(reply);
    }

    private OptionalLong submitted(final Pending oldest, final Submitted submitted) {
        switch (submitted.status()) {
            case FINAL, DUPLICATE -> {
                requireSame(oldest.bundle, submitted);
                pending.remove();
                progressAtNs = System.nanoTime();
                if (proofs.isPresent()) {
                    oldest.said = submitted;
                    oldest.question = new ServiceRequest.ReceiptOf(new TransactionId(submitted.bundle(), 0));
                    unproven.add(oldest);
                    ask(oldest);
                } else {
                    settled.accept(submitted);
                }
                return OptionalLong.empty();
            }
            case TOO_FAR_AHEAD -> {
                return OptionalLong.of(RETRY_MILLIS);
            }
            case INVALID -> throw Replies.unproven("bundle " + submitted.bundle() + " is refused"
                + (submitted.outcomes().isEmpty() ? "" : ": " + submitted.outcomes().get(0).detail()),
                "ask through another rank");
        }
        throw new IllegalStateException("no such status: " + submitted.status());
    }

    private OptionalLong shown(final Pending oldest, final ServiceReply.Receipt shown) {
        final OptionalLong height = proofs.orElseThrow().height(oldest.bundle, shown);
        if (height.isEmpty()) {
            return OptionalLong.of(RETRY_MILLIS);
        }
        unproven.remove();
        progressAtNs = System.nanoTime();
        final Submitted said = oldest.said;
        settled.accept(new Submitted(said.status(), said.bundle(), height.getAsLong(), said.outcomes()));
        return OptionalLong.empty();
    }

    /**
     * What becomes of the bundle is told of the bundle, and of no other. One of a submission that was used before may
     * be a duplicate of other bytes; then these were not taken in.
     */
    private void requireSame(final Bundle bundle, final Submitted submitted) {
        if (submitted.bundle().equals(bundle.id())) {
            return;
        }
        if (submitted.status() == Submitted.Status.DUPLICATE && proofs.isPresent()
                && proofs.get().ofAnother(connection, submitted.bundle(), bundle)) {
            throw new CommandException(Exit.USAGE, "the submission was used before for other input: bundle number "
                + bundle.sequence() + " is another on the ledger", "leave --submission out; or give the same lines and"
                + " --entity as before, to go on with what could not finish");
        }
        throw new CommandException(Exit.UNVERIFIED, "the service answers for another bundle than number "
            + bundle.sequence() + ": expected=" + bundle.id() + " actual=" + submitted.bundle() + " status="
            + submitted.status(), "do not trust this service; look with: ztp verify");
    }

    private void reconnect() {
        for (Optional<ServiceUnavailable> none = connectAnew(); none.isPresent(); none = connectAnew()) {
            checkPatience(none.get().getMessage());
            Polling.pause(RETRY_NS);
        }
    }

    /**
     * Connects to the service that was started anew, and asks again for what was on its way.
     *
     * @return why not, if it is not there
     */
    private Optional<ServiceUnavailable> connectAnew() {
        close();
        try {
            connection = connector.connect();
        } catch (final ServiceUnavailable notYet) {
            return Optional.of(notYet);
        }
        pending.forEach(this::ask);
        unproven.forEach(this::ask);
        return Optional.empty();
    }

    private void checkPatience(final String reason) {
        if (System.nanoTime() - progressAtNs > patienceNs) {
            throw new CommandException(Exit.UNAVAILABLE, reason + " within " + patienceNs / 100_000_000 / 10.0 + " s", "");
        }
    }
}
