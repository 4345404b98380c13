package org.ztp.release;

import java.util.List;
import org.ztp.release.ReleaseAction.Fault.Kind;
import org.ztp.release.ReleaseEvent.Asked;
import org.ztp.release.ReleaseEvent.AskedSingly;
import org.ztp.release.ReleaseEvent.Contributed;
import org.ztp.release.ReleaseEvent.Crowded;
import org.ztp.release.ReleaseEvent.LookedUp;
import org.ztp.release.ReleaseEvent.Received;
import org.ztp.release.ReleaseEvent.Sealed;
import org.ztp.release.ReleaseEvent.Suspected;
import org.ztp.release.ReleaseMessage.Call;
import org.ztp.release.ReleaseMessage.Declined;
import org.ztp.release.ReleaseMessage.PartialHere;
import org.ztp.release.ReleaseMessage.Singly;
import org.ztp.release.ReleaseMessage.SinglyCall;

/**
 * One replica's part in releases: gateway for its own clients, participant for every member's. Same state and same
 * event: same actions. Nothing of it survives a restart, and nothing has to: a client asks again. Single owner: the
 * thread that calls {@link #step}.
 */
public final class ReleaseCore {
    private final Desk desk;
    private final Gateway gateway;
    private final Participant participant;

    /** The part of {@code group.self()}. */
    public ReleaseCore(final ReleaseGroup group, final ReleaseLimits limits) {
        desk = new Desk(group, limits);
        gateway = new Gateway(desk);
        participant = new Participant(desk);
    }

    /**
     * Takes an event in.
     *
     * @param nowNs a clock that never goes back, nanoseconds
     * @param event what happened
     * @param actions what is to be done is appended here, in order
     * @throws IllegalArgumentException when a token under way is used again: the caller's mistake
     * @throws IllegalStateException when what this replica itself computed does not fit: its own mistake
     */
    public void step(final long nowNs, final ReleaseEvent event, final List<ReleaseAction> actions) {
        desk.nowNs = nowNs;
        handle(event);
        for (int i = 0; i < desk.actions.size(); i++) { // what it sends to itself may add more
            final ReleaseAction action = desk.actions.get(i);
            if (action instanceof ReleaseAction.Send send && send.to() == desk.group.self()) {
                onMessage(send.to(), send.message());
            } else {
                actions.add(action);
            }
        }
        desk.actions.clear();
    }

    private void handle(final ReleaseEvent event) {
        if (event instanceof Received received) {
            if (desk.group.contains(received.from()) && received.from() != desk.group.self()) {
                onMessage(received.from(), received.message());
            } else {
                desk.fault(received.from(), Kind.NOT_A_MEMBER, "members=" + desk.group.members());
            }
        } else if (event instanceof LookedUp answer) {
            if (!gateway.onLookedUp(answer.callId(), answer.standing())) {
                participant.onLookedUp(answer);
            }
        } else if (event instanceof Contributed contributed) {
            participant.onContributed(contributed.callId(), contributed.masked());
        } else if (event instanceof Sealed sealed) {
            participant.onSealed(sealed.callId(), sealed.sealed());
        } else if (event instanceof Crowded crowded) {
            participant.onCrowded(crowded.callId());
        } else if (event instanceof Asked asked) {
            gateway.onAsked(asked);
        } else if (event instanceof AskedSingly asked) {
            gateway.onAskedSingly(asked);
        } else if (event instanceof Suspected suspected) {
            desk.suspected = suspected.replicas();
            gateway.onSuspected();
        } else {
            gateway.tick();
            participant.tick();
        }
    }

    private void onMessage(final int from, final ReleaseMessage message) {
        if (message instanceof Call call) {
            participant.onCall(from, call);
        } else if (message instanceof SinglyCall call) {
            participant.onSinglyCall(from, call);
        } else if (message instanceof PartialHere here) {
            if (here.partial().from() != from) {
                desk.fault(from, Kind.BAD_PARTIAL, "from: expected=" + from + " actual=" + here.partial().from());
            } else if (!gateway.onPartial(from, here.partial())) {
                participant.onPartial(from, here.partial());
            }
        } else if (message instanceof Declined declined) {
            gateway.onDeclined(from, declined);
        } else if (message instanceof Singly answer) {
            gateway.onAnswer(from, answer);
        }
    }

    /** When a tick is due at the latest; never more than the time limit of a whole release away. */
    public long nextTickNs() {
        return participant.nextTickNs(gateway.nextTickNs(desk.nowNs + desk.limits.totalTimeoutNs()));
    }

    /** Releases that this replica drives now. */
    public int runsUnderWay() {
        return gateway.runsUnderWay();
    }

    /** Calls for this replica's shares under way now. */
    public int callsUnderWay() {
        return participant.callsUnderWay();
    }
}
