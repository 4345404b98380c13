package org.ztp.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceReply.SingleShare;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.ReleaseLimits;

/**
 * What clients of this node have asked the replicas to release. A replica that is asked drives the accumulation; if it
 * stops on the way, another one is asked. Any thread.
 */
final class Releases {
    /** How often it is looked whether a replica that was asked still runs. */
    static final long LOOK_NS = 250_000_000L;
    private static final int BUSY_MILLIS = 250;

    private final Supplier<Optional<Replica>> gateway;
    private final long limitNs;
    private final AtomicLong tokens = new AtomicLong();
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private volatile long lookedNs;

    /** Makes the question under a token. */
    interface Asking {
        /** The event for the replica that is asked. */
        ReleaseEvent under(long token);
    }

    private record Open(Asking asking, Replica asked, long sinceNs, Consumer<ServiceReply> reply) { }

    Releases(final Supplier<Optional<Replica>> gateway, final int faults) {
        this.gateway = gateway;
        this.limitNs = 2 * ReleaseLimits.forFaults(faults).totalTimeoutNs();
    }

    void ask(final Asking asking, final Consumer<ServiceReply> reply) {
        ask(asking, reply, System.nanoTime());
    }

    private void ask(final Asking asking, final Consumer<ServiceReply> reply, final long sinceNs) {
        final Optional<Replica> asked = gateway.get();
        if (asked.isEmpty()) {
            reply.accept(unavailable("no replica runs"));
            return;
        }
        final long token = tokens.incrementAndGet();
        open.put(token, new Open(asking, asked.get(), sinceNs, reply));
        asked.get().post(asking.under(token));
    }

    /** A replica has an answer. */
    void answered(final ReleaseAction answer) {
        if (answer instanceof ReleaseAction.Released released) {
            complete(released.token(), new ServiceReply.Released(released.vector(), released.participants(),
                released.attempt(), released.contractVersion()));
        } else if (answer instanceof ReleaseAction.ReleasedSingly singly) {
            complete(singly.token(), new ServiceReply.ReleasedSingly(singly.part(), singly.answers().stream()
                .map(one -> new SingleShare(one.replica(), one.sealed())).toList(), singly.contractVersion()));
        } else if (answer instanceof ReleaseAction.Refused refused) {
            complete(refused.token(), refusal(refused));
        }
    }

    private void complete(final long token, final ServiceReply reply) {
        final Open gone = open.remove(token);
        if (gone != null) {
            gone.reply().accept(reply);
        }
    }

    /** What a client is told of a refusal. */
    static ServiceReply refusal(final ReleaseAction.Refused refused) {
        return switch (refused.code()) {
            case DENIED, CLOSED -> new Refused(Refused.Reason.DENIED, refused.text(), "");
            case UNKNOWN -> new Refused(Refused.Reason.NOT_FOUND, refused.text(), "");
            case BAD_RANGE -> new Refused(Refused.Reason.BAD_REQUEST, refused.text(), "");
            case PENDING -> new Refused(Refused.Reason.UNAVAILABLE, refused.text(),
                "the request waits for approvals; ask again when they are given");
            case BUSY -> new ServiceReply.Busy(BUSY_MILLIS);
            case NOT_ENOUGH_REPLICAS, TIMED_OUT -> unavailable(refused.text());
        };
    }

    private static Refused unavailable(final String text) {
        return new Refused(Refused.Reason.UNAVAILABLE, text, "see `ztp status`; try again, nothing was lost");
    }

    /** Asks another replica for what one that has stopped was asked for. */
    void tick(final long nowNs) {
        if (nowNs - lookedNs < LOOK_NS || open.isEmpty()) {
            return;
        }
        lookedNs = nowNs;
        for (final Map.Entry<Long, Open> entry : open.entrySet()) {
            final Open one = entry.getValue();
            if (nowNs - one.sinceNs() > limitNs) {
                complete(entry.getKey(), unavailable("no answer in time"));
            } else if (!one.asked().isRunning() && open.remove(entry.getKey(), one)) {
                ask(one.asking(), one.reply(), one.sinceNs());
            }
        }
    }

    /** Answers everybody: nothing more comes. */
    void close() {
        open.keySet().forEach(token -> complete(token, unavailable("the service stopped")));
    }
}
