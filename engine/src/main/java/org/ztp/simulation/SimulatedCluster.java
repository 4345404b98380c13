package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** The whole: replicas, the network between them, their disks, clocks and some clients, driven by one seed. */
public final class SimulatedCluster implements Simulation {
    private static final int HEALING_SECONDS = 120;
    /** Where more failed than may, nothing need become final; what does is looked at for a while. */
    private static final int AFTERMATH_SECONDS = 10;

    private final World world;
    private final SimulatedSubCluster members;
    private final Map<Hash, Bundle> submitted = new LinkedHashMap<>();
    private final Gateways gateways = new Gateways();
    private long sequence;

    /** A cluster whose size and faults are drawn from a seed. */
    public SimulatedCluster(final long seed) {
        this(seed, Faults.ofSeed(seed));
    }

    SimulatedCluster(final long seed, final Faults faults) {
        world = new World(seed, faults, new Group(World.CHAIN, 0,
            IntStream.range(0, faults.replicas()).boxed().toList()));
        members = new SimulatedSubCluster(world, new SimulatedNetwork(world.course, this::receive),
            SharingCores.Maker.NONE);
        world.invariants.onFirst = gateways::finalized;
        world.timeline.allow(members.mostSteps());
    }

    @Override
    public Course course() {
        return world.course;
    }

    @Override
    public String faults() {
        return world.faults.toString();
    }

    /**
     * Runs: clients submit, things fail, then everything but the traitors heals, and all that was accepted must become
     * final on every honest replica, if no more failed than may. Clients hand in again only what their gateway lost.
     *
     * @param seconds simulated seconds with faults
     * @param bundlesPerSecond how much clients submit
     * @return counts of what happened
     * @throws InvariantViolation if the protocol broke a promise
     */
    @Override
    public Map<String, Integer> run(final int seconds, final int bundlesPerSecond) {
        members.start();
        for (int i = 0; i < seconds * bundlesPerSecond; i++) {
            world.timeline.at(world.soonNs(seconds * SECOND), this::submitOne);
        }
        members.trouble(seconds);
        world.timeline.advance(seconds * SECOND);
        world.course.heal();
        members.misfortunes.heal();
        final int patience = world.faults.mustBeLive() ? HEALING_SECONDS : AFTERMATH_SECONDS;
        for (int second = 0; second < patience && !isSettled() && !world.timeline.isStopped(); second++) {
            open().stream().filter(id -> !gateways.keep(id)).forEach(id -> deliver(submitted.get(id)));
            members.detect();
            world.timeline.advance(world.timeline.nowNs() + SECOND);
        }
        Invariants.require(isSettled() || world.timeline.isStopped() || !world.faults.mustBeLive(), "not live: open="
            + open().size() + " " + members.standing());
        if (isSettled()) {
            members.requireCertified();
        }
        world.course.note("seconds to heal", (world.timeline.nowNs() - seconds * SECOND) / SECOND);
        world.course.note("blocks", world.invariants.height());
        world.course.note("bundles", world.invariants.effects());
        world.course.note("highest view",
            members.honest().stream().mapToLong(one -> one.core().view()).max().orElseThrow());
        world.course.note("steps", world.timeline.steps());
        world.course.note("traitors", members.traitors());
        return world.course.counts;
    }

    SimulatedSubCluster members() {
        return members;
    }

    private List<Hash> open() {
        return world.invariants.open(submitted.keySet());
    }

    private boolean isSettled() {
        return open().isEmpty() && members.isSettled();
    }

    private void receive(final int to, final int from, final Parcel parcel) {
        members.receive(to, from, parcel);
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
        final SimulatedReplica gateway = members.replicas().get(world.random.nextInt(members.replicas().size()));
        if (gateway.isUp()) {
            final Batch batch = batch(bundle);
            gateways.give(bundle.id(), gateway); // first: it may crash while it takes the bundle in
            gateway.step(new Event.BatchMade(world.hashing.identify(batch).orElseThrow(), batch));
        }
    }

    private static Batch batch(final Bundle bundle) {
        final BatchBuilder builder = new BatchBuilder(1 << 20);
        builder.add(bundle);
        return builder.build();
    }
}
