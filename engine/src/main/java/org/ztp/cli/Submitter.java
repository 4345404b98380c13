package org.ztp.cli;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.ztp.client.Connection;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * Submits bundles in their order, several at once, until each is final. It waits out what passes: a service that is
 * started anew, has too much to do or has no quorum; submitting the same bundle again is safe. It gives up when
 * nothing became final for the given time, and when the service tells of other bundles than these. Owned by one thread.
 */
final class Submitter implements AutoCloseable {
    /** Bundles on their way at once; far below what the ledger lets a submission be ahead. */
    static final int WINDOW = 32;
    private static final long RETRY_NS = 100_000_000;

    private final Connector connector;
    private final long patienceNs;
    private final Consumer<Submitted> settled;
    private final UsedBefore usedBefore;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final Connection lent;
    private Connection connection;
    private long progressAtNs;

    /** Looks into what a service says of a submission. */
    @FunctionalInterface
    interface UsedBefore {
        /** Whether it is proven that the signer of a bundle has put another one in its place before. */
        boolean proves(Connection connection, Hash other, Bundle bundle);
    }

    /** One bundle and the reply that is awaited. */
    private static final class Pending {
        private final Bundle bundle;
        private CompletableFuture<ServiceReply> reply;

        Pending(final Bundle bundle) {
            this.bundle = bundle;
        }
    }

    /**
     * Connects.
     *
     * @param patienceNs how long to wait without any progress
     * @param settled takes each bundle's end, FINAL or DUPLICATE, in their order
     * @throws CommandException if there is no service
     */
    Submitter(final Connector connector, final long patienceNs, final Consumer<Submitted> settled) {
        this(connector, null, patienceNs, settled, (connection, other, bundle) -> false);
    }

    /**
     * The same over a connection that its owner closes; null for one of its own.
     *
     * @param usedBefore asked about a bundle in whose place the service says there is another
     */
    Submitter(final Connector connector, final Connection lent, final long patienceNs,
              final Consumer<Submitted> settled, final UsedBefore usedBefore) {
        this.connector = connector;
        this.lent = lent;
        this.patienceNs = patienceNs;
        this.settled = settled;
        this.usedBefore = usedBefore;
        connection = lent != null ? lent : Replies.connect(connector);
        progressAtNs = System.nanoTime();
    }

    /** Submits a bundle as it was sealed, with its id; waits while too many are on their way. */
    void submit(final Bundle bundle) {
        if (bundle.offset() != 0 || bundle.length() != bundle.array().length) {
            throw new IllegalArgumentException("a bundle alone in its array is expected");
        }
        if (pending.isEmpty()) {
            progressAtNs = System.nanoTime();
        }
        final Pending added = new Pending(bundle);
        pending.add(added);
        send(added);
        while (pending.size() >= WINDOW) {
            settleOldest();
        }
    }

    /** Waits until all are final. */
    void finish() {
        while (!pending.isEmpty()) {
            settleOldest();
        }
    }

    @Override
    public void close() {
        if (connection != lent) {
            connection.close();
        }
    }

    private void send(final Pending one) {
        one.reply = connection.call(new ServiceRequest.Submit(one.bundle.array()));
    }

    private void settleOldest() {
        final Pending oldest = pending.element();
        try {
            final ServiceReply reply = oldest.reply.get(RETRY_NS, TimeUnit.NANOSECONDS);
            if (reply instanceof Submitted submitted) {
                settle(oldest, submitted);
            } else if (reply instanceof ServiceReply.Busy busy) {
                again(oldest, busy.retryMillis());
            } else if (reply instanceof ServiceReply.Refused refused
                    && refused.reason() == ServiceReply.Refused.Reason.UNAVAILABLE) {
                again(oldest, RETRY_NS / 1_000_000);
            } else {
                throw Replies.failure(reply);
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

    private void settle(final Pending oldest, final Submitted submitted) throws InterruptedException {
        switch (submitted.status()) {
            case FINAL, DUPLICATE -> {
                requireSame(oldest.bundle, submitted);
                pending.remove();
                progressAtNs = System.nanoTime();
                settled.accept(submitted);
            }
            case TOO_FAR_AHEAD -> again(oldest, RETRY_NS / 1_000_000);
            case INVALID -> throw new CommandException(Exit.USAGE, "the service refused bundle " + submitted.bundle()
                + (submitted.outcomes().isEmpty() ? "" : ": " + submitted.outcomes().get(0).detail()), "");
        }
    }

    /**
     * What becomes of the bundle is told of the bundle, and of no other. One of a submission that was used before may
     * be a duplicate of other bytes; then these were not taken in.
     */
    private void requireSame(final Bundle bundle, final Submitted submitted) {
        if (submitted.bundle().equals(bundle.id())) {
            return;
        }
        if (submitted.status() == Submitted.Status.DUPLICATE
                && usedBefore.proves(connection, submitted.bundle(), bundle)) {
            throw new CommandException(Exit.USAGE, "the submission was used before for other input: bundle number "
                + bundle.sequence() + " is another on the ledger", "leave --submission out; or give the same lines and"
                + " --entity as before, to go on with what could not finish");
        }
        throw new CommandException(Exit.UNVERIFIED, "the service answers for another bundle than number "
            + bundle.sequence() + ": expected=" + bundle.id() + " actual=" + submitted.bundle() + " status="
            + submitted.status(), "do not trust this service; look with: ztp verify");
    }

    private void again(final Pending one, final long waitMillis) throws InterruptedException {
        checkPatience("the service takes nothing in");
        TimeUnit.MILLISECONDS.sleep(Math.min(1_000, Math.max(1, waitMillis)));
        send(one);
    }

    /** Connects to the service that was started anew, and submits again what was on its way. */
    private void reconnect() {
        close();
        while (true) {
            try {
                connection = connector.connect();
                break;
            } catch (final ServiceUnavailable notYet) {
                checkPatience(notYet.getMessage());
                Polling.pause(RETRY_NS);
            }
        }
        pending.forEach(this::send);
    }

    private void checkPatience(final String reason) {
        if (System.nanoTime() - progressAtNs > patienceNs) {
            throw new CommandException(Exit.UNAVAILABLE, reason + " within " + patienceNs / 100_000_000 / 10.0 + " s", "");
        }
    }
}
