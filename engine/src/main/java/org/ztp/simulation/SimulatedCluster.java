package org.ztp.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.MessageCodec;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.StateMachine;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** The whole: replicas, the network between them, their disks, the clock and some clients, driven by one seed. */
public final class SimulatedCluster {
    private static final long SECOND = 1_000_000_000L;
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final Random random;
    private final Faults faults;
    private final Group group;
    private final SimulatedKeys keys;
    private final SimulatedHashing hashing = new SimulatedHashing(CHAIN);
    private final StateMachine machine = ChainedState.machine();
    private final Invariants invariants;
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private final Map<Hash, Bundle> open = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int[] side;
    private long nowNs;
    private long order;
    private long sequence;
    private boolean healed;
    private Consumer<String> trace = line -> { };

    private record Scheduled(long atNs, long order, Runnable run) implements Comparable<Scheduled> {
        @Override
        public int compareTo(final Scheduled other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    /** A cluster whose size and faults are drawn from a seed. */
    public SimulatedCluster(final long seed) {
        this(seed, Faults.draw(new Random(seed ^ 0x5eed)));
    }

    SimulatedCluster(final long seed, final Faults faults) {
        this.random = new Random(seed);
        this.faults = faults;
        final List<Integer> members = new ArrayList<>();
        for (int i = 0; i < faults.replicas(); i++) {
            members.add(i);
            replicas.add(new SimulatedReplica(i, faults.skewMillis() == 0 ? 0 : random.nextInt(faults.skewMillis())));
        }
        group = new Group(CHAIN, 0, members);
        keys = new SimulatedKeys(seed);
        invariants = new Invariants(group, keys);
        side = new int[faults.replicas()];
        replicas.forEach(this::start);
    }

    /** Has every step told, one line each. */
    public SimulatedCluster tracedTo(final Consumer<String> lines) {
        trace = lines;
        return this;
    }

    private void trace(final int replica, final String what) {
        trace.accept(String.format("%.6f r%d %s", nowNs / 1e9, replica, what));
    }

    /**
     * Runs: clients submit, things fail, then everything heals and all that was accepted must become final.
     *
     * @param seconds simulated seconds with faults
     * @param bundlesPerSecond how much clients submit
     * @return counts of what happened
     */
    public Map<String, Integer> run(final int seconds, final int bundlesPerSecond) {
        for (int i = 0; i < seconds * bundlesPerSecond; i++) {
            at((long) (random.nextDouble() * seconds * SECOND), this::submitOne);
        }
        for (int second = 0; second < seconds; second++) {
            at(second * SECOND, this::misfortunes);
        }
        advance(seconds * SECOND);
        heal();
        final long limitNs = nowNs + 240 * SECOND;
        while (nowNs < limitNs && !isSettled()) {
            resubmit();
            advance(nowNs + SECOND);
        }
        Invariants.require(isSettled(), "not live: open=" + invariants.open(open.keySet()).size() + " heights="
            + replicas.stream().map(replica -> replica.core.finalHeight()).toList() + " views="
            + replicas.stream().map(replica -> replica.core.view()).toList());
        counts.put("blocks", (int) invariants.height());
        counts.put("bundles", invariants.effects());
        counts.put("highest view", (int) replicas.stream().mapToLong(one -> one.core.view()).max().orElseThrow());
        return counts;
    }

    private boolean isSettled() {
        return invariants.open(open.keySet()).isEmpty()
            && replicas.stream().allMatch(one -> one.core.finalHeight() == invariants.height());
    }

    private void advance(final long untilNs) {
        while (!queue.isEmpty() && queue.peek().atNs() <= untilNs) {
            final Scheduled next = queue.remove();
            nowNs = next.atNs();
            next.run().run();
        }
        nowNs = untilNs;
    }

    private void at(final long timeNs, final Runnable run) {
        queue.add(new Scheduled(Math.max(nowNs, timeNs), order++, run));
    }

    private void submitOne() {
        final BundleBuilder builder = new BundleBuilder(CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
            message -> new byte[64]);
        final byte[] transaction = new WireWriter().u8(1).u64(sequence).toBytes();
        builder.add(transaction, 0, transaction.length);
        final Bundle bundle = builder.seal(sequence++);
        final Batch probe = batch(bundle);
        hashing.identify(probe);
        final Hash id = probe.bundles().get(0).id();
        invariants.submitted(id);
        open.put(id, bundle);
        deliver(bundle);
    }

    private void resubmit() {
        invariants.open(open.keySet()).forEach(id -> deliver(open.get(id)));
    }

    private void deliver(final Bundle bundle) {
        final SimulatedReplica gateway = replicas.get(random.nextInt(replicas.size()));
        if (gateway.isUp()) {
            final Batch batch = batch(bundle);
            final BatchRef ref = hashing.identify(batch).orElseThrow();
            step(gateway, new Event.BatchMade(ref, batch));
        }
    }

    private static Batch batch(final Bundle bundle) {
        final BatchBuilder builder = new BatchBuilder(1 << 20);
        builder.add(bundle);
        return builder.build();
    }

    private void misfortunes() {
        for (final SimulatedReplica replica : replicas) {
            if (random.nextInt(1000) < faults.crashPerMille()) {
                at(nowNs + (long) (random.nextDouble() * SECOND), () -> crash(replica));
            }
        }
        if (random.nextInt(1000) < faults.partitionPerMille()) {
            count("partitions");
            for (int i = 0; i < side.length; i++) {
                side[i] = random.nextInt(2);
            }
        } else {
            side = new int[replicas.size()];
        }
    }

    private void crash(final SimulatedReplica replica) {
        if (!replica.isUp() || healed) {
            return;
        }
        count("crashes");
        replica.core = null;
        replica.life++;
        replica.disk.crash(random.nextInt(4));
        final long down = replicas.stream().filter(one -> !one.isUp()).count();
        if (down <= group.faults() && random.nextInt(12) == 0 && replicas.stream().noneMatch(one -> one.wiped)) {
            count("wiped disks");
            replica.wiped = true;
            replica.disk.wipe();
        }
        at(nowNs + (long) (random.nextDouble() * 3 * SECOND), () -> start(replica));
    }

    private void heal() {
        healed = true;
        side = new int[replicas.size()];
        replicas.stream().filter(one -> !one.isUp()).forEach(this::start);
    }

    private void start(final SimulatedReplica replica) {
        if (replica.isUp()) {
            return;
        }
        final Recovered recovered = replica.disk.recover(CHAIN, machine);
        final boolean fresh = replica.disk.safety().isEmpty() && !replica.wiped;
        final SafetyState state = replica.disk.safety().map(bytes -> SafetyState.decode(bytes).orElseThrow())
            .orElse(fresh ? SafetyState.initial(CHAIN) : SafetyState.lost(CHAIN)).reborn();
        replica.disk.storeSafety(state.encode());
        replica.core = new ReplicaCore(group, replica.id, Limits.defaults(),
            new SafetyRules(group, replica.id, keys.signer(replica.id), state), keys, hashing, machine, recovered);
        replica.persistedAtNs = nowNs;
        invariants.started(replica.id, recovered.height());
        tick(replica, replica.life);
    }

    private void tick(final SimulatedReplica replica, final int life) {
        if (replica.life == life && replica.isUp()) {
            step(replica, new Event.Tick());
            at(Math.max(replica.core.nextTickNs(), nowNs + 1_000_000), () -> tick(replica, life));
        }
    }

    private void step(final SimulatedReplica replica, final Event event) {
        final List<Action> actions = new ArrayList<>();
        replica.core.step(nowNs, START_MILLIS + nowNs / 1_000_000 + replica.skewMillis, event, actions);
        for (final Action action : actions) {
            trace(replica.id, "does " + action);
            perform(replica, action);
        }
    }

    private void perform(final SimulatedReplica replica, final Action action) {
        if (action instanceof Action.Send send) {
            send(replica, send.to(), send.message());
        } else if (action instanceof Action.Broadcast broadcast) {
            for (final SimulatedReplica peer : replicas) {
                if (peer != replica) {
                    send(replica, peer.id, broadcast.message());
                }
            }
        } else if (action instanceof Action.Persist persist) {
            persist(replica, persist);
        } else if (action instanceof Action.CheckBatch check) {
            final Optional<BatchRef> actual = hashing.identify(check.batch());
            later(replica, 50_000, new Event.BatchChecked(check.from(), check.ref(), check.batch(),
                actual.isPresent() && actual.get().equals(check.ref())));
        } else if (action instanceof Action.Finalized finalized) {
            invariants.finalized(replica.id, finalized);
        } else if (action instanceof Action.SendFinal wanted) {
            sendFinal(replica, wanted);
        } else if (action instanceof Action.SendStoredBatches wanted) {
            wanted.roots().forEach(root -> replica.disk.batch(root).ifPresent(
                stored -> send(replica, wanted.to(), new Message.BatchHere(stored.ref(), stored.batch()))));
        } else if (action instanceof Action.Fault fault) {
            Invariants.require(fault.kind() == Action.Fault.Kind.VIEW_TIMED_OUT
                || fault.kind() == Action.Fault.Kind.BAD_BLOCKS
                || fault.kind() == Action.Fault.Kind.BAD_PROPOSAL, "honest replica " + fault.replica()
                + " accused by " + replica.id + ": " + fault.kind() + " " + fault.detail());
            count("fault " + fault.kind());
        }
    }

    private void persist(final SimulatedReplica replica, final Action.Persist persist) {
        replica.disk.write(persist);
        final int life = replica.life;
        final long delay = 1_000 + (long) (random.nextDouble() * faults.maxPersistNs());
        replica.persistedAtNs = Math.max(replica.persistedAtNs, nowNs) + (healed ? 10_000 : delay);
        at(replica.persistedAtNs, () -> {
            if (replica.life == life && replica.isUp()) {
                replica.disk.sync(persist.ticket());
                step(replica, new Event.Persisted(persist.ticket()));
            }
        });
    }

    private void sendFinal(final SimulatedReplica replica, final Action.SendFinal wanted) {
        final List<FinalBlock> blocks = new ArrayList<>();
        for (final FinalBlock block : replica.disk.finalChain()) {
            if (block.block().height() >= wanted.fromHeight()
                && (blocks.size() < 16 || blocks.get(blocks.size() - 1).certificate().isEmpty())) {
                blocks.add(block);
            }
        }
        send(replica, wanted.to(), new Message.FinalBlocks(blocks));
    }

    private void send(final SimulatedReplica from, final int to, final Message message) {
        count("messages");
        final boolean lost = !healed && (side[from.id] != side[to] || random.nextInt(100) < faults.lossPercent());
        final int copies = lost ? 0 : !healed && random.nextInt(100) < faults.duplicatePercent() ? 2 : 1;
        final WireWriter out = new WireWriter();
        MessageCodec.encode(message, out);
        final byte[] bytes = out.toBytes();
        for (int i = 0; i < copies; i++) {
            final long spread = healed ? 200_000 : faults.maxDelayNs() - faults.minDelayNs();
            final long delay = faults.minDelayNs() + (long) (random.nextDouble() * spread);
            at(nowNs + delay, () -> {
                final Message decoded = MessageCodec.decode(bytes, 0, bytes.length).orElseThrow();
                if (replicas.get(to).isUp()) {
                    trace(to, "gets from r" + from.id + " " + decoded);
                    step(replicas.get(to), new Event.Received(from.id, decoded));
                }
            });
        }
    }

    private void later(final SimulatedReplica replica, final long delayNs, final Event event) {
        final int life = replica.life;
        at(nowNs + delayNs, () -> {
            if (replica.life == life && replica.isUp()) {
                step(replica, event);
            }
        });
    }

    private void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }
}
