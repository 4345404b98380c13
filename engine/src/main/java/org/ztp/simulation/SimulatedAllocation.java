package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.Event;
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
import org.ztp.wire.Hash;

/**
 * A whole allocation in one thread from one seed: several sub-clusters, each replica with the real cores of ordering,
 * release and epochs; clients that share data, resubmit, die, and read receipts and keys.
 */
public final class SimulatedAllocation implements Simulation {
    private static final int HEALING_SECONDS = 240;
    /** Where more failed than may, nothing need become final; what does is looked at for a while. */
    private static final int AFTERMATH_SECONDS = 5;

    private final Allocation world;
    private final SimulatedNetwork network;
    private final List<SimulatedSubCluster> subClusters = new ArrayList<>();
    private final SharingModel model;
    private final AllocationChains chains;
    private final SharingWorkload workload;
    private final ThreadHashing hashing;
    private final ReceiptReader receipts;
    private final Map<Integer, TreeMap<Long, Finalized>> ledgers = new HashMap<>();
    private final Map<Hash, Submitted> expected = new LinkedHashMap<>();
    private final Map<Hash, SharedDataset> datasets = new LinkedHashMap<>();
    private final Map<Hash, KeySeeker> seekers = new LinkedHashMap<>();

    /** An allocation whose faults are drawn from a seed. */
    public SimulatedAllocation(final long seed, final int replicas, final int subClusterSize) {
        this(seed, subClusterSize, AllocationFaults.ofSeed(seed, replicas, subClusterSize));
    }

    SimulatedAllocation(final long seed, final int subClusterSize, final AllocationFaults faults) {
        world = new Allocation(seed, subClusterSize, faults);
        hashing = new ThreadHashing(world.chain);
        model = new SharingModel(world);
        chains = new AllocationChains(world, model, this::onFinal);
        workload = new SharingWorkload(world, model);
        receipts = new ReceiptReader(world);
        network = new SimulatedNetwork(world.course, (to, from, parcel) -> of(to).receive(to, from, parcel));
        final Around around = new Around();
        world.worlds.forEach(one -> subClusters.add(new SimulatedSubCluster(one, network,
            (replica, mail) -> Optional.of(new SharingCores(replica, world, around, mail)))));
        world.timeline.allow(subClusters.stream().mapToLong(SimulatedSubCluster::mostSteps).sum());
        subClusters.forEach(SimulatedSubCluster::start);
    }

    private SimulatedSubCluster of(final int replica) {
        return subClusters.get(world.worldOf(replica).group.subCluster());
    }

    /** Has replicas ask their ledgers in another way, which a test bends to see that it is found. */
    SimulatedAllocation lookingUp(final Allocation.LookUps lookUps) {
        world.lookUps = lookUps;
        return this;
    }

    @Override
    public SimulatedAllocation tracedTo(final Consumer<String> lines) {
        world.course.traceTo(lines);
        return this;
    }

    @Override
    public SimulatedAllocation stoppedAfter(final long steps) {
        world.timeline.stopAfter(steps);
        return this;
    }

    @Override
    public long steps() {
        return world.timeline.steps();
    }

    @Override
    public String faults() {
        return world.faults.toString();
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
        subClusters.forEach(one -> one.trouble(seconds));
        if (world.faults.halts()) {
            world.timeline.at(SECOND, subClusters.get(subClusters.size() - 1).misfortunes::halt);
        }
        for (int second = 0; second < seconds; second++) {
            world.timeline.at(second * SECOND, this::befall);
        }
        world.timeline.advance(seconds * SECOND);
        noteStall();
        world.course.heal();
        subClusters.forEach(one -> one.misfortunes.heal());
        final int least = world.worlds.stream().allMatch(one -> one.faults.mustBeLive()) ? 0 : AFTERMATH_SECONDS;
        int second = 0;
        for (; second < HEALING_SECONDS && (second < least || !isSettled()) && !world.timeline.isStopped(); second++) {
            open().forEach(this::deliver);
            tellWhoIsDown();
            world.timeline.advance(world.timeline.nowNs() + SECOND);
        }
        Invariants.require(isSettled() || world.timeline.isStopped(), "not live: open=" + awaited().size() + " seekers="
            + waiting() + " epochs=" + uncovered() + " "
            + subClusters.stream().map(SimulatedSubCluster::standing).toList());
        count("seconds to heal", second);
        count("replicas", world.nodes.size());
        count("sub-clusters", subClusters.size());
        count("blocks", world.groups.stream().mapToLong(group -> chains.height(group.subCluster())).sum());
        count("steps", world.timeline.steps());
        count("traitors", subClusters.stream().mapToInt(SimulatedSubCluster::traitors).sum());
        return world.course.counts;
    }

    private void count(final String what, final long number) {
        world.course.counts.put(what, Math.toIntExact(number));
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

    private boolean mustBeLive(final int subCluster) {
        return world.worlds.get(subCluster).faults.mustBeLive();
    }

    /** What is not final though it must be in the end. */
    private List<Submitted> awaited() {
        return open().stream().filter(one -> mustBeLive(one.home())).toList();
    }

    /** How many seekers have no keys, though they must get them in the end. */
    private long waiting() {
        return seekers.values().stream().filter(one -> mustBeLive(one.request.home()) && !one.isDone()
            && model.isAllowed(one.request.transaction())).count();
    }

    /** How many replicas know of no epoch that vouches for all. */
    private long uncovered() {
        return live().flatMap(one -> one.honest().stream()).filter(one -> one.sharing().flatMap(SharingCores::epochs)
            .filter(epochs -> epochs.newest().filter(chains::isCovered).isEmpty()).isPresent()).count();
    }

    private Stream<SimulatedSubCluster> live() {
        return subClusters.stream().filter(one -> one.world.faults.mustBeLive());
    }

    private boolean isSettled() {
        return awaited().isEmpty() && live().allMatch(SimulatedSubCluster::isSettled) && waiting() == 0
            && uncovered() == 0;
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

    private List<SimulatedReplica> members(final int subCluster) {
        return subClusters.get(subCluster).replicas();
    }

    /** Somebody of a sub-cluster whom clients reach. */
    private Optional<SimulatedReplica> any(final int subCluster) {
        final List<SimulatedReplica> up = members(subCluster).stream().filter(SimulatedReplica::isUp).toList();
        return up.isEmpty() ? Optional.empty() : Optional.of(up.get(world.random.nextInt(up.size())));
    }

    private void deliver(final Submitted one) {
        any(one.home()).ifPresent(gateway -> {
            final BatchBuilder builder = new BatchBuilder(1 << 20);
            builder.add(one.bundle());
            final Batch batch = builder.build();
            gateway.step(new Event.BatchMade(hashing.identify(batch).orElseThrow(), batch));
        });
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
        any(request.home()).flatMap(SimulatedReplica::sharing).ifPresent(cores -> cores.step(
            new ReleaseEvent.Asked(world.random.nextLong() & Long.MAX_VALUE, request.transaction(), Set.of())));
    }

    private void readReceipt(final Submitted one, final AllocationChains.Final came) {
        any(one.home()).flatMap(replica -> receipts.read(ledger(replica.id), came.height(), one.id()))
            .map(Receipt::outcome).ifPresent(outcome -> Invariants.require(outcome.code() == came.code(),
                "the receipt tells " + outcome + " expected=" + came.code()));
    }

    private TreeMap<Long, Finalized> ledger(final int replica) {
        return ledgers.computeIfAbsent(replica, absent -> new TreeMap<>());
    }

    private void befall() {
        network.part(world.chance(world.faults.partitionPerMille()));
        tellWhoIsDown();
    }

    /** What the failure detectors of those who run find out. */
    private void tellWhoIsDown() {
        for (final SimulatedSubCluster one : subClusters) {
            final Set<Integer> silent = one.replicas().stream().filter(replica -> !replica.isAwake())
                .map(replica -> replica.id).collect(Collectors.toSet());
            one.replicas().forEach(replica -> replica.sharing().ifPresent(cores -> cores.suspects(silent)));
        }
    }

    /** What the cores of replicas find around them. */
    private final class Around implements SharingCores.Surroundings {
        @Override
        public void started(final int replica, final long height) {
            ledger(replica).tailMap(height, false).clear();
        }

        @Override
        public void finalized(final int replica, final Finalized said) {
            ledger(replica).put(said.block().block().height(), said);
        }

        @Override
        public void gives(final SimulatedReplica replica, final long height, final TransactionId request) {
            world.count("shares given");
            if (replica.isHonest()) {
                chains.gives(replica.id, height, request);
            }
        }

        @Override
        public SharedDataset dataset(final Terms terms) {
            return datasets.get(terms.dataset());
        }

        @Override
        public void answered(final SimulatedReplica replica, final ReleaseAction answer) {
            List.copyOf(seekers.values()).forEach(one -> one.onAnswer(replica, answer));
        }

        @Override
        public void knows(final EpochAction.Known epoch) {
            chains.check(epoch.epoch());
        }
    }
}
