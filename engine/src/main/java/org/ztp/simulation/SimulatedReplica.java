package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ztp.consensus.Action;
import org.ztp.consensus.Action.Fault;
import org.ztp.consensus.Event;
import org.ztp.consensus.Message;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.BatchRef;
import org.ztp.runtime.Backfill;
import org.ztp.runtime.DrivenStore;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;

/**
 * One replica of the simulation through all its lives: the real core of ordering, and in an allocation those of release
 * and of epochs; its disk and clock outlive it.
 */
final class SimulatedReplica {
    /** Longest that the writing down of a snapshot takes to begin, and then the next life. */
    private static final long SNAPSHOT_NS = 50_000_000L;
    /** One start, and one snapshot, of so many is broken off by a crash. */
    private static final int CRASHES_AT_START = 6;
    private static final int CRASHES_IN_SNAPSHOTS = 3;

    final int id;
    final SimulatedStore disk;
    private final World world;
    private final Way way;
    private final boolean honest;
    private final Beside beside;
    private ReplicaCore core;
    private Optional<SharingCores> sharing = Optional.empty();
    private Optional<Backfill> backfill = Optional.empty();
    private int life;
    private boolean mayHaveLost;
    private long skewMillis;
    private long persistedAtNs;
    private long hungUntilNs;
    private int actionsLeft;
    private Runnable doom;
    private final Conduct conduct;

    /** How it speaks. */
    interface Way {
        void send(int to, Message message);
    }

    /** What runs beside ordering. */
    interface Beside {
        /** For a life that begins. */
        Optional<SharingCores> of(SimulatedReplica replica);
    }

    /** A replica that does nothing but order. */
    SimulatedReplica(final int id, final World world, final boolean honest, final Way way) {
        this(id, world, honest, way, replica -> Optional.empty());
    }

    SimulatedReplica(final int id, final World world, final boolean honest, final Way way, final Beside beside) {
        this.id = id;
        this.world = world;
        this.honest = honest;
        this.way = way;
        this.beside = beside;
        this.conduct = world.invariants.of(id);
        this.disk = new SimulatedStore(world.random.nextLong(), world.group.chain(), world.rules);
        setClock(world.faults.lives().skewMillis());
    }

    boolean isUp() {
        return core != null;
    }

    /** Whether its disk lost what was durable. */
    boolean mayHaveLost() {
        return mayHaveLost;
    }

    boolean isHonest() {
        return honest;
    }

    /** Whether it runs, and does not hang. */
    boolean isAwake() {
        return isUp() && world.timeline.nowNs() >= hungUntilNs;
    }

    /** How often it has ended: what it was given in a life before is gone, unless it is durable. */
    int life() {
        return life;
    }

    ReplicaCore core() {
        return core;
    }

    /** Its journal's directory as its disk has it. */
    Disk journal() {
        return disk.journal();
    }

    /** The cores beside that of ordering, of this life. */
    Optional<SharingCores> sharing() {
        return sharing;
    }

    /** Its clock, milliseconds since 1970. */
    long nowMillis() {
        return Course.START_MILLIS + world.timeline.nowNs() / 1_000_000 + skewMillis;
    }

    /** Puts its clock ahead, at most so far. */
    void setClock(final int aheadMillis) {
        skewMillis = aheadMillis == 0 ? 0 : world.random.nextInt(aheadMillis);
    }

    /** Its clock jumps, either way. */
    void jumpClock() {
        skewMillis = world.random.nextInt(60_000) - 30_000;
    }

    /** Starts from what the disk holds; later, if that is full. */
    void start() {
        try {
            if (diesOnTheWay(CRASHES_AT_START)) {
                world.count("crashes at a start");
                disk.openInVain(world.faults.lives().keepsWrites(), world.random);
            }
            final DrivenStore store = disk.open();
            final Recovered recovered = store.takeRecovered();
            core = new ReplicaCore(world.group, id, world.faults.limits(), new SafetyRules(world.group, id,
                world.keys.signer(id), store.safetyState()), world.keys, world.hashing, store.machine(), recovered,
                world.voters);
            sharing = beside.of(this);
            backfill = store.backfill(world.group, id, world.faults.limits(), world.keys, world.voters, this.new Asking());
            begin(recovered, store);
        } catch (final StorageException full) {
            halt(full);
        }
    }

    /** Starts if it does not run, and may. */
    void startAgain() {
        if (!isUp() && !world.halted) {
            start();
        }
    }

    private void begin(final Recovered found, final DrivenStore store) {
        if (store.safetyState().muteBelow() == SafetyState.FOREVER) {
            Invariants.require(mayHaveLost, "replica " + id + " lost its safety record, though its disk is good");
        }
        persistedAtNs = world.timeline.nowNs();
        if (honest) {
            world.invariants.started(id, found, store);
        }
        sharing.ifPresent(cores -> cores.begin(store.headCertificate()));
        tick(life);
    }

    /** Has something happen to it in the middle of what it does, after so many more actions. */
    void crashAfter(final int actions, final Runnable crash) {
        actionsLeft = actions;
        doom = crash;
    }

    /** Stops, and goes on at a time as if nothing had been; what came in between it then finds waiting. */
    void hang(final long untilNs) {
        hungUntilNs = untilNs;
    }

    /** Stops in the middle of whatever it does. */
    void crash() {
        end(world.faults.lives().keepsWrites());
    }

    private void end(final boolean keepsWrites) {
        core = null;
        sharing = Optional.empty();
        backfill = Optional.empty();
        doom = null;
        hungUntilNs = 0;
        life++;
        disk.crash(keepsWrites, world.random);
    }

    /** Its safety record is gone, and perhaps its journal too. */
    void loseRecord(final boolean journalToo) {
        mayHaveLost = true;
        conduct.recordLost();
        if (journalToo) {
            disk.wipe();
        } else {
            disk.loseSafety();
        }
    }

    /** A write goes to another place: what is on the disk is not all there. */
    void misdirect() {
        mayHaveLost = true;
        conduct.recordLost();
        disk.misdirect(world.random);
    }

    /** Nothing that it writes is durable before a time. */
    void stall(final long untilNs) {
        persistedAtNs = Math.max(persistedAtNs, untilNs);
    }

    /** Its disk has failed: it ends, as a process does, and is started again and again until there is room. */
    private void halt(final StorageException failure) {
        Invariants.require(failure.kind() == StorageException.Kind.NO_SPACE, "replica " + id + ": " + failure.getMessage());
        world.count("halts on a full disk");
        end(true);
        world.timeline.at(world.soonNs(Timeline.SECOND) + 1_000_000, this::startAgain);
    }

    private void tick(final int ofLife) {
        if (life == ofLife && isUp()) {
            step(new Event.Tick());
        }
        if (life == ofLife && isUp()) {
            sharing.ifPresent(SharingCores::tick);
        }
        if (life == ofLife && isUp()) {
            backfill(Event.Tick.TICK);
        }
        if (life == ofLife && isUp()) {
            final long nextNs = sharing.map(SharingCores::nextTickNs).orElse(Long.MAX_VALUE);
            final long dueNs = Math.max(Math.min(core.nextTickNs(), nextNs), world.timeline.nowNs() + 1_000_000);
            world.timeline.at(Math.max(dueNs, hungUntilNs), () -> tick(ofLife));
        }
    }

    /** Has it do something when it does not hang, if it lives that long. */
    void whenAwake(final Runnable run) {
        if (world.timeline.nowNs() < hungUntilNs) {
            later(hungUntilNs, () -> whenAwake(run));
        } else {
            run.run();
        }
    }

    void step(final Event event) {
        whenAwake(() -> stepNow(event));
    }

    private void stepNow(final Event event) {
        if (event instanceof Event.Received received && backfill.isPresent()
            && backfill.get().concerns(received.message())) {
            final int before = life;
            backfill(event);
            if (life != before) {
                return;
            }
        }
        final List<Action> actions = new ArrayList<>();
        core.step(world.timeline.nowNs(), nowMillis(), event, actions);
        performAll(actions, this::perform);
    }

    /** Does one thing after another, unless it dies before that. */
    <A> void performAll(final List<A> actions, final Consumer<A> one) {
        final int ofLife = life;
        for (final A action : actions) {
            if (doom != null && actionsLeft-- == 0) {
                doom.run();
            }
            if (life != ofLife) {
                return;
            }
            world.trace(id, "does", action);
            one.accept(action);
        }
    }

    private void vouchFor(final Message message) {
        if (honest) {
            conduct.says(message, disk::durable);
        }
    }

    private void perform(final Action action) {
        if (action instanceof Action.Send send) {
            vouchFor(send.message());
            way.send(send.to(), send.message());
        } else if (action instanceof Action.Broadcast broadcast) {
            vouchFor(broadcast.message());
            world.group.members().stream().filter(peer -> peer != id)
                .forEach(peer -> way.send(peer, broadcast.message()));
        } else if (action instanceof Action.Persist persist) {
            persist(persist);
        } else if (action instanceof Action.CheckBatch check) {
            final Optional<BatchRef> actual = world.hashing.identify(check.batch());
            later(world.timeline.nowNs() + 50_000, () -> step(new Event.BatchChecked(check.from(), check.ref(),
                check.batch(), actual.isPresent() && actual.get().equals(check.ref()))));
        } else if (action instanceof Action.Finalized finalized) {
            disk.write(finalized);
            if (honest) {
                world.invariants.finalized(id, finalized);
            }
            sharing.ifPresent(cores -> cores.finalized(finalized));
        } else if (action instanceof Action.SendFinal wanted) {
            disk.finalBlocksFrom(wanted.fromHeight()).ifPresent(blocks -> way.send(wanted.to(), blocks));
        } else if (action instanceof Action.SendStoredBatches wanted) {
            wanted.roots().forEach(root -> disk.batch(root).ifPresent(stored -> way.send(wanted.to(), stored)));
        } else if (action instanceof Action.ViewEntered entered) {
            world.highestView = Math.max(world.highestView, entered.view());
            if (entered.leader() == id) {
                world.onLeading.accept(this);
            }
        } else if (action instanceof Fault fault) {
            onFault(fault);
        } else {
            performTransfer(action);
        }
    }

    private void performTransfer(final Action action) {
        if (action instanceof Action.SendSnapshot wanted) {
            disk.snapshot(wanted.to(), world.timeline.nowNs()).ifPresent(here -> way.send(wanted.to(), here));
        } else if (action instanceof Action.SendState wanted) {
            disk.page(wanted.to(), new Message.WantState(wanted.digest(), wanted.at()), world.timeline.nowNs())
                .ifPresent(here -> way.send(wanted.to(), here));
        } else if (action instanceof Action.SnapshotTaken snapshot) {
            world.count("snapshots taken");
            later(world.soonNs(SNAPSHOT_NS), () -> keep(snapshot));
        }
    }

    /** Whether something, one time in so many, is broken off by a crash. */
    private boolean diesOnTheWay(final int times) {
        return !world.isHealed() && world.faults.lives().crashPerMille() > 0 && world.random.nextInt(times) == 0;
    }

    private void keep(final Action.SnapshotTaken snapshot) {
        if (diesOnTheWay(CRASHES_IN_SNAPSHOTS)) {
            world.count("crashes in a snapshot");
            disk.keepInVain(snapshot, world.random);
            crash();
            world.timeline.at(world.soonNs(Timeline.SECOND), this::startAgain);
        } else {
            guarded(() -> {
                disk.keep(snapshot);
                later(world.soonNs(SNAPSHOT_NS), this::renew);
            });
        }
    }

    /** Goes on in a new life, as its process has it do. */
    private void renew() {
        world.count("lives renewed");
        end(true);
        start();
    }

    /** What it still lacks below a snapshot, and what it takes in of it. */
    private void backfill(final Event event) {
        if (backfill.isPresent()) {
            final int ofLife = life;
            guarded(() -> backfill.get().step(world.timeline.nowNs(), nowMillis(), event));
            if (life == ofLife && backfill.get().isClosed(core.finalHeight())) {
                renew();
            }
        }
    }

    private void guarded(final Runnable writing) {
        try {
            writing.run();
        } catch (final StorageException full) {
            halt(full);
        }
    }

    /** How it asks for the blocks below a snapshot. */
    private final class Asking implements Backfill.Way {
        @Override
        public void ask(final int peer, final Message.WantFinal wanted) {
            way.send(peer, wanted);
        }

        @Override
        public void accuse(final Fault fault) {
            onFault(fault);
        }
    }

    /** Whether blocks are missing below the state that it goes on from. */
    boolean hasGap() {
        return backfill.isPresent();
    }

    private void onFault(final Fault fault) {
        world.count("fault " + fault.kind());
        final boolean mayBefall = fault.kind() == Fault.Kind.VIEW_TIMED_OUT
            || fault.kind() == Fault.Kind.BAD_PROPOSAL && fault.detail().startsWith("time ");
        Invariants.require(!honest || world.isTraitor(fault.replica()) || mayBefall, "honest replica " + fault.replica()
            + " accused by " + id + ": " + fault.kind() + " " + fault.detail());
    }

    private void persist(final Action.Persist persist) {
        disk.write(persist);
        final long delay = world.soonNs(world.faults.lives().maxPersistNs()) - world.timeline.nowNs() + 1_000;
        persistedAtNs = Math.max(persistedAtNs, world.timeline.nowNs()) + (world.isHealed() ? 10_000 : delay);
        final int ofLife = life;
        world.timeline.at(persistedAtNs, () -> {
            if (life == ofLife && isUp()) {
                sync(persist.ticket());
            }
        });
    }

    private void sync(final long ticket) {
        final int ofLife = life;
        guarded(() -> disk.sync(ticket));
        if (life == ofLife) {
            step(new Event.Persisted(ticket));
        }
    }

    /** Has it do something at a time, if it lives that long. */
    void later(final long atNs, final Runnable run) {
        final int ofLife = life;
        world.timeline.at(atNs, () -> {
            if (life == ofLife && isUp()) {
                run.run();
            }
        });
    }
}
