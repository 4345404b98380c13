package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** The whole: replicas, the network between them, their disks, clocks and some clients, driven by one seed. */
public final class SimulatedCluster implements Simulation {
    private static final int HEALING_SECONDS = 120;
    /** Where more failed than may, nothing need become final; what does is looked at for a while. */
    private static final int AFTERMATH_SECONDS = 10;
    /** Many times what a replica does in the worst of runs. */
    private static final long STEPS_PER_REPLICA = 200_000;

    private final World world;
    private final SimulatedNetwork network;
    private final List<Traitor> traitors = new ArrayList<>();
    /** By id; a traitor's first body stands for it. */
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private final Misfortunes misfortunes;
    private final Map<Hash, Bundle> submitted = new LinkedHashMap<>();
    private long sequence;

    /** A cluster whose size and faults are drawn from a seed. */
    public SimulatedCluster(final long seed) {
        this(seed, Faults.ofSeed(seed));
    }

    SimulatedCluster(final long seed, final Faults faults) {
        final List<Integer> members = new ArrayList<>();
        for (int i = 0; i < faults.replicas(); i++) {
            members.add(i);
        }
        world = new World(seed, faults, new Group(World.CHAIN, 0, members));
        network = new SimulatedNetwork(world, this::receive);
        final List<SimulatedReplica> bodies = new ArrayList<>();
        for (final int member : members) {
            if (world.isTraitor(member)) {
                final Traitor traitor = new Traitor(world, member, network);
                traitors.add(traitor);
                bodies.addAll(traitor.bodies());
                replicas.add(traitor.bodies().get(0));
            } else {
                final SimulatedReplica replica = new SimulatedReplica(member, world, true,
                    (to, message) -> network.send(member, to, message));
                bodies.add(replica);
                replicas.add(replica);
            }
        }
        world.timeline.allow(STEPS_PER_REPLICA * bodies.size());
        misfortunes = new Misfortunes(world, bodies);
        bodies.forEach(SimulatedReplica::start);
        traitors.forEach(Traitor::haveWhims);
    }

    /** Has every step told, one line each. */
    public SimulatedCluster tracedTo(final Consumer<String> lines) {
        world.traceTo(lines);
        return this;
    }

    /** Ends the run after so many steps; what would have healed later is then not waited for. */
    public SimulatedCluster stoppedAfter(final long steps) {
        world.timeline.stopAfter(steps);
        return this;
    }

    /** How many steps it has taken. */
    public long steps() {
        return world.timeline.steps();
    }

    /** What goes wrong in this one, for people. */
    public String faults() {
        return world.faults.toString();
    }

    /**
     * Runs: clients submit, things fail, then everything but the traitors heals, and all that was accepted must become
     * final on every honest replica, if no more failed than may.
     *
     * @param seconds simulated seconds with faults
     * @param bundlesPerSecond how much clients submit
     * @return counts of what happened
     * @throws InvariantViolation if the protocol broke a promise
     */
    public Map<String, Integer> run(final int seconds, final int bundlesPerSecond) {
        for (int i = 0; i < seconds * bundlesPerSecond; i++) {
            world.timeline.at(world.soonNs(seconds * SECOND), this::submitOne);
        }
        world.timeline.at(0, network::changeWeather);
        for (int second = 0; second < seconds; second++) {
            world.timeline.at(second * SECOND, misfortunes::befall);
        }
        world.timeline.advance(seconds * SECOND);
        misfortunes.heal();
        final int patience = world.faults.mustBeLive() ? HEALING_SECONDS : AFTERMATH_SECONDS;
        for (int second = 0; second < patience && !isSettled() && !world.timeline.isStopped(); second++) {
            open().forEach(id -> deliver(submitted.get(id)));
            world.timeline.advance(world.timeline.nowNs() + SECOND);
        }
        Invariants.require(isSettled() || world.timeline.isStopped() || !world.faults.mustBeLive(), "not live: open="
            + open().size() + " heights=" + honest().stream().map(replica -> replica.core().finalHeight()).toList() + " views="
            + honest().stream().map(replica -> replica.core().view()).toList());
        count("seconds to heal", (world.timeline.nowNs() - seconds * SECOND) / SECOND);
        count("blocks", world.invariants.height());
        count("bundles", world.invariants.effects());
        count("highest view", honest().stream().mapToLong(one -> one.core().view()).max().orElseThrow());
        count("steps", world.timeline.steps());
        count("traitors", traitors.size());
        return world.counts;
    }

    private void count(final String what, final long number) {
        world.counts.put(what, Math.toIntExact(number));
    }

    private List<SimulatedReplica> honest() {
        return replicas.stream().filter(SimulatedReplica::isHonest).toList();
    }

    private List<Hash> open() {
        return world.invariants.open(submitted.keySet());
    }

    private boolean isSettled() {
        return open().isEmpty()
            && honest().stream().allMatch(one -> one.core().finalHeight() == world.invariants.height());
    }

    private void receive(final int to, final int from, final Message message) {
        if (world.isTraitor(to)) {
            traitors.stream().filter(one -> one.bodies().get(0).id == to).forEach(one -> one.receive(from, message));
        } else if (replicas.get(to).isUp()) {
            world.trace(to, "gets from r" + from, message);
            replicas.get(to).step(new Event.Received(from, message));
        }
    }

    private void submitOne() {
        final BundleBuilder builder = new BundleBuilder(World.CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
            message -> new byte[64]);
        final byte[] transaction = new RecordTransaction("", "", new WireWriter().u64(sequence).toBytes()).encode();
        builder.add(transaction, 0, transaction.length);
        final Bundle bundle = builder.seal(sequence++);
        final Batch probe = batch(bundle);
        world.hashing.identify(probe);
        final Hash id = probe.bundles().get(0).id();
        world.invariants.submitted(id);
        submitted.put(id, bundle);
        deliver(bundle);
    }

    private void deliver(final Bundle bundle) {
        final SimulatedReplica gateway = replicas.get(world.random.nextInt(replicas.size()));
        if (gateway.isUp()) {
            final Batch batch = batch(bundle);
            gateway.step(new Event.BatchMade(world.hashing.identify(batch).orElseThrow(), batch));
        }
    }

    private static Batch batch(final Bundle bundle) {
        final BatchBuilder builder = new BatchBuilder(1 << 20);
        builder.add(bundle);
        return builder.build();
    }
}
