package org.ztp.cli;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ztp.client.Connection;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceUnavailable;

/** Asks the service one thing and waits for the answer. */
final class Replies {
    private static final long MAX_PAUSE_MILLIS = 1_000;
    private static final String AGAIN = "try again; nothing was lost";

    private Replies() {
    }

    /** A connection, or the end of the command with exit 4. */
    static Connection connect(final Connector connector) {
        try {
            return connector.connect();
        } catch (final ServiceUnavailable none) {
            throw new CommandException(Exit.UNAVAILABLE, none.getMessage(), none.hint());
        }
    }

    /** The reply of the kind that is expected; any other ends the command. */
    static <T extends ServiceReply> T ask(final Connection connection, final ServiceRequest request,
                                          final Class<T> expected, final long timeoutNs) {
        return expect(await(connection, request, timeoutNs), expected);
    }

    /** The reply if it is of the kind that is expected; any other ends the command. */
    static <T extends ServiceReply> T expect(final ServiceReply reply, final Class<T> expected) {
        if (expected.isInstance(reply)) {
            return expected.cast(reply);
        }
        throw failure(reply);
    }

    /**
     * The end of a command to which the service did not say what was hoped for. That the contract denies something is
     * never its word alone: see {@link Refusal}.
     */
    static CommandException failure(final ServiceReply reply) {
        if (reply instanceof ServiceReply.Busy) {
            return new CommandException(Exit.UNAVAILABLE, "the service has too much to do", AGAIN);
        }
        if (reply instanceof ServiceReply.Refused refused && refused.reason() == ServiceReply.Refused.Reason.DENIED) {
            return unproven(refused.message(), "ask through another rank");
        }
        if (reply instanceof ServiceReply.Refused refused) {
            final Exit exit = switch (refused.reason()) {
                case BAD_REQUEST, NOT_FOUND -> Exit.USAGE;
                case UNAVAILABLE, FAILED, DENIED -> Exit.UNAVAILABLE;
            };
            return new CommandException(exit, refused.message(), refused.hint());
        }
        return new CommandException(Exit.UNAVAILABLE, "the service gave an answer to something else: "
            + reply.getClass().getSimpleName(), "use the same version of ztp as the service");
    }

    /** The end of a command to which the service says no without any proof. */
    static CommandException unproven(final String said, final String hint) {
        return new CommandException(Exit.UNAVAILABLE, "the service says no and does not prove it: " + said, hint);
    }

    /** The answer; a service that has too much to do is asked again as long as one that says nothing is waited for. */
    private static ServiceReply await(final Connection connection, final ServiceRequest request, final long timeoutNs) {
        final long limit = System.nanoTime() + timeoutNs;
        try {
            ServiceReply reply = connection.call(request).get(timeoutNs, TimeUnit.NANOSECONDS);
            while (reply instanceof ServiceReply.Busy busy && System.nanoTime() - limit < 0) {
                TimeUnit.MILLISECONDS.sleep(Math.min(MAX_PAUSE_MILLIS, Math.max(1, busy.retryMillis())));
                reply = connection.call(request).get(Math.max(1, limit - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            return reply;
        } catch (final TimeoutException late) {
            throw new CommandException(Exit.UNAVAILABLE, "no answer within " + timeoutNs / 100_000_000 / 10.0 + " s", AGAIN);
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof ServiceGone gone) {
                throw new CommandException(Exit.UNAVAILABLE, gone.getMessage(), AGAIN);
            }
            throw new IllegalStateException(failed.getCause());
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted(AGAIN);
        }
    }
}
