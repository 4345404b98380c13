package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.simulation.Timeline.SECOND;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.ThreadHashing;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BundleBuilder;
import org.ztp.runtime.DrivenStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * A replica's process sleeps, another takes its role over with nothing but its key, and the first one wakes: from
 * seeds, with messages lost, and f members that go on with the sleeper as if nothing had happened and tell it
 * everything.
 */
class SupersededReplicaTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final int SEEDS = 40;

    private static byte[] sign(final int replica, final byte[] message) {
        return Arrays.copyOf(Hash.sha256(new byte[] {(byte) replica}, message).toBytes(), 64);
    }

    /** One process: it runs the real core; its timers and messages wait while it sleeps. */
    private static final class Body {
        final int role;
        final int incarnation;
        final SimulatedStore disk = new SimulatedStore(1, CHAIN, SimulatedRecords.RULES);
        final TreeSet<Long> votedIn = new TreeSet<>();
        final List<Event> waiting = new ArrayList<>();
        ReplicaCore core;
        boolean asleep;
        boolean marked;
        boolean halted;

        Body(final int role, final int incarnation) {
            this.role = role;
            this.incarnation = incarnation;
        }
    }

    /** All processes, and how they hear each other. */
    private static final class Run {
        final Random random;
        final Timeline timeline = new Timeline();
        final Group group;
        final List<Body> bodies = new ArrayList<>();
        final int[] known;
        final int sleeper;
        final int liars;
        final boolean marks;
        final ThreadHashing hashing = new ThreadHashing(CHAIN);
        final Map<Long, Hash> chain = new HashMap<>();
        int lossPercent = 2;
        long submitted;

        Run(final long seed, final int size, final boolean marks) {
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            group = new Group(CHAIN, 0, IntStream.range(0, size).boxed().toList());
            liars = group.faults();
            sleeper = liars + random.nextInt(size - liars);
            known = new int[size];
            this.marks = marks;
            IntStream.range(0, size).forEach(role -> bodies.add(new Body(role, 0)));
            bodies.forEach(this::start);
        }

        private void start(final Body body) {
            final DrivenStore store = body.disk.open();
            final SignatureCheck signatures = (replica, message, signature) -> Arrays.equals(sign(replica, message), signature);
            body.core = new ReplicaCore(group, body.role, Limits.defaults(), new SafetyRules(group, body.role,
                message -> sign(body.role, message), store.safetyState()), signatures, hashing, store.machine(),
                store.takeRecovered());
            tick(body);
        }

        private void tick(final Body body) {
            if (!body.halted) {
                if (!body.asleep) {
                    step(body, new Event.Tick());
                }
                timeline.at(Math.max(body.core.nextTickNs(), timeline.nowNs() + 5_000_000), () -> tick(body));
            }
        }

        void step(final Body body, final Event event) {
            if (body.halted) {
                return;
            }
            if (body.asleep) {
                body.waiting.add(event);
                return;
            }
            final List<Action> actions = new ArrayList<>();
            body.core.step(timeline.nowNs(), 1_700_000_000_000L + timeline.nowNs() / 1_000_000, event, actions);
            actions.forEach(action -> perform(body, action));
        }

        private void perform(final Body body, final Action action) {
            if (action instanceof Action.Send send) {
                send(body, send.to(), send.message());
            } else if (action instanceof Action.Broadcast broadcast) {
                group.members().stream().filter(to -> to != body.role).forEach(to -> send(body, to, broadcast.message()));
            } else if (action instanceof Action.Persist persist) {
                persist(body, persist);
            } else if (action instanceof Action.CheckBatch check) {
                timeline.at(timeline.nowNs() + 50_000, () -> step(body, new Event.BatchChecked(check.from(), check.ref(),
                    check.batch(), hashing.identify(check.batch()).filter(check.ref()::equals).isPresent())));
            } else if (action instanceof Action.Finalized said) {
                final Hash block = said.block().block().hash();
                final Hash first = chain.putIfAbsent(said.block().block().height(), block);
                assertTrue(first == null || first.equals(block), "fork at " + said.block().block().height());
                body.disk.write(said);
            } else if (action instanceof Action.SendFinal wanted) {
                body.disk.finalBlocksFrom(wanted.fromHeight()).ifPresent(blocks -> send(body, wanted.to(), blocks));
            } else if (action instanceof Action.SendStoredBatches wanted) {
                wanted.roots().forEach(root -> body.disk.batch(root)
                    .ifPresent(stored -> send(body, wanted.to(), stored)));
            }
        }

        /** A process looks for its mark before it writes its safety record. */
        private void persist(final Body body, final Action.Persist persist) {
            if (marks && body.marked && persist.safety().isPresent()) {
                body.halted = true;
                return;
            }
            body.disk.write(persist);
            timeline.at(timeline.nowNs() + random.nextInt(2_000_000), () -> {
                body.disk.sync(persist.ticket());
                step(body, new Event.Persisted(persist.ticket()));
            });
        }

        private void send(final Body from, final int to, final Message message) {
            if (message instanceof Message.Vote vote) {
                from.votedIn.add(vote.view());
            } else if (message instanceof Message.TimedOut timedOut && timedOut.vote().replica() == from.role) {
                from.votedIn.add(timedOut.vote().view());
            }
            if (random.nextInt(100) >= lossPercent) {
                final int incarnation = from.incarnation;
                final int believed = known[from.role];
                timeline.at(timeline.nowNs() + 50_000 + random.nextInt(3_000_000), () -> {
                    for (final Body body : List.copyOf(bodies)) {
                        final boolean meant = from.role < liars || body.incarnation == believed;
                        if (body.role == to && (to != sleeper || meant)) {
                            receive(body, from.role, incarnation, message);
                        }
                    }
                });
            }
        }

        /**
         * Honest members hear the highest incarnation that they know of; a lower one is told, and halts when it hears
         * it.
         */
        private void receive(final Body body, final int from, final int incarnation, final Message message) {
            if (from == sleeper && body.role >= liars) {
                if (incarnation < known[body.role]) {
                    bodies.stream().filter(old -> old.role == from && old.incarnation == incarnation && !old.asleep)
                        .forEach(old -> old.halted |= marks);
                    return;
                }
                known[body.role] = incarnation;
            }
            step(body, new Event.Received(from, message));
        }

        void submit() {
            final BundleBuilder builder = new BundleBuilder(CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
                message -> new byte[64]);
            final byte[] transaction = new WireWriter().u8(1).u64(submitted).toBytes();
            builder.add(transaction, 0, transaction.length);
            final BatchBuilder batches = new BatchBuilder(1 << 20);
            batches.add(builder.seal(submitted++));
            final Batch batch = batches.build();
            final Body gateway = bodies.get((sleeper + 1 + random.nextInt(group.size() - 1)) % group.size());
            step(gateway, new Event.BatchMade(hashing.identify(batch).orElseThrow(), batch));
        }

        /** The sleeper falls asleep, is replaced, and wakes; views fail meanwhile and afterwards. */
        Run play() {
            for (int i = 0; i < 400; i++) {
                timeline.at((long) (random.nextDouble() * 12 * SECOND), this::submit);
            }
            final Body old = bodies.get(sleeper);
            final Body next = new Body(sleeper, 1);
            final long asleepNs = SECOND + random.nextInt(1_000_000_000);
            final long replacedNs = asleepNs + random.nextInt(1_500_000_000);
            timeline.at(asleepNs, () -> old.asleep = true);
            timeline.at(replacedNs, () -> {
                old.marked = true;
                bodies.add(next);
                next.disk.loseSafety();
                start(next);
            });
            timeline.at(replacedNs + random.nextInt(1_500_000_000), () -> {
                old.asleep = false;
                List.copyOf(old.waiting).forEach(event -> step(old, event));
            });
            for (int second = 1; second < 10; second++) {
                timeline.at(second * SECOND, () -> lossPercent = random.nextInt(40));
            }
            timeline.at(10 * SECOND, () -> lossPercent = 0);
            timeline.advance(30 * SECOND);
            return this;
        }

        /** Views in which both processes voted with the one key. */
        TreeSet<Long> votedInByBoth() {
            final TreeSet<Long> both = new TreeSet<>(bodies.get(sleeper).votedIn);
            both.retainAll(bodies.get(group.size()).votedIn);
            return both;
        }
    }

    @Test
    void oneKeyNeverVotesTwiceInOneViewAndTheNewOneVotes() {
        int voted = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            final Run run = new Run(seed, seed % 3 == 0 ? 7 : 4, true).play();
            assertEquals(new TreeSet<>(), run.votedInByBoth(), "seed " + seed);
            voted += run.bodies.get(run.group.size()).votedIn.isEmpty() ? 0 : 1;
            final long height = run.bodies.get(run.group.size()).core.finalHeight();
            assertTrue(height > 0 && height >= run.chain.size() - 1, "seed " + seed + " height " + height);
        }
        assertTrue(voted > SEEDS / 2, "in so many runs the new one votes: " + voted);
    }

    @Test
    void withoutTheMarksAndRefusalsItWould() {
        int twice = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            twice += new Run(seed, 4, false).play().votedInByBoth().isEmpty() ? 0 : 1;
        }
        assertTrue(twice > 0, "the runs are too tame");
    }
}
