package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ThreadHashing;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.epoch.EpochAction;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Outcome.Code;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseEvent;
import org.ztp.release.Terms;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

/**
 * A whole allocation in one thread from one seed: several sub-clusters, each replica with the real cores of ordering,
 * release and epochs; clients that share data, resubmit, die, and read receipts and keys.
 */
public final class SimulatedAllocation implements Simulation {
    private static final int HEALING_SECONDS = 240;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Allocation world;
    private final AllocationNetwork network;
    private final List<AllocatedReplica> replicas = new ArrayList<>();
    private final SharingModel model;
    private final AllocationChains chains;
    private final SharingWorkload workload;
    private final ThreadHashing hashing;
    private final ReceiptReader receipts;
    private final Map<Hash, Submitted> expected = new LinkedHashMap<>();
    private final Map<Hash, SharedDataset> datasets = new LinkedHashMap<>();
    private final Map<Hash, KeySeeker> seekers = new LinkedHashMap<>();
    private final int[] losses;

    /** An allocation whose faults are drawn from a seed. */
    public SimulatedAllocation(final long seed, final int replicas, final int subClusterSize) {
        this(seed, replicas, subClusterSize, AllocationFaults.draw(new Random(seed * SPREAD), (subClusterSize - 1) / 3,
            replicas / subClusterSize));
    }

    SimulatedAllocation(final long seed, final int size, final int subClusterSize, final AllocationFaults faults) {
        world = new Allocation(seed, size, subClusterSize, faults);
        hashing = new ThreadHashing(world.chain);
        model = new SharingModel(world);
        chains = new AllocationChains(world, model, this::onFinal);
        workload = new SharingWorkload(world, model);
        receipts = new ReceiptReader(world);
        losses = new int[world.groups.size()];
        network = new AllocationNetwork(world, (to, from, parcel) -> {
            if (replicas.get(to).isUp()) {
                replicas.get(to).onParcel(from, parcel);
            }
        });
        for (int id = 0; id < size; id++) {
            replicas.add(new AllocatedReplica(id, world, new Around()));
        }
        replicas.forEach(AllocatedReplica::start);
    }

    /** Has replicas ask their ledgers in another way, which a test bends to see that it is found. */
    SimulatedAllocation lookingUp(final Allocation.LookUps lookUps) {
        world.lookUps = lookUps;
        return this;
    }

    @Override
    public SimulatedAllocation tracedTo(final Consumer<String> lines) {
        world.traceTo(lines);
        return this;
    }

    @Override
    public SimulatedAllocation stoppedAfter(final long steps) {
        world.timeline.stopAfter(steps);
        return this;
    }

    @Override
    public String faults() {
        return replicas.size() + " replicas, " + world.groups.size() + " sub-clusters, " + world.faults;
    }

    /**
     * Runs: clients do what they do, things fail, then everything but the liars heals, and all that was accepted must
     * become final, every request that stays allowed must get its keys, and an epoch must vouch for all of it.
     *
     * @param seconds simulated seconds with faults
     * @param bundlesPerSecond how much clients submit, to all sub-clusters together
     * @return counts of what happened
     * @throws InvariantViolation if a promise was broken
     */
    @Override
    public Map<String, Integer> run(final int seconds, final int bundlesPerSecond) {
        for (int i = 0; i < seconds * bundlesPerSecond; i++) {
            world.timeline.at(world.soonNs(seconds * SECOND), this::submitOne);
        }
        if (world.faults.halts()) {
            world.timeline.at(SECOND, this::haltTheLast);
        }
        for (int second = 0; second < seconds; second++) {
            world.timeline.at(second * SECOND, this::befall);
        }
        world.timeline.advance(seconds * SECOND);
        noteStall();
        world.healed = true;
        replicas.stream().filter(one -> !one.isUp()).forEach(AllocatedReplica::start);
        for (int second = 0; second < HEALING_SECONDS && !isSettled() && !world.timeline.isStopped(); second++) {
            open().forEach(this::deliver);
            tellWhoIsDown();
            world.timeline.advance(world.timeline.nowNs() + SECOND);
        }
        Invariants.require(isSettled() || world.timeline.isStopped(), "not live: open=" + open().size() + " seekers="
            + seekers.values().stream().filter(one -> !one.isDone()).count() + " heights="
            + replicas.stream().map(one -> one.core().finalHeight()).toList());
        count("replicas", replicas.size());
        count("sub-clusters", world.groups.size());
        count("blocks", world.groups.stream().mapToLong(group -> chains.height(group.subCluster())).sum());
        count("steps", world.timeline.steps());
        return world.counts;
    }

    private void count(final String what, final long number) {
        world.counts.put(what, Math.toIntExact(number));
    }

    /** What of the sub-clusters that go on became final while one was gone. */
    private void noteStall() {
        if (world.faults.halts()) {
            final int last = world.groups.size() - 1;
            count("bundles open in other sub-clusters at the end of a halt",
                open().stream().filter(one -> one.home() != last).count());
            count("blocks of the halted sub-cluster before it came back", chains.height(last));
        }
    }

    private List<Submitted> open() {
        return expected.values().stream().filter(one -> chains.of(one.id()).isEmpty()).collect(Collectors.toList());
    }

    private boolean isSettled() {
        return open().isEmpty() && seekers.values().stream().allMatch(one -> one.isDone()
            || !model.isAllowed(one.request.transaction()))
            && replicas.stream().allMatch(one -> one.core().finalHeight() == chains.height(one.group.subCluster())
            && (one.epochs() == null || one.epochs().newest().filter(chains::isCovered).isPresent()));
    }

    private void submitOne() {
        submit(workload.next());
    }

    private void submit(final Submitted one) {
        chains.submitted(one);
        if (one.what() instanceof Publish publish) {
            datasets.put(Publish.id(world.chain, one.by().key, publish.nonce()), one.dataset());
        }
        deliver(one);
        if (!one.mortal()) {
            expected.put(one.id(), one);
            if (world.random.nextInt(4) == 0) {
                world.count("bundles resubmitted");
                world.timeline.at(world.soonNs(2 * SECOND), () -> deliver(one));
            }
        }
    }

    private List<AllocatedReplica> members(final int subCluster) {
        return replicas.stream().filter(one -> one.group.subCluster() == subCluster).toList();
    }

    private List<AllocatedReplica> up(final int subCluster) {
        return members(subCluster).stream().filter(AllocatedReplica::isUp).toList();
    }

    private void deliver(final Submitted one) {
        final List<AllocatedReplica> up = up(one.home());
        if (!up.isEmpty()) {
            final BatchBuilder builder = new BatchBuilder(1 << 20);
            builder.add(one.bundle());
            final Batch batch = builder.build();
            up.get(world.random.nextInt(up.size())).step(new Event.BatchMade(hashing.identify(batch).orElseThrow(), batch));
        }
    }

    private void onFinal(final Submitted one, final AllocationChains.Final came) {
        if (one.what() instanceof Request) {
            world.timeline.at(world.soonNs(3 * SECOND), () -> tryKeys(one));
        }
        if (!one.mortal() && world.random.nextInt(3) == 0) {
            world.timeline.at(world.soonNs(2 * SECOND), () -> readReceipt(one, came));
        }
        final Hash request = one.what() instanceof Request ? one.id()
            : one.what() instanceof Approve approve ? approve.request().bundle() : null;
        if (came.code() == Code.ALLOWED && !expected.getOrDefault(request, one).mortal() && expected.containsKey(request)) {
            final KeySeeker seeker = new KeySeeker(expected.get(request), world, model, members(one.home()),
                evidence -> submit(workload.evidence(expected.get(request), evidence)));
            seekers.put(request, seeker);
            world.timeline.at(world.soonNs(SECOND), seeker::ask);
        }
    }

    /** Somebody wants the keys of a request, allowed or not; nobody looks at the answer. */
    private void tryKeys(final Submitted request) {
        final List<AllocatedReplica> up = up(request.home());
        if (!up.isEmpty()) {
            up.get(world.random.nextInt(up.size())).step(new ReleaseEvent.Asked(world.random.nextLong() & Long.MAX_VALUE,
                request.transaction(), Set.of()));
        }
    }

    private void readReceipt(final Submitted one, final AllocationChains.Final came) {
        final List<AllocatedReplica> up = up(one.home());
        if (!up.isEmpty()) {
            receipts.read(up.get(world.random.nextInt(up.size())).ledger(), came.height(), one.id())
                .map(Receipt::outcome).ifPresent(outcome -> Invariants.require(outcome.code() == came.code(),
                    "the receipt tells " + outcome + " expected=" + came.code()));
        }
    }

    private void befall() {
        network.drawSides();
        tellWhoIsDown();
        for (final AllocatedReplica replica : replicas) {
            if (world.chance(world.faults.crashPerMille())) {
                world.timeline.at(world.soonNs(SECOND), () -> crash(replica));
            }
        }
    }

    private void crash(final AllocatedReplica replica) {
        if (!replica.isUp() || world.healed) {
            return;
        }
        final int subCluster = replica.group.subCluster();
        final boolean blank = losses[subCluster] < replica.group.faults() && world.chance(world.faults.blankPerMille());
        losses[subCluster] += blank ? 1 : 0;
        world.count(blank ? "crashes with the disk lost" : "crashes");
        replica.crash(blank);
        world.timeline.at(world.soonNs(2 * SECOND), () -> {
            if (!replica.isUp() && !(world.faults.halts() && subCluster == world.groups.size() - 1)) {
                replica.start();
            }
        });
    }

    private void haltTheLast() {
        world.count("halts of a sub-cluster");
        up(world.groups.size() - 1).forEach(one -> one.crash(false));
    }

    /** What the failure detectors of those who run find out. */
    private void tellWhoIsDown() {
        for (final Group group : world.groups) {
            final List<AllocatedReplica> up = up(group.subCluster());
            final Set<Integer> down = members(group.subCluster()).stream().filter(one -> !one.isUp())
                .map(one -> one.id).collect(Collectors.toSet());
            for (final AllocatedReplica one : up) {
                one.suspects(down);
                if (one.epochs() != null) {
                    one.standing(up.size() < group.quorum());
                }
            }
        }
    }

    /** What a replica finds around it. */
    private final class Around implements AllocatedReplica.Surroundings {
        @Override
        public void send(final int from, final int to, final Parcel parcel) {
            network.send(from, to, parcel);
        }

        @Override
        public void started(final int replica, final Recovered found) {
            chains.started(replica, found);
        }

        @Override
        public void finalized(final int replica, final Action.Finalized said) {
            chains.finalized(replica, said);
        }

        @Override
        public void gives(final int replica, final long height, final TransactionId request) {
            world.count("shares given");
            Invariants.require(model.mayBeGiven(request, height), "replica " + replica + " gives shares for " + request
                + ", which its ledger does not allow at height " + height);
        }

        @Override
        public SharedDataset dataset(final Terms terms) {
            return datasets.get(terms.dataset());
        }

        @Override
        public void answered(final AllocatedReplica replica, final ReleaseAction answer) {
            List.copyOf(seekers.values()).forEach(one -> one.onAnswer(replica, answer));
        }

        @Override
        public void knows(final EpochAction.Known epoch) {
            chains.check(epoch.epoch());
        }
    }
}
