package org.ztp.runtime;

import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;

/**
 * Ingest, and now and then what waited too long: a bundle whose replica failed before the batch had spread is driven again
 * through another. Owned by the ingest thread, but for {@link #again}.
 */
final class Driving implements Duty {
    private static final long AGAIN_NS = 3_000_000_000L;
    /** So long what others have of the gateway before is given to become final: driven again it would be there twice. */
    private static final long GRACE_NS = AGAIN_NS / 4;
    private static final long GATEWAY_LOOK_NS = 50_000_000L;
    private static final Refused WAS_FINAL = new Refused(Refused.Reason.UNAVAILABLE,
        "the same bundles were in a block lately and did not count there, so no replica takes them in again by themselves",
        "try again soon, or together with others");

    private final Submissions submissions;
    private final Flights flights;
    private final Settling settled;
    private final Ingest ingest;
    private final Releases releases;
    private final IntSupplier gateway;
    private final LongSupplier clock;
    private volatile boolean again;
    private boolean moved;
    private long movedNs;
    private long drivenNs;
    private long lookedNs;
    private int gatewayBefore = -1;

    /** Knows which bundles need no batch, or none now. */
    @FunctionalInterface
    interface Settling {
        /**
         * Whether a bundle belongs into no batch now: it is answered, or will be looked at again.
         *
         * @param ageNs how long ago it was handed in
         */
        boolean settles(Bundle bundle, long ageNs);
    }

    /**
     * The duty.
     *
     * @param submissions what waits
     * @param flights what is on its way
     * @param settled which bundles belong into no batch; on the ingest thread
     * @param ingest makes batches of what comes in
     * @param releases what is asked of the replicas
     * @param gateway id of the replica that is given batches; less than 0 if there is none
     * @param clock nanoseconds
     */
    Driving(final Submissions submissions, final Flights flights, final Settling settled, final Ingest ingest,
            final Releases releases, final IntSupplier gateway, final LongSupplier clock) {
        this.submissions = submissions;
        this.flights = flights;
        this.settled = settled;
        this.ingest = ingest;
        this.releases = releases;
        this.gateway = gateway;
        this.clock = clock;
        drivenNs = clock.getAsLong();
        lookedNs = drivenNs;
    }

    /** Lets everything that waits be driven through another replica when the duty works next. Any thread. */
    void again() {
        flights.forget(); // what is on its way from now on is not driven again
        again = true;
    }

    /** Lets a bundle be looked at again when the duty next looks for what is late. */
    void soon(final Hash id) {
        submissions.drive(id, clock.getAsLong() - AGAIN_NS);
    }

    @Override
    public int work() {
        final long nowNs = clock.getAsLong();
        releases.tick(nowNs);
        if (nowNs - lookedNs >= GATEWAY_LOOK_NS) {
            lookedNs = nowNs;
            followGateway(nowNs);
        }
        if (again || moved && nowNs - movedNs >= GRACE_NS) {
            again = false; // first: what is asked for from now on is for the next time
            moved = false;
            driveAgain(nowNs, submissions.all());
        } else if (nowNs - drivenNs >= AGAIN_NS / 4) {
            driveAgain(nowNs, submissions.olderThan(nowNs - AGAIN_NS));
        }
        return ingest.work();
    }

    @Override
    public long restNs() {
        return Math.min(ingest.restNs(), submissions.count() > 0 ? GATEWAY_LOOK_NS : Releases.LOOK_NS);
    }

    /** What the gateway before was given, and did not spread before it failed, is driven through the new one. */
    private void followGateway(final long nowNs) {
        final int now = gateway.getAsInt();
        if (now != gatewayBefore) {
            gatewayBefore = now;
            flights.forget();
            moved = true;
            movedNs = nowNs;
        }
    }

    /**
     * Late is what no batch on its way has: its replica ended, or the batch took too long. Each time it takes too long the
     * next one is given twice as long, about, so that a slow ledger is not made slower.
     */
    private void driveAgain(final long nowNs, final List<Submissions.Open> late) {
        drivenNs = nowNs;
        final Set<Hash> onTheirWay = late.isEmpty() ? Set.of() : flights.bundles(nowNs);
        final BatchBuilder builder = ingest.newBatch();
        long ageNs = Flights.PATIENCE_NS;
        for (final Submissions.Open open : late) {
            open.drivenNs = nowNs;
            final Bundle bundle = Bundle.parse(open.bundle, 0, open.bundle.length).orElseThrow();
            bundle.identify(open.id);
            if (onTheirWay.contains(open.id) || settled.settles(bundle, nowNs - open.sinceNs)) {
                continue;
            }
            if (!builder.add(bundle)) {
                send(builder.build(), nowNs, ageNs);
                builder.add(bundle);
            }
            ageNs = Math.max(ageNs, nowNs - open.sinceNs);
        }
        if (builder.count() > 0) {
            send(builder.build(), nowNs, ageNs);
        }
    }

    private void send(final Batch batch, final long nowNs, final long patienceNs) {
        if (flights.send(ingest.rootOf(batch), batch, nowNs, patienceNs) == Flights.Sent.WAS_FINAL) {
            batch.bundles().forEach(bundle -> submissions.complete(bundle.id(), WAS_FINAL));
        }
    }
}
