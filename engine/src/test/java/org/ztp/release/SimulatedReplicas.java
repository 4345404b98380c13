package org.ztp.release;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.ztp.contract.ChunkRange;
import org.ztp.privacy.ShareOpening;
import org.ztp.release.ReleaseEvent.Contributed;
import org.ztp.release.ReleaseEvent.LookedUp;
import org.ztp.release.ReleaseEvent.Received;
import org.ztp.release.ReleaseEvent.Sealed;
import org.ztp.release.Standing.Allowed;
import org.ztp.release.Standing.Reason;
import org.ztp.wire.WireWriter;

/**
 * All replicas of a sub-cluster, their runtimes and a network that delays, drops, repeats and alters, from one seed,
 * in one thread. It fails when a replica gives shares that its own ledger does not allow.
 */
final class SimulatedReplicas {
    static final long MILLI = 1_000_000L;

    final Shared shared;
    final ReleaseLimits limits;
    final Random random;
    final List<ReleaseCore> cores = new ArrayList<>();
    /** Answers to clients, by token. */
    final Map<Long, ReleaseAction> answers = new HashMap<>();
    final List<ReleaseAction.Fault> faults = new ArrayList<>();
    /** Numbers of replicas that are down. */
    final Set<Integer> dead = new TreeSet<>();
    /** Numbers of replicas that give wrong shares, summed and singly. */
    final Set<Integer> liars = new TreeSet<>();
    /** What ledgers say, by number, where it is not that the request is allowed. */
    final Map<Integer, Standing> standings = new HashMap<>();
    /** Every vector that went over the network, as it was sent. */
    final List<ReleaseMessage.PartialHere> seen = new ArrayList<>();
    /** Every contribution that a replica made, before it was altered if the replica is a liar. */
    final List<Given> given = new ArrayList<>();
    double drop;
    double repeat;
    double alter;
    long nowNs = -77 * MILLI; // only differences count
    private final Set<String> allowedLooks = new HashSet<>();
    private final TreeMap<Integer, Long> nextTicks = new TreeMap<>();
    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private long order;

    /** A contribution. */
    record Given(int number, ReleaseAction.Contribute what, byte[] masked) { }

    private record Scheduled(long atNs, long order, Runnable run) implements Comparable<Scheduled> {
        @Override
        public int compareTo(final Scheduled other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    SimulatedReplicas(final int n, final long seed) {
        shared = new Shared(n, seed);
        random = new Random(seed);
        final long attempt = 50 * MILLI;
        limits = new ReleaseLimits(4, 8, 1 << 20, 1 << 12, attempt, (shared.group(0).faults() + 8) * attempt,
            12 * MILLI, 3 * MILLI);
        for (int number = 0; number < n; number++) {
            cores.add(new ReleaseCore(shared.group(number), limits));
        }
    }

    int n() {
        return cores.size();
    }

    int f() {
        return shared.group(0).faults();
    }

    /** Takes an event in at one replica and does what it wants done. */
    void step(final int number, final ReleaseEvent event) {
        if (dead.contains(number)) {
            return;
        }
        final List<ReleaseAction> actions = new ArrayList<>();
        final ReleaseCore core = cores.get(number);
        core.step(nowNs, event, actions);
        actions.forEach(action -> act(number, action));
        final long next = Math.max(core.nextTickNs(), nowNs + 1000);
        final Long planned = nextTicks.get(number);
        if (planned == null || planned > next) {
            nextTicks.put(number, next);
            at(next, () -> {
                nextTicks.remove(number);
                step(number, new ReleaseEvent.Tick());
            });
        }
    }

    /** Runs until a client has its answer. */
    ReleaseAction answer(final long token) {
        final long limitNs = nowNs + 2 * limits.totalTimeoutNs();
        while (!answers.containsKey(token) && nowNs < limitNs) {
            final Scheduled next = queue.remove();
            nowNs = next.atNs();
            next.run().run();
        }
        return answers.get(token);
    }

    void run(final long forNs) {
        final long untilNs = nowNs + forNs;
        while (!queue.isEmpty() && queue.peek().atNs() <= untilNs) {
            final Scheduled next = queue.remove();
            nowNs = next.atNs();
            next.run().run();
        }
        nowNs = untilNs;
    }

    void after(final long delayNs, final Runnable run) {
        at(nowNs + delayNs, run);
    }

    ReleaseAction ask(final int number, final long token, final Set<Integer> without) {
        step(number, new ReleaseEvent.Asked(token, Shared.REQUEST, without));
        return answer(token);
    }

    private void act(final int number, final ReleaseAction action) {
        if (action instanceof ReleaseAction.Send send) {
            send(number, send.to(), send.message());
        } else if (action instanceof ReleaseAction.LookUp look) {
            soon(() -> lookUp(number, look));
        } else if (action instanceof ReleaseAction.Contribute what) {
            requireAllowed(number, what.callId());
            final byte[] vector = shared.contribution(number, what);
            given.add(new Given(number, what, vector.clone()));
            if (liars.contains(number)) {
                vector[random.nextInt(vector.length)] ^= (byte) (1 + random.nextInt(255));
            }
            soon(() -> step(number, new Contributed(what.callId(), Optional.of(vector))));
        } else if (action instanceof ReleaseAction.Seal what) {
            requireAllowed(number, what.callId());
            final byte[] sealed = shared.sealed(number, what, openings(number, what.part()));
            soon(() -> step(number, new Sealed(what.callId(), Optional.of(sealed))));
        } else if (action instanceof ReleaseAction.Fault fault) {
            faults.add(fault);
        } else if (action instanceof ReleaseAction.Released released) {
            answered(released.token(), released);
        } else if (action instanceof ReleaseAction.ReleasedSingly released) {
            answered(released.token(), released);
        } else if (action instanceof ReleaseAction.Refused refused) {
            answered(refused.token(), refused);
        }
    }

    private void answered(final long token, final ReleaseAction answer) {
        if (answers.put(token, answer) != null) {
            throw new AssertionError("two answers to " + token);
        }
    }

    private List<ShareOpening> openings(final int number, final ChunkRange part) {
        final List<ShareOpening> openings = shared.openings(number, part);
        if (liars.contains(number)) {
            final int which = random.nextInt(openings.size());
            final byte[] bytes = openings.get(which).encode();
            bytes[Integer.BYTES + random.nextInt(64)] ^= (byte) (1 + random.nextInt(255));
            openings.set(which, ShareOpening.decode(bytes).orElseThrow());
        }
        return openings;
    }

    private void lookUp(final int number, final ReleaseAction.LookUp look) {
        final Standing standing = !look.request().equals(Shared.REQUEST)
            ? new Standing.Refused(Reason.UNKNOWN, "no such request")
            : standings.getOrDefault(number, new Allowed(shared.terms));
        if (standing instanceof Allowed) {
            allowedLooks.add(number + "/" + look.callId());
        }
        step(number, new LookedUp(look.callId(), standing, true));
    }

    private void requireAllowed(final int number, final long callId) {
        if (!allowedLooks.remove(number + "/" + callId)) {
            throw new AssertionError("replica " + number + " gives shares that its ledger did not allow");
        }
    }

    private void send(final int from, final int to, final ReleaseMessage message) {
        if (message instanceof ReleaseMessage.PartialHere here) {
            seen.add(here);
        }
        final WireWriter out = new WireWriter();
        ReleaseCodec.encode(message, out);
        UnaryOperator<byte[]> change = bytes -> bytes;
        if (random.nextDouble() < alter) {
            change = this::altered;
        }
        final byte[] bytes = change.apply(out.toBytes());
        if (random.nextDouble() >= drop) {
            soon(() -> deliver(from, to, bytes));
        }
        if (random.nextDouble() < repeat) {
            after(random.nextLong(80 * MILLI), () -> deliver(from, to, bytes));
        }
    }

    private byte[] altered(final byte[] bytes) {
        final byte[] altered = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
            : bytes.clone();
        if (altered.length > 0) {
            altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return altered;
    }

    private void deliver(final int from, final int to, final byte[] bytes) {
        ReleaseCodec.decode(bytes, 0, bytes.length).ifPresent(message ->
            step(shared.ids.indexOf(to), new Received(shared.ids.get(from), message)));
    }

    private void soon(final Runnable run) {
        after(1000 + random.nextLong(2 * MILLI), run);
    }

    private void at(final long timeNs, final Runnable run) {
        queue.add(new Scheduled(timeNs, order++, run));
    }
}
