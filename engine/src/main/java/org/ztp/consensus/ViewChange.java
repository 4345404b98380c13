package org.ztp.consensus;

import java.util.Optional;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.vote.TimeoutCollector;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;

/** Leaves a view that makes no progress: time-outs, their certificate, the next view. */
final class ViewChange {
    private static final long GIVE_WAY_NS = 5_000_000_000L;
    private static final long GIVE_WAY_MAX_NS = 3_600_000_000_000L;

    private final Context context;
    private final TimeoutCollector timeouts;
    private long giveWayAfterNs = Long.MIN_VALUE;
    private long giveWayNs = GIVE_WAY_NS;

    ViewChange(final Context context) {
        this.context = context;
        this.timeouts = new TimeoutCollector(context.group.quorum());
    }

    /** Whether a leader may open the current view with this certificate. */
    boolean opensWith(final Certificate high) {
        return context.safety.entry().isPresent() && context.safety.entry().get().isReachedBy(high);
    }

    /** Whether this very certificate was checked before. */
    boolean isKnown(final TimeoutCertificate certificate) {
        return context.safety.entry().isPresent() && context.safety.entry().get() == certificate;
    }

    /** Says that the current view is out of time since nothing became final in it; said again while nothing changes. */
    void timeout() {
        timeout("no progress in view " + context.safety.view());
    }

    /** Says that the current view is out of time, and why. */
    void timeout(final String reason) {
        final boolean first = context.safety.isOpen();
        final Optional<TimeoutVote> vote = context.safety.timeout();
        context.pacemaker.restart(context.nowNs);
        if (vote.isEmpty()) {
            return;
        }
        if (first) {
            context.fault(context.group.leader(context.safety.view()), Kind.VIEW_TIMED_OUT, reason);
            context.outbox.safetyChanged();
        }
        final TimedOut message = new TimedOut(vote.get(), context.safety.high(), context.safety.entry());
        context.outbox.whenDurable(new Broadcast(message));
        context.outbox.whenDurable(new Action.Send(context.self, message));
    }

    /** A time-out has come. */
    void onTimedOut(final int from, final TimedOut message) {
        final TimeoutVote vote = message.vote();
        final Certificate high = message.high();
        if (vote.view() < context.safety.view()) {
            helpBehind(from);
            return;
        }
        if (vote.replica() != from || high.phase() != Phase.PREPARE || high.view() != vote.highView()
            || high.height() != vote.highHeight()
            || high.view() > vote.view()
            || !context.signatures.check(from, vote.signedBytes(context.group), vote.signature())) {
            context.fault(from, Kind.BAD_SIGNATURE, vote.toString());
            return;
        }
        final Optional<Certificate> good = context.certificates.check(high);
        if (good.isEmpty()) {
            context.fault(from, Kind.BAD_SIGNATURE, "lock of " + vote);
            return;
        }
        context.certifier.onPrepared(good.get());
        message.entry().ifPresent(opened -> onOpened(from, opened));
        if (vote.view() - context.safety.view() > context.limits.viewsAhead()) {
            return;
        }
        timeouts.add(vote);
        count(vote.view());
        if (from == context.group.leader(vote.view()) && vote.view() == context.safety.view()
            && context.safety.isOpen()) {
            timeout();
        }
    }

    private void count(final long view) {
        if (view == context.safety.view() && context.safety.isOpen()
            && timeouts.count(view) > context.group.faults()) {
            timeout();
        }
        if (view >= context.safety.view()) {
            timeouts.certificate(view).ifPresent(certificate -> enter(view + 1, Optional.of(certificate)));
        }
    }

    /** Somebody shows what opened its view, and its lock. */
    void onOpened(final int from, final Opened opened) {
        context.certifier.onCertified(from, opened.high());
        onOpened(from, opened.entry());
    }

    /**
     * V1. Nobody else's lock counts before it is locked here: one of those who signed may lie about its own, and whoever
     * leads a view that was opened with a lock that nobody has could never build there. Who is in the view by right has
     * locked all of them, and tells of that first.
     */
    private void onOpened(final int from, final TimeoutCertificate certificate) {
        if (certificate.view() < context.safety.view()) {
            return;
        }
        if (!context.certificates.holds(certificate)) {
            context.fault(from, Kind.BAD_SIGNATURE, "time-out certificate of view " + certificate.view());
        } else if (certificate.isReachedBy(context.safety.high())) {
            enter(certificate.view() + 1, Optional.of(certificate));
        } else {
            context.fault(from, Kind.BAD_ENTRY, "time-out certificate of view " + certificate.view()
                + " with a lock that nobody shows: mine=" + Context.brief(context.safety.high()));
        }
    }

    /**
     * A peer tells that it has lost its record and waits for a later view: a leader that hears of it gives way, ever
     * more seldom, since the peer may lie.
     */
    void onMute(final Message.Status status) {
        if (status.view() == context.safety.view() && context.safety.mayLead() && context.nowNs >= giveWayAfterNs) {
            giveWayAfterNs = context.nowNs + giveWayNs;
            giveWayNs = Math.min(2 * giveWayNs, GIVE_WAY_MAX_NS);
            timeout();
        }
    }

    /**
     * Shows a replica that is in an older view what opened this one. If neither is here, a final block opened it, which
     * that replica asks for when it hears of its height.
     */
    void helpBehind(final int replica) {
        final Optional<TimeoutCertificate> entry = context.safety.entry();
        if (entry.isPresent()) {
            context.outbox.now(new Action.Send(replica, new Opened(entry.get(), context.safety.high())));
        } else if (context.safety.high().view() == context.safety.view()) {
            context.outbox.now(new Action.Send(replica, new Certified(context.safety.high())));
        }
    }

    /** Enters a view. What opened it has been checked; it is durable before anything that depends on it leaves. */
    void enter(final long view, final Optional<TimeoutCertificate> opened) {
        if (view <= context.safety.view()) {
            return;
        }
        context.safety.enter(view, opened);
        context.outbox.safetyChanged();
        context.pacemaker.viewLost();
        context.insistence.viewEntered();
        context.outbox.now(new Action.ViewEntered(view, context.group.leader(view)));
        if (opened.isPresent() && context.group.leader(view) != context.self) {
            context.outbox.now(new Action.Send(context.group.leader(view),
                new Opened(opened.get(), context.safety.high())));
        }
        context.voter.retry();
        context.proposer.tryPropose();
    }
}
