package org.ztp.consensus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Broadcast;
import org.ztp.consensus.Action.CheckBatch;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Action.Send;
import org.ztp.consensus.Event.BatchChecked;
import org.ztp.consensus.Event.BatchMade;
import org.ztp.consensus.Event.EpochMade;
import org.ztp.consensus.Event.Persisted;
import org.ztp.consensus.Event.Received;
import org.ztp.consensus.Message.AskView;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.BlockHere;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.SnapshotHere;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.ViewIs;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.Message.WantBatches;
import org.ztp.consensus.Message.WantBlock;
import org.ztp.consensus.Message.WantFinal;
import org.ztp.consensus.Message.WantSnapshot;
import org.ztp.consensus.Message.WantState;
import org.ztp.consensus.safety.VotingRules;
import org.ztp.ledger.Batch;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;

/**
 * One replica's part in the two-phase quorum commit. Same state and same event: same actions. Single owner: the thread
 * that calls {@link #step}.
 */
public final class ReplicaCore {
    private final Context context;
    /** What a step puts out; empty between steps. */
    private final List<Action> out = new ArrayList<>();
    private Recency recency; // from the start on
    private long heartbeatNs;
    private long tickedNs;
    /** Whether there was something left to do when the last step ended. */
    private boolean working;
    private boolean started;

    /** A replica of the only sub-cluster. */
    public ReplicaCore(final Group group, final int self, final Limits limits, final VotingRules safety,
                       final SignatureCheck signatures, final BatchHashing hashing, final StateMachine machine,
                       final Recovered recovered) {
        this(group, self, limits, safety, signatures, hashing, machine, recovered, List.of());
    }

    /**
     * A replica.
     *
     * @param group who orders the chain
     * @param self this replica's id
     * @param limits bounds and time limits
     * @param safety the rules with the signing key and what they remember
     * @param signatures checks of other replicas' signatures
     * @param hashing Merkle hashing
     * @param machine executes blocks
     * @param recovered what was found on disk
     * @param subClusters who votes in each sub-cluster, by its number, for the epochs; may be empty if there is but one
     */
    public ReplicaCore(final Group group, final int self, final Limits limits, final VotingRules safety,
                       final SignatureCheck signatures, final BatchHashing hashing, final StateMachine machine,
                       final Recovered recovered, final List<Voters> subClusters) {
        final BatchPool pool = new BatchPool();
        final BlockTree tree = new BlockTree(machine, pool, new BlockTree.Head(recovered.height(), recovered.block(),
            recovered.timeMillis(), recovered.epoch(), recovered.state()));
        context = new Context(group, self, limits, safety, signatures, hashing, pool, tree,
            new EpochBook(subClusters), recovered.gap());
        for (final Recovered.StoredBatch stored : recovered.batches()) {
            pool.add(stored.ref(), stored.batch(), self, 0, false);
        }
        recovered.undecided().stream().filter(block -> block.height() > recovered.height())
            .forEach(block -> tree.add(block, self).recorded = true);
        safety.enter(recovered.view(), Optional.empty());
        working = context.hasWork();
    }

    /**
     * Takes an event in.
     *
     * @param nowNs a clock that never goes back, nanoseconds
     * @param wallMillis milliseconds since 1970
     * @param event what happened
     * @param actions what is to be done is appended here, in order
     */
    public void step(final long nowNs, final long wallMillis, final Event event, final List<Action> actions) {
        context.nowNs = nowNs;
        context.wallMillis = wallMillis;
        start();
        handle(event);
        context.catchUp.goOn();
        finish();
        for (int i = 0; i < out.size(); i++) {
            final Action action = out.get(i);
            if (action instanceof Send send && send.to() == context.self) {
                onMessage(context.self, send.message());
                finish();
            } else {
                actions.add(action);
            }
        }
        out.clear();
    }

    private void finish() {
        working = context.hasWork();
        context.pacemaker.work(working && !context.catchUp.isBehind(), context.nowNs);
        if (context.isLeaderSilent()) {
            context.pacemaker.hasten(context.nowNs);
        }
        context.outbox.end(context.outbox.isSafetyChanged() ? context.safety.state().encode() : null, out);
    }

    private void start() {
        if (!started) {
            started = true;
            heartbeatNs = context.nowNs;
            tickedNs = context.nowNs;
            recency = new Recency(context.group.quorum(), context.limits.recentNs(), context.nowNs,
                context.wallMillis);
            context.outbox.safetyChanged();
            final int leader = context.group.leader(context.safety.view());
            if (leader == context.self && !context.safety.mayLead() && context.safety.isOpen()) {
                context.viewChange.timeout();
            }
        }
    }

    private void handle(final Event event) {
        if (event instanceof Received received) {
            onMessage(received.from(), received.message());
        } else if (event instanceof Persisted persisted) {
            context.outbox.persisted(persisted.ticket());
        } else if (event instanceof BatchMade made) {
            onBatchMade(made);
        } else if (event instanceof BatchChecked checked) {
            onBatchChecked(checked);
        } else if (event instanceof EpochMade made) {
            context.epochs.take(made.epoch()).ifPresent(wrong -> context.fault(made.from(), Kind.BAD_EPOCH, wrong));
        } else if (event instanceof Event.Suspected found) {
            context.suspected = found.replicas();
        } else if (event instanceof Event.SnapshotLost) {
            context.stateTransfer.lost();
        } else {
            onTick();
        }
    }

    private void onMessage(final int from, final Message message) {
        if (!context.group.contains(from) || context.isDiskBehind() && isRecorded(message)) {
            return;
        }
        if (message instanceof Vote vote) {
            context.certifier.onVote(from, vote);
        } else if (message instanceof Proposed proposed) {
            context.voter.onProposal(from, proposed.proposal());
        } else if (message instanceof Certified certified) {
            context.certifier.onCertified(from, certified.certificate());
        } else if (message instanceof BatchHere here) {
            onBatchHere(from, here);
        } else if (message instanceof TimedOut timedOut) {
            context.viewChange.onTimedOut(from, timedOut);
        } else if (message instanceof Opened opened) {
            context.viewChange.onOpened(from, opened);
        } else if (message instanceof Status status) {
            tells(from, status);
            context.catchUp.onStatus(from, status);
            context.stateTransfer.onStatus(from, status);
        } else {
            onFetch(from, message);
        }
    }

    /** Whether what comes of a message is more to record: what is not taken in now is said again, or asked for. */
    private static boolean isRecorded(final Message message) {
        return message instanceof BatchHere || message instanceof Proposed || message instanceof Certified
            || message instanceof BlockHere || message instanceof FinalBlocks;
    }

    private void onFetch(final int from, final Message message) {
        if (message instanceof WantBatches want) {
            onWantBatches(from, want);
        } else if (message instanceof WantBlock want) {
            context.catchUp.onWantBlock(from, want.block());
        } else if (message instanceof BlockHere here) {
            context.catchUp.onBlock(from, here.block());
        } else if (message instanceof WantFinal want) {
            if (want.fromHeight() <= context.tree.head().height()) {
                context.outbox.now(new Action.SendFinal(from, want.fromHeight()));
            }
        } else if (message instanceof FinalBlocks blocks) {
            context.catchUp.onFinalBlocks(from, blocks);
        } else if (message instanceof AskView ask) {
            context.lostRecord.onAsked(from, ask);
        } else if (message instanceof ViewIs answer) {
            context.lostRecord.onView(from, answer);
        } else {
            onStateTransfer(from, message);
        }
    }

    private void onStateTransfer(final int from, final Message message) {
        if (message instanceof WantSnapshot) {
            context.stateTransfer.onWantSnapshot(from);
        } else if (message instanceof SnapshotHere here) {
            context.stateTransfer.onSnapshot(from, here.head());
        } else if (message instanceof WantState want) {
            context.stateTransfer.onWantState(from, want);
        } else if (message instanceof StateHere here) {
            context.stateTransfer.onState(from, here);
        }
    }

    private void onBatchMade(final BatchMade made) {
        if (context.pool.add(made.ref(), made.batch(), context.self, context.nowNs, false)) {
            context.outbox.record(new Action.BatchEntry(made.ref(), made.batch()));
            context.outbox.now(new Broadcast(new BatchHere(made.ref(), made.batch())));
            context.proposer.tryPropose();
        }
    }

    private void onBatchHere(final int from, final BatchHere here) {
        final Hash root = here.ref().root();
        final boolean wanted = context.catchUp.isWanted(here.ref());
        if (from == context.self || context.pool.isChecking(from, root)
            || !wanted && (context.catchUp.isFar()
                || !context.pool.wants(root) && !isToCountAgain(root, here.batch()) || isNothingNew(here.batch()))) {
            return;
        }
        if (!wanted && context.pool.bytesOf(from) + BatchPool.cost(here.ref()) > context.limits.pooledBytesPerPeer()) {
            if (!context.catchUp.refused()) {
                context.fault(from, Kind.OVER_LIMIT, "batches not final: " + context.pool.bytesOf(from) + " bytes");
            }
            return;
        }
        context.pool.checking(from, here.ref());
        context.outbox.now(new CheckBatch(from, here.ref(), here.batch()));
    }

    /**
     * Whether all of a batch was taken in before, and this replica does not lead. Who made it may wait until it is
     * final, and for that it is enough that the leader has it. With who started again after it was final, and so does
     * not know that it is, it would wait until views end.
     */
    private boolean isNothingNew(final Batch batch) {
        return leader() != context.self && context.insistence.isTaken(batch);
    }

    /** Whether a batch that was final has what did not count there, being too far ahead, and would now. */
    private boolean isToCountAgain(final Hash root, final Batch batch) {
        return context.pool.wasFinal(root) && context.insistence.counts(batch);
    }

    private void onBatchChecked(final BatchChecked checked) {
        context.pool.checked(checked.from(), checked.ref());
        if (!checked.valid()) {
            context.fault(checked.from(), Kind.BAD_BATCH, "batch " + checked.ref().root());
            return;
        }
        if (context.pool.add(checked.ref(), checked.batch(), checked.from(), context.nowNs,
            context.catchUp.isWanted(checked.ref()) || isToCountAgain(checked.ref().root(), checked.batch()))) {
            context.outbox.record(new Action.BatchEntry(checked.ref(), checked.batch()));
            context.catchUp.batchHere(checked.ref());
            context.catchUp.arrived();
        }
    }

    /** Sends what is here, about a block's worth; the peer asks again for the rest. */
    private void onWantBatches(final int from, final WantBatches want) {
        final List<Hash> stored = new ArrayList<>();
        long bytes = 0;
        for (final Hash root : new LinkedHashSet<>(want.roots())) {
            final Optional<BatchPool.Pooled> here = context.pool.get(root);
            if (here.isEmpty()) {
                stored.add(root);
            } else if (bytes <= context.limits.blockBytes()) {
                bytes += here.get().ref().bytes();
                context.outbox.now(new Send(from, new BatchHere(here.get().ref(), here.get().batch())));
            }
        }
        if (!stored.isEmpty()) {
            context.outbox.now(new Action.SendStoredBatches(from, stored));
        }
    }

    private void onTick() {
        tickedNs = context.nowNs;
        context.insistence.tick();
        if (context.pacemaker.isExpired(context.nowNs)) {
            if (!context.safety.isOpen()) {
                context.insistence.stillOutOfTime();
            }
            context.viewChange.timeout();
        }
        context.proposer.tick();
        context.stateTransfer.tick();
        context.catchUp.tick();
        if (context.nowNs - heartbeatNs >= context.limits.heartbeatNs()) {
            heartbeatNs = context.nowNs;
            final Status status = new Status(context.safety.view(), context.tree.head().height(),
                context.safety.high().view(), context.safety.high().height(), context.safety.isMute(),
                context.stateTransfer.hasGap());
            context.outbox.now(new Broadcast(status));
            tells(context.self, status);
            context.lostRecord.ask();
            context.certifier.repeatCommitVote();
            context.voter.repeatVotes();
            context.insistence.beat();
        }
    }

    /**
     * When a tick is due at the latest: soon while there is work, else at the next heartbeat, or when it is time to catch
     * up further. Other events do not put it off: whoever sends them would keep views from running out.
     */
    public long nextTickNs() {
        return context.catchUp.dueAtLatest(working ? tickedNs + context.limits.retransmitNs() / 4
            : heartbeatNs + context.limits.heartbeatNs());
    }

    private void tells(final int member, final Status status) {
        if (!status.mute()) {
            recency.told(member, Math.max(status.finalHeight(), status.highHeight()), context.tree.head().height(),
                context.nowNs, context.wallMillis);
        }
    }

    /**
     * Whether {@link #finalState} has all that was final {@link Limits#recentNs} before the latest step, as a quorum says;
     * shares are given by no other.
     *
     * @param nowNs the time, as {@link #step} has it
     * @param wallMillis milliseconds since 1970
     */
    public boolean isRecent(final long nowNs, final long wallMillis) {
        return started && recency.isRecent(context.tree.head().height(), nowNs, wallMillis);
    }

    /** The current view. */
    public long view() {
        return context.safety.view();
    }

    /** Leader of the current view. */
    public int leader() {
        return context.group.leader(context.safety.view());
    }

    /** Height of the last final block. */
    public long finalHeight() {
        return context.tree.head().height();
    }

    /** Hash of the last final block. */
    public Hash finalBlock() {
        return context.tree.head().hash();
    }

    /** State after the last final block. */
    public LedgerState finalState() {
        return context.tree.head().state();
    }

    /** The time of the last final block, or the given one if that is later: a clock that went back does not go before it. */
    public long laterMillis(final long wallMillis) {
        return Math.max(wallMillis, context.tree.head().timeMillis());
    }

    /** The epoch that the chain up to the last final block named last. */
    public Optional<Epoch> finalEpoch() {
        return context.tree.head().epoch();
    }

    /** Whether it withholds its votes, since it lost its safety record. */
    public boolean isMute() {
        return context.safety.isMute();
    }

    /** Checked batches that are not final. */
    public int pooledBatches() {
        return context.pool.size();
    }
}
