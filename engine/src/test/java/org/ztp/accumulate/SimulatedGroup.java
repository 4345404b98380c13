package org.ztp.accumulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.ztp.wire.Hash;

/**
 * A group of replicas and a network that delays, reorders, drops and repeats, all from one seed, in one thread. The
 * root's replica runs a round; the others follow the plans it sends. Replicas in {@code dead} never answer; those in
 * {@code liars} say of each child that it was silent.
 */
final class SimulatedGroup {
    static final int VECTOR = 40;
    private static final long MAX_DELAY_NS = 1_000;

    private record Event(long atNs, long order, Runnable what) {
    }

    final List<AccumulationAction<byte[]>> results = new ArrayList<>();
    final AccumulationRound<byte[]> round;
    private final RoundRequest request;
    private final XorVector xor = new XorVector(VECTOR);
    private final Random random;
    private final double drop;
    private final double repeat;
    private final Set<Integer> dead;
    private final Set<Integer> liars;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::order));
    private final Map<Integer, Accumulation<byte[]>> members = new HashMap<>();
    private final Map<Integer, EarlyPartials<byte[]>> early = new HashMap<>();
    private long nowNs = -5_000; // times may be negative: only differences count
    private long scheduled;

    SimulatedGroup(RoundRequest request, long seed, double drop, double repeat, Set<Integer> dead, Set<Integer> liars) {
        this.request = request;
        this.random = new Random(seed);
        this.drop = drop;
        this.repeat = repeat;
        this.dead = dead;
        this.liars = liars;
        round = new AccumulationRound<>(request, xor);
    }

    /** What a replica contributes to an attempt: not the same twice, so that a mix of attempts would be seen. */
    static byte[] contribution(Hash id, int attempt, int replica) {
        byte[] hash = Hash.sha256(id.toBytes(), new byte[] {(byte) attempt, (byte) replica, (byte) (replica >> 8)})
                .toBytes();
        return Arrays.copyOf(hash, VECTOR);
    }

    void run() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        round.begin(nowNs, actions);
        follow(actions);
        at(nowNs + 100, this::tick);
        while (!events.isEmpty() && results.isEmpty()) {
            Event event = events.remove();
            nowNs = event.atNs();
            event.what().run();
        }
    }

    void excludeAt(long afterNs, int replica) {
        at(nowNs + afterNs, () -> {
            List<AccumulationAction<byte[]>> actions = new ArrayList<>();
            round.exclude(replica, nowNs, actions);
            follow(actions);
        });
    }

    private void tick() {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        round.tick(nowNs, actions);
        members.values().forEach(member -> member.tick(nowNs, actions));
        follow(actions);
        at(nowNs + 100, this::tick);
    }

    private void follow(List<AccumulationAction<byte[]>> actions) {
        for (AccumulationAction<byte[]> action : actions) {
            if (action instanceof AccumulationAction.Start<byte[]> start) {
                AccumulationPlan plan = start.plan();
                plan.members().stream().filter(m -> m != request.root())
                        .forEach(m -> transmit(m, () -> start(m, plan, start.timeoutNs())));
                if (plan.rootContributes() && !dead.contains(request.root())) {
                    at(nowNs + 1, () -> contributeAtRoot(plan.attempt()));
                }
            } else if (action instanceof AccumulationAction.Send<byte[]> send) {
                transmit(send.to(), () -> receive(send.to(), send.partial()));
            } else {
                results.add(action);
            }
        }
    }

    private void contributeAtRoot(int attempt) {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        round.contribute(attempt, contribution(request.id(), attempt, request.root()), nowNs, actions);
        follow(actions);
    }

    private void start(int self, AccumulationPlan plan, long timeoutNs) {
        Accumulation<byte[]> before = members.get(self);
        if (before != null && before.plan().attempt() >= plan.attempt()) {
            return;
        }
        Accumulation<byte[]> member = new Accumulation<>(plan, self, xor, nowNs, timeoutNs);
        members.put(self, member);
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        if (liars.contains(self)) {
            for (int child : plan.tree().children(plan.position(self))) {
                member.exclude(plan.members().get(child), nowNs, actions);
            }
        }
        early(self).take(plan.id(), plan.attempt()).forEach(partial -> member.onPartial(partial, nowNs, actions));
        member.contribute(contribution(plan.id(), plan.attempt(), self), nowNs, actions);
        follow(actions);
    }

    private void receive(int self, Partial<byte[]> partial) {
        List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        if (self == request.root()) {
            round.onPartial(partial, nowNs, actions);
        } else if (!members.containsKey(self)
                || members.get(self).onPartial(partial, nowNs, actions) == Verdict.EARLY_ATTEMPT) {
            early(self).keep(partial);
        }
        follow(actions);
    }

    private EarlyPartials<byte[]> early(int self) {
        return early.computeIfAbsent(self, s -> new EarlyPartials<>(2));
    }

    private void transmit(int to, Runnable delivery) {
        if (dead.contains(to)) {
            return;
        }
        if (random.nextDouble() >= drop) {
            at(nowNs + 1 + random.nextLong(MAX_DELAY_NS), delivery);
        }
        if (random.nextDouble() < repeat) {
            at(nowNs + 1 + random.nextLong(5 * MAX_DELAY_NS), delivery);
        }
    }

    private void at(long timeNs, Runnable what) {
        events.add(new Event(timeNs, scheduled++, what));
    }
}
