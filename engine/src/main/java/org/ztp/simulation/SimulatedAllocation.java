package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    private final AllocationClients clients;

    /** An allocation whose faults are drawn from a seed. */
    public SimulatedAllocation(final long seed, final int replicas, final int subClusterSize) {
        this(seed, subClusterSize, AllocationFaults.ofSeed(seed, replicas, subClusterSize));
    }

    SimulatedAllocation(final long seed, final int subClusterSize, final AllocationFaults faults) {
        world = new Allocation(seed, subClusterSize, faults);
        clients = new AllocationClients(world, subClusters);
        network = new SimulatedNetwork(world.course, (to, from, parcel) -> of(to).receive(to, from, parcel));
        world.worlds.forEach(one -> subClusters.add(new SimulatedSubCluster(one, network,
            (replica, mail) -> Optional.of(new SharingCores(replica, world, clients, mail)))));
        world.timeline.allow(subClusters.stream().mapToLong(SimulatedSubCluster::mostSteps).sum());
    }

    private SimulatedSubCluster of(final int replica) {
        return subClusters.get(world.worldOf(replica).group.subCluster());
    }

    /** Has replicas ask their ledgers in another way, which a test bends to see that it is found. */
    SimulatedAllocation lookingUp(final Allocation.LookUps lookUps) {
        world.lookUps = lookUps;
        return this;
    }

    /** Has replicas find out in another way whether they are behind. */
    SimulatedAllocation lookingBack(final Allocation.Recencies recencies) {
        world.recencies = recencies;
        return this;
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
        subClusters.forEach(SimulatedSubCluster::start);
        for (int i = 0; i < seconds * bundlesPerSecond; i++) {
            world.timeline.at(world.course.soonNs(seconds * SECOND), clients::submitOne);
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
            clients.open().forEach(clients::deliver);
            subClusters.forEach(SimulatedSubCluster::detect);
            world.timeline.advance(world.timeline.nowNs() + SECOND);
        }
        Invariants.require(isSettled() || world.timeline.isStopped(), "not live: open=" + clients.awaited().size() + " seekers="
            + clients.waiting() + " epochs=" + uncovered() + " "
            + subClusters.stream().map(SimulatedSubCluster::standing).toList());
        if (isSettled()) {
            live().forEach(SimulatedSubCluster::requireCertified);
        }
        world.course.note("seconds to heal", second);
        world.course.note("replicas", world.nodes.size());
        world.course.note("sub-clusters", subClusters.size());
        world.course.note("blocks",
            world.groups.stream().mapToLong(group -> clients.chains.height(group.subCluster())).sum());
        world.course.note("steps", world.timeline.steps());
        world.course.note("traitors", subClusters.stream().mapToInt(SimulatedSubCluster::traitors).sum());
        return world.course.counts;
    }

    List<SimulatedSubCluster> subClusters() {
        return subClusters;
    }

    /** What of the sub-clusters that go on became final while one was gone. */
    private void noteStall() {
        if (world.faults.halts()) {
            final int last = world.groups.size() - 1;
            world.course.note("bundles open in other sub-clusters at the end of a halt",
                clients.open().stream().filter(one -> one.home() != last).count());
            world.course.note("blocks of the halted sub-cluster before it came back", clients.chains.height(last));
        }
    }

    /** How many replicas know of no epoch that vouches for all. */
    private long uncovered() {
        return live().flatMap(one -> one.honest().stream()).filter(one -> one.sharing().flatMap(SharingCores::epochs)
            .filter(epochs -> epochs.newest().filter(clients.chains::isCovered).isEmpty()).isPresent()).count();
    }

    private Stream<SimulatedSubCluster> live() {
        return subClusters.stream().filter(one -> one.world.faults.mustBeLive());
    }

    private boolean isSettled() {
        return clients.awaited().isEmpty() && live().allMatch(SimulatedSubCluster::isSettled) && clients.waiting() == 0
            && uncovered() == 0;
    }

    private void befall() {
        network.part(world.course.chance(world.faults.partitionPerMille()));
    }
}
