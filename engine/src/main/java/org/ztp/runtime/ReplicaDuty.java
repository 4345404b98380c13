package org.ztp.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Message;
import org.ztp.consensus.ReplicaCore;
import org.ztp.ledger.LedgerState;
import org.ztp.transport.Parcel;
import org.ztp.transport.Transport;

/**
 * Drives one replica's core: events in, actions out. Single owner: the replica's thread. What peers send waits in a bounded
 * queue and is dropped beyond it; what this node itself answers (durable, checked) is never dropped, and there is never
 * more of it than was asked for.
 */
final class ReplicaDuty implements Duty {
    private static final int PEER_QUEUE = 8_192;
    private static final int TURN = 256;

    private final int self;
    private final Group group;
    private final ReplicaCore core;
    private final Transport transport;
    private final Outlet outlet;
    private final FaultHook faults;
    private final MpscUnboundedArrayQueue<Event> own = new MpscUnboundedArrayQueue<>(256);
    private final MpscArrayQueue<Event> peers = new MpscArrayQueue<>(PEER_QUEUE);
    private final List<Action> actions = new ArrayList<>();
    private volatile Standing standing = new Standing(0, 0, 0);
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
    }

    /**
     * Where the replica stands.
     *
     * @param view its view
     * @param leader leader of the view
     * @param finalHeight height of its last final block
     */
    record Standing(long view, int leader, long finalHeight) { }

    ReplicaDuty(final int self, final Group group, final ReplicaCore core, final Transport transport,
                final Outlet outlet, final FaultHook faults) {
        this.self = self;
        this.group = group;
        this.core = core;
        this.transport = transport;
        this.outlet = outlet;
        this.faults = faults;
        publish();
    }

    /** Something that this node itself has done. Any thread. */
    void post(final Event event) {
        own.add(event);
    }

    /** Something from a peer. Any thread. False if there is no room. */
    boolean offer(final int from, final Message message) {
        return peers.offer(new Event.Received(from, message));
    }

    Standing standing() {
        return standing;
    }

    /** The state after the last final block. */
    LedgerState state() {
        return state;
    }

    @Override
    public int work() {
        int done = 0;
        Event event;
        while (done < TURN && (event = own.poll()) != null) {
            step(event);
            done++;
        }
        while (done < TURN && (event = peers.poll()) != null) {
            step(event);
            done++;
        }
        if (System.nanoTime() - core.nextTickNs() >= 0) {
            step(new Event.Tick());
        }
        if (done > 0) {
            publish();
        }
        return done;
    }

    @Override
    public long restNs() {
        return core.nextTickNs() - System.nanoTime();
    }

    private void publish() {
        if (standing.finalHeight() != core.finalHeight() || standing.view() != core.view() || state == null) {
            state = core.finalState();
            standing = new Standing(core.view(), core.leader(), core.finalHeight());
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
            outlet.finalized(said);
        } else if (action instanceof Action.SendFinal wanted) {
            outlet.sendFinal(wanted);
        } else if (action instanceof Action.SendStoredBatches wanted) {
            outlet.sendStored(wanted);
        } else if (action instanceof Action.Fault fault) {
            faults.report(self, fault.replica(), fault.kind().name(), fault.detail());
        }
    }
}
