package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.consensus.Event;
import org.ztp.transport.Parcel;

/** The replicas of one sub-cluster, those that lie among them, and what befalls them. */
final class SimulatedSubCluster {
    /** Many times what a replica does in the worst of runs. */
    private static final long STEPS_PER_REPLICA = 200_000;
    /** So many looks at the peers, of a thousand, find somebody silent who is not. */
    private static final int MISTAKEN_PER_MILLE = 200;

    final World world;
    final Misfortunes misfortunes;
    private final Connections connections;
    private final List<Traitor> traitors = new ArrayList<>();
    /** By number; a traitor's first body stands for it. */
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private final List<SimulatedReplica> bodies = new ArrayList<>();
    private final Random mistakes;

    SimulatedSubCluster(final World world, final SimulatedNetwork network, final SharingCores.Maker cores) {
        this.world = world;
        connections = network.join(world);
        mistakes = new Random(world.course.seed + world.group.subCluster());
        for (final int member : world.group.members()) {
            if (world.isTraitor(member)) {
                final Traitor traitor = new Traitor(world, member, network, connections, cores);
                traitors.add(traitor);
                bodies.addAll(traitor.bodies());
                replicas.add(traitor.bodies().get(0));
            } else {
                final SimulatedReplica replica = new SimulatedReplica(member, world, true,
                    (to, message) -> network.send(member, to, new Parcel.Ordering(message)),
                    one -> cores.of(one, (to, parcel) -> network.send(member, to, parcel)));
                bodies.add(replica);
                replicas.add(replica);
            }
        }
        misfortunes = new Misfortunes(world, bodies);
    }

    /** How many steps its run may take. */
    long mostSteps() {
        return STEPS_PER_REPLICA * bodies.size();
    }

    void start() {
        bodies.forEach(SimulatedReplica::start);
        traitors.forEach(Traitor::haveWhims);
    }

    /** Things begin to fail. */
    void trouble(final int seconds) {
        world.timeline.at(0, connections::changeWeather);
        for (int second = 0; second < seconds; second++) {
            world.timeline.at(second * Timeline.SECOND, misfortunes::befall);
            world.timeline.at(second * Timeline.SECOND, this::detect);
        }
    }

    /**
     * What the failure detectors of those who run find out: who does not answer, and, while things go wrong, now and then
     * somebody who does.
     */
    void detect() {
        final Set<Integer> silent = new TreeSet<>();
        replicas.stream().filter(replica -> !replica.isAwake()).forEach(replica -> silent.add(replica.id));
        bodies.stream().filter(SimulatedReplica::isUp).forEach(one -> {
            one.step(new Event.Suspected(Set.copyOf(withMistakes(silent))));
            one.sharing().ifPresent(cores -> cores.suspects(silent));
        });
    }

    private Set<Integer> withMistakes(final Set<Integer> silent) {
        final Set<Integer> suspected = new TreeSet<>(silent);
        if (!world.isHealed() && mistakes.nextInt(1000) < MISTAKEN_PER_MILLE) {
            suspected.add(world.group.members().get(mistakes.nextInt(world.group.size())));
        }
        return suspected;
    }

    int traitors() {
        return traitors.size();
    }

    /** All members. */
    List<SimulatedReplica> replicas() {
        return replicas;
    }

    /** Those that do not lie. */
    List<SimulatedReplica> honest() {
        return replicas.stream().filter(SimulatedReplica::isHonest).toList();
    }

    /** Somebody says something to a member. */
    void receive(final int to, final int from, final Parcel parcel) {
        final SimulatedReplica replica = replicas.get(world.number(to));
        if (!replica.isHonest()) {
            traitors.stream().filter(one -> one.id() == to).forEach(one -> one.receive(from, parcel));
        } else if (replica.isUp()) {
            world.trace(to, "gets from r" + from, parcel);
            if (parcel instanceof Parcel.Ordering about) {
                replica.step(new Event.Received(from, about.message()));
            } else {
                replica.sharing().ifPresent(cores -> cores.receive(from, parcel));
            }
        }
    }

    /** Whether all that do not lie have all that is final, from the first block on. */
    boolean isSettled() {
        return honest().stream().allMatch(one -> one.core().finalHeight() == world.invariants.height()
            && !one.hasGap());
    }

    /** All that do not lie can prove that their last block is final, and by that all below it. */
    void requireCertified() {
        honest().forEach(one -> world.invariants.requireCertified(one.id));
    }

    /** Where it stands, for people. */
    String standing() {
        return "heights=" + honest().stream().map(one -> one.core().finalHeight()).toList() + " views="
            + honest().stream().map(one -> one.core().view()).toList();
    }
}
