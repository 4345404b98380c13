package org.ztp.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.ReplicaCore;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.state.StateReader;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseCore;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.Standing;
import org.ztp.transport.Parcel;
import org.ztp.transport.Transport;

/**
 * Drives one replica's core: events in, actions out. Single owner: the replica's thread. What peers send waits in a
 * bounded queue and is dropped beyond it; what this node itself answers (durable, checked) is never dropped, and there
 * is never more of it than was asked for.
 */
final class ReplicaDuty implements Duty {
    private static final int TURN = 256;

    private final int self;
    private final Group group;
    private final ReplicaCore core;
    private final Transport transport;
    private final Outlet outlet;
    private final FaultHook faults;
    private final ReleaseCore release;
    private final FailureDetector detector;
    private final MpscUnboundedArrayQueue<Object> own = new MpscUnboundedArrayQueue<>(256);
    private final PeerInbox peers;
    private final List<Action> actions = new ArrayList<>();
    private final List<ReleaseAction> releaseActions = new ArrayList<>();
    /** Answers of the ledger, taken in before anything else, which might make them untrue. */
    private final Queue<ReleaseEvent> lookedUp = new ArrayDeque<>();
    private final GapMeter gaps = new GapMeter();
    private volatile long lookedNs = System.nanoTime();
    private volatile Set<Integer> suspected = Set.of();
    private volatile Position standing = new Position(0, 0, 0, 0, false);
    private volatile LedgerState state;

    /** Where actions go that are neither messages nor faults. */
    interface Outlet {
        /** To the journal. */
        void persist(Action.Persist persist);

        /** To the team. */
        void check(Action.CheckBatch check);

        /** To the journal's index, and to clients. */
        void finalized(Action.Finalized said);

        /** To whoever reads the journal. */
        void sendFinal(Action.SendFinal wanted);

        /** To whoever reads the journal. */
        void sendStored(Action.SendStoredBatches wanted);

        /** To whoever keeps states. */
        void sendSnapshot(Action.SendSnapshot wanted);

        /** To whoever keeps states. */
        void sendState(Action.SendState wanted);

        /** To be written down; then a new life begins. */
        void snapshotTaken(Action.SnapshotTaken snapshot);

        /** To whoever opens shares; the answer is posted. */
        void contribute(ReleaseAction.Contribute wanted);

        /** To whoever opens shares; the answer is posted. */
        void seal(ReleaseAction.Seal wanted);

        /** To the client that asked: released, released singly, or refused. */
        void answer(ReleaseAction answer);
    }

    /**
     * Where the replica stands.
     *
     * @param view its view
     * @param leader leader of the view
     * @param finalHeight height of its last final block
     * @param epoch number of the epoch that its chain named last, 0 for none
     * @param mute whether it withholds its votes, since it lost its safety record
     */
    record Position(long view, int leader, long finalHeight, long epoch, boolean mute) { }

    ReplicaDuty(final int self, final Group group, final ReplicaCore core, final ReleaseCore release,
                final FailureDetector detector, final Transport transport, final Outlet outlet, final FaultHook faults,
                final PeerInbox peers) {
        this.self = self;
        this.group = group;
        this.core = core;
        this.release = release;
        this.detector = detector;
        this.transport = transport;
        this.outlet = outlet;
        this.faults = faults;
        this.peers = peers;
        publish();
    }

    /** Something that this node itself has done. Any thread. */
    void post(final Event event) {
        own.add(event);
    }

    /** Something that this node itself has done or wants, about a release. Any thread. */
    void post(final ReleaseEvent event) {
        own.add(event);
    }

    /** Something from a peer. Any thread. False if there is no room. */
    boolean offer(final int from, final Parcel parcel) {
        return peers.offer(from, parcel);
    }

    /** Peers not heard of for longer than the detector's limit. */
    Set<Integer> suspected() {
        return suspected;
    }

    /** When it last looked at its peers; it does so with each heartbeat. */
    long lookedNs() {
        return lookedNs;
    }

    /** When blocks were missing last. */
    GapMeter.Gap lastGap() {
        return gaps.last();
    }

    Position standing() {
        return standing;
    }

    /** The state after the last final block. */
    LedgerState state() {
        return state;
    }

    @Override
    public int work() {
        int done = 0;
        Object event;
        while (done < TURN && (event = own.poll()) != null) {
            take(event);
            done++;
        }
        while (done < TURN && (event = peers.poll()) != null) {
            take(event);
            done++;
        }
        tick();
        if (done > 0) {
            publish();
        }
        return done;
    }

    @Override
    public long restNs() {
        final long nowNs = System.nanoTime();
        return Math.min(core.nextTickNs() - nowNs, release.nextTickNs() - nowNs);
    }

    private void tick() {
        final long nowNs = System.nanoTime();
        if (nowNs - core.nextTickNs() >= 0) {
            step(Event.Tick.TICK);
            gaps.look(core.pooledBatches() > 0, nowNs);
            if (detector.changed(nowNs, lookedNs)) {
                suspected = detector.suspected();
                faults.report(self, -1, "SUSPECTED", suspected.toString());
                step(new Event.Suspected(suspected));
                step(new ReleaseEvent.Suspected(suspected));
            }
            lookedNs = nowNs;
        }
        if (nowNs - release.nextTickNs() >= 0) {
            step(new ReleaseEvent.Tick());
        }
    }

    private void take(final Object event) {
        if (event instanceof Event ordering) {
            if (ordering instanceof Event.Received received) {
                detector.heard(received.from(), System.nanoTime());
            }
            step(ordering);
        } else {
            step((ReleaseEvent) event);
        }
    }

    private void publish() {
        if (standing.finalHeight() != core.finalHeight() || standing.view() != core.view()
            || standing.mute() != core.isMute() || state == null) {
            state = core.finalState();
            standing = new Position(core.view(), core.leader(), core.finalHeight(),
                core.finalEpoch().map(Epoch::number).orElse(0L), core.isMute());
        }
    }

    private void step(final ReleaseEvent event) {
        ReleaseEvent next = event;
        while (next != null) {
            release.step(System.nanoTime(), next, releaseActions);
            for (int i = 0; i < releaseActions.size(); i++) {
                perform(releaseActions.get(i));
            }
            releaseActions.clear();
            next = lookedUp.poll();
        }
    }

    private void perform(final ReleaseAction action) {
        if (action instanceof ReleaseAction.Send send) {
            transport.send(send.to(), new Parcel.Releasing(send.message()));
        } else if (action instanceof ReleaseAction.LookUp lookUp) {
            final long wallMillis = System.currentTimeMillis();
            lookedUp.add(new ReleaseEvent.LookedUp(lookUp.callId(), Standing.of((StateReader) core.finalState(),
                lookUp.request(), core.laterMillis(wallMillis)), core.isRecent(System.nanoTime(), wallMillis)));
        } else if (action instanceof ReleaseAction.Contribute contribute) {
            outlet.contribute(contribute);
        } else if (action instanceof ReleaseAction.Seal seal) {
            outlet.seal(seal);
        } else if (action instanceof ReleaseAction.Fault fault) {
            faults.report(self, fault.replica(), fault.kind().name(), fault.detail());
        } else {
            outlet.answer(action);
        }
    }

    private void step(final Event event) {
        actions.clear();
        core.step(System.nanoTime(), System.currentTimeMillis(), event, actions);
        for (int i = 0; i < actions.size(); i++) {
            perform(actions.get(i));
        }
    }

    private void perform(final Action action) {
        if (action instanceof Action.Send send) {
            transport.send(send.to(), new Parcel.Ordering(send.message()));
        } else if (action instanceof Action.Broadcast broadcast) {
            final Parcel parcel = new Parcel.Ordering(broadcast.message());
            for (final int member : group.members()) {
                if (member != self) {
                    transport.send(member, parcel);
                }
            }
        } else if (action instanceof Action.Persist persist) {
            outlet.persist(persist);
        } else if (action instanceof Action.CheckBatch check) {
            outlet.check(check);
        } else if (action instanceof Action.Finalized said) {
            gaps.finalized(System.nanoTime(), System.currentTimeMillis());
            publish(); // so that what a client was told is final is in the state that its next bundle meets
            outlet.finalized(said);
        } else if (action instanceof Action.SendFinal wanted) {
            outlet.sendFinal(wanted);
        } else if (action instanceof Action.SendStoredBatches wanted) {
            outlet.sendStored(wanted);
        } else if (action instanceof Action.Fault fault) {
            faults.report(self, fault.replica(), fault.kind().name(), fault.detail());
        } else {
            performTransfer(action);
        }
    }

    private void performTransfer(final Action action) {
        if (action instanceof Action.SendSnapshot wanted) {
            outlet.sendSnapshot(wanted);
        } else if (action instanceof Action.SendState wanted) {
            outlet.sendState(wanted);
        } else if (action instanceof Action.SnapshotTaken snapshot) {
            outlet.snapshotTaken(snapshot);
        }
    }
}
