package org.ztp.runtime;

import java.util.List;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Bundle;

/**
 * Ingest, and now and then what waited too long: a bundle whose replica failed before the batch had spread is driven again
 * through another. Owned by the ingest thread, but for {@link #again}.
 */
final class Driving implements Duty {
    private static final long AGAIN_NS = 3_000_000_000L;
    private static final long GATEWAY_LOOK_NS = 50_000_000L;

    private final Submissions submissions;
    private final FinalFeed feed;
    private final Ingest ingest;
    private final Releases releases;
    private final Roster roster;
    private final int batchBytes;
    private volatile long drivenNs;
    private long lookedNs;
    private int gatewayBefore = -1;

    Driving(final Submissions submissions, final FinalFeed feed, final Ingest ingest, final Releases releases,
            final Roster roster, final int batchBytes) {
        this.submissions = submissions;
        this.feed = feed;
        this.ingest = ingest;
        this.releases = releases;
        this.roster = roster;
        this.batchBytes = batchBytes;
    }

    /** Lets everything that waits be driven through another replica when the duty works next. Any thread. */
    void again() {
        feed.forgetBatches();
        submissions.driveAll(System.nanoTime() - AGAIN_NS - 1);
        drivenNs = System.nanoTime() - AGAIN_NS;
    }

    @Override
    public int work() {
        final long nowNs = System.nanoTime();
        releases.tick(nowNs);
        if (nowNs - lookedNs >= GATEWAY_LOOK_NS) {
            lookedNs = nowNs;
            followGateway();
        }
        if (nowNs - drivenNs >= AGAIN_NS / 4) {
            drivenNs = nowNs;
            driveAgain(nowNs);
        }
        return ingest.work();
    }

    @Override
    public long restNs() {
        return Math.min(ingest.restNs(), submissions.count() > 0 ? GATEWAY_LOOK_NS : Releases.LOOK_NS);
    }

    /** What the gateway before was given, and did not spread before it failed, is driven through the new one. */
    private void followGateway() {
        final int now = roster.gateway().map(Replica::id).orElse(-1);
        if (now != gatewayBefore) {
            gatewayBefore = now;
            again();
        }
    }

    private void driveAgain(final long nowNs) {
        final List<Submissions.Open> late = submissions.olderThan(nowNs - AGAIN_NS);
        final BatchBuilder builder = new BatchBuilder(batchBytes);
        int taken = 0;
        for (final Submissions.Open open : late) {
            final Bundle bundle = Bundle.parse(open.bundle, 0, open.bundle.length).orElseThrow();
            ingest.identify(bundle);
            open.drivenNs = nowNs;
            if (!builder.add(bundle)) {
                ingest.sendAs(builder.build());
                builder.add(bundle);
            }
            taken++;
        }
        if (taken > 0) {
            ingest.sendAs(builder.build());
        }
    }
}
