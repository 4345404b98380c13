package org.ztp.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.epoch.EpochAction;
import org.ztp.epoch.EpochCore;
import org.ztp.epoch.EpochEvent;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochSetting;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.Epoch;

/**
 * Drives the epochs of this process, which has all sub-clusters or, in a run of many ranks, one replica of one: their
 * heads go in, each new epoch goes to all running replicas. Single owner: the epoch thread. Replicas leave their newest
 * head and epoch here, each in the place of the one before; what other processes say waits in a bounded queue, of which
 * each has a share, and is dropped beyond it.
 */
final class EpochDuty implements Duty {
    private static final int QUEUE = 4_096;
    /** Messages that are taken in before it is looked whether a tick is due, or the thread is to end. */
    private static final int TURN = 64;
    private static final long BYTES_OF_ONE = 1 << 20;

    private final EpochCore core;
    private final List<GroupNode> groups;
    private final FaultHook faults;
    private final BiConsumer<Integer, EpochMessage> mail;
    private final PeerQueue<EpochEvent.Received> received;
    private final AtomicReferenceArray<Certificate> heads;
    private final AtomicReference<Epoch> named = new AtomicReference<>();
    private final List<EpochAction> actions = new ArrayList<>();
    private final Set<Integer> stalled = new HashSet<>();
    private volatile Optional<Epoch> newest = Optional.empty();

    /**
     * A duty.
     *
     * @param setting who makes epochs with whom
     * @param groups the sub-clusters; may be filled until the thread starts
     * @param faults where trouble is reported
     * @param mail sends to another process; never called where there is none
     */
    EpochDuty(final EpochSetting setting, final List<GroupNode> groups, final FaultHook faults,
              final BiConsumer<Integer, EpochMessage> mail) {
        this.core = new EpochCore(setting);
        this.groups = groups;
        this.faults = faults;
        this.mail = mail;
        received = new PeerQueue<>(setting.nodes().stream().sorted().toList(), QUEUE, BYTES_OF_ONE,
            EpochEvent.Received::from, said -> MessageSize.of(said.message()));
        this.heads = new AtomicReferenceArray<>(setting.voters().size());
    }

    /** A final block with a commit certificate, and the epoch that it holds. Any thread. */
    void head(final int subCluster, final Optional<Certificate> commit, final Optional<Epoch> epoch) {
        commit.ifPresent(head -> heads.accumulateAndGet(subCluster, head,
            (a, b) -> a == null || b.height() > a.height() ? b : a));
        epoch.ifPresent(next -> named.accumulateAndGet(next,
            (a, b) -> a == null || b.number() > a.number() ? b : a));
    }

    /** A replica has made a block final. Any thread. */
    void finalized(final int subCluster, final Action.Finalized said) {
        head(subCluster, said.block().certificate(), said.block().block().epoch());
    }

    /** Another process has said something. Any thread. False if there is no room for more of it. */
    boolean offer(final int from, final EpochMessage message) {
        return received.offer(new EpochEvent.Received(from, message));
    }

    /** The newest epoch. */
    Optional<Epoch> newest() {
        return newest;
    }

    @Override
    public int work() {
        int done = 0;
        EpochEvent.Received next;
        while (done < TURN && (next = received.poll()) != null) {
            takeInHeads();
            step(next);
            done++;
        }
        if (System.nanoTime() - core.nextTickNs() < 0) {
            return done;
        }
        takeInHeads();
        step(new EpochEvent.Tick());
        return done + 1;
    }

    /** What replicas have left here, so that who asks hears of the newest heads. */
    private void takeInHeads() {
        Optional.ofNullable(named.getAndSet(null)).ifPresent(epoch -> step(new EpochEvent.Named(epoch)));
        for (final GroupNode group : groups) {
            final int subCluster = group.group().subCluster();
            Optional.ofNullable(heads.getAndSet(subCluster, null))
                .ifPresent(head -> step(new EpochEvent.Final(subCluster, head)));
            final boolean now = !group.roster().hasQuorum();
            if (now ? stalled.add(subCluster) : stalled.remove(subCluster)) {
                step(new EpochEvent.Standing(subCluster, now));
            }
        }
    }

    @Override
    public long restNs() {
        return core.nextTickNs() - System.nanoTime();
    }

    private void step(final EpochEvent event) {
        core.step(System.nanoTime(), event, actions);
        for (final EpochAction action : actions) {
            if (action instanceof EpochAction.Send send) {
                mail.accept(send.to(), send.message());
            } else if (action instanceof EpochAction.Known known) {
                newest = Optional.of(known.epoch());
                groups.forEach(group -> group.roster().replicas().stream().filter(Replica::isRunning)
                    .forEach(replica -> replica.post(new Event.EpochMade(-1, known.epoch()))));
            } else if (action instanceof EpochAction.Fault fault) {
                faults.report(-1, fault.node(), "BAD_EPOCH", fault.detail());
            }
        }
        actions.clear();
    }
}
