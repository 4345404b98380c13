package org.ztp.runtime;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.ClientSignatures;
import org.ztp.merkle.TreeHasher;
import org.ztp.team.LoopBody;
import org.ztp.team.RegionBody;
import org.ztp.team.Schedule;
import org.ztp.team.Team;
import org.ztp.wire.Hash;

/**
 * The node's front: fork, rings, reduce. The team decodes, authenticates and hashes what clients hand in and what peers
 * send; each thread puts clients' bundles into its own Disruptor ring, whose only producer it is; at a batch's limit of
 * bytes, bundles or patience, or at once while no batch is on its way, the join reduces the rings to one batch and
 * its root. As much is taken in as every ring has room for, so a full ring pushes back on clients, and nothing is
 * dropped. Single owner: the ingest thread, the team's master.
 */
final class Ingest implements Duty {
    private static final int UNITS = 4_096;

    private final Settings settings;
    private final Team team;
    private final Predicate<Bundle> belongs;
    private final Sink sink;
    private final List<RingBuffer<Slot>> rings = new ArrayList<>();
    private final List<Sequence> taken = new ArrayList<>();
    private final IngestLane[] lanes;
    private final LoopBody fork = this::fork;
    private final RegionBody settle = this::settle;
    private final TreeHasher tree = new TreeHasher();
    private final AtomicLong heldBytes = new AtomicLong();
    private final MpscArrayQueue<Submission> inbox;
    private final MpscUnboundedArrayQueue<Check> checks = new MpscUnboundedArrayQueue<>(256);
    private final Object[] units = new Object[UNITS];
    private final int[] parts = new int[UNITS];
    private final List<Check> inWork = new ArrayList<>();
    private final BatchBuilder builder;
    private final CheckedBatches checkedBatches = new CheckedBatches();
    /** Leaf hashes of the batches that are checked in one turn, or of the batch that is made. */
    private byte[] leaves = new byte[Hash.BYTES * UNITS];
    private int leavesEnd;
    private Check held;
    private long firstWaitingNs;
    private int waiting;
    private int waitingBytes;

    /**
     * How batches are made.
     *
     * @param schedule how loops are dealt out
     * @param ringSize slots of each ring, a power of two
     * @param batchBytes a batch is closed at this size
     * @param batchBundles a batch is closed at this number of bundles
     * @param lingerNs a batch is closed when its first bundle has waited this long
     * @param checkOnce whether what was found out about a batch holds for all replicas of this process
     */
    record Settings(Schedule schedule, int ringSize, int batchBytes, int batchBundles, long lingerNs,
                    boolean checkOnce) { }

    /** Where the results go. */
    interface Sink {
        /** Whether another batch may be made now. */
        boolean hasRoom();

        /** Whether no batch is on its way: then nothing is gained by waiting for more bundles. */
        boolean isIdle();

        /**
         * A client's bundle is well-formed and signed.
         *
         * @return whether it is new, and so belongs into a batch
         */
        boolean admit(Bundle bundle, byte[] bytes, Consumer<ServiceReply> reply);

        /** All of a batch was checked, and holds for all replicas of this process. */
        void checked(BatchRef ref, Batch batch);

        /** A batch of admitted bundles. */
        void made(BatchRef ref, Batch batch);
    }

    /** A bundle as a client handed it in. */
    record Submission(byte[] bytes, Consumer<ServiceReply> reply) { }

    /** A batch that a replica wants checked. */
    static final class Check {
        private final Batch batch;
        private final BatchRef expected;
        private final Consumer<Boolean> done;
        private volatile boolean bad;
        /** Where its leaves stand among those of the turn, bytes. */
        private int leavesAt;

        Check(final Batch batch, final BatchRef expected, final Consumer<Boolean> done) {
            this.batch = batch;
            this.expected = expected;
            this.done = done;
        }
    }

    /** One slot of a ring. */
    private static final class Slot {
        private Submission submission;
        private Bundle bundle;
    }

    Ingest(final Settings settings, final Team team, final Hash chain, final ClientSignatures signatures,
           final Predicate<Bundle> belongs, final Sink sink) {
        this.settings = settings;
        this.team = team;
        this.belongs = belongs;
        this.sink = sink;
        this.lanes = new IngestLane[team.threads()];
        this.inbox = new MpscArrayQueue<>(Math.max(16, settings.ringSize()));
        this.builder = newBatch();
        for (int t = 0; t < team.threads(); t++) {
            lanes[t] = new IngestLane(t, chain, signatures, this::checked);
            final RingBuffer<Slot> ring = RingBuffer.createSingleProducer(Slot::new, settings.ringSize());
            final Sequence sequence = new Sequence();
            ring.addGatingSequences(sequence);
            rings.add(ring);
            taken.add(sequence);
        }
    }

    /** Hands a bundle in; false if there is no room now. Any thread. */
    boolean offer(final Submission submission) {
        heldBytes.addAndGet(submission.bytes().length);
        final boolean offered = inbox.offer(submission);
        if (!offered) {
            letGo(submission);
        }
        return offered;
    }

    private void letGo(final Submission submission) {
        heldBytes.addAndGet(-submission.bytes().length);
    }

    /** Bytes of what was handed in and is neither refused nor told to the sink. Any thread. */
    long heldBytes() {
        return heldBytes.get();
    }

    /**
     * Asks for a batch to be checked. Any thread.
     *
     * @return false if it was before, so that the answer has been given
     */
    boolean check(final Check check) {
        final boolean known = checkedBatches.contains(check.expected, check.batch);
        if (known) {
            check.done.accept(true);
        } else {
            checks.add(check);
        }
        return !known;
    }

    @Override
    public int work() {
        final int count = collect();
        if (count > 0) {
            if (count == 1) {
                forkAlone();
            } else {
                team.parallelFor(0, count, settings.schedule(), fork, settle);
            }
            Arrays.fill(units, 0, count, null);
            answerChecks();
        }
        return count + join();
    }

    @Override
    public long restNs() {
        return waiting == 0 ? 1_000_000_000L : sink.hasRoom()
            ? firstWaitingNs + settings.lingerNs() - System.nanoTime() : 1_000_000L;
    }

    private int collect() {
        int count = 0;
        leavesEnd = 0;
        while (count < UNITS) {
            final Check next = held != null ? held : checks.poll();
            held = null;
            if (next == null) {
                break;
            }
            final int bundles = next.batch.bundles().size();
            if (count + Math.min(bundles, UNITS) > UNITS && count > 0) {
                held = next;
                break;
            }
            count = unitsOf(next, count);
        }
        Submission submission;
        int room = settings.ringSize() - waiting;
        while (count < UNITS && room > 0 && (submission = inbox.poll()) != null) {
            units[count++] = submission;
            room--;
        }
        return count;
    }

    /** Bundles of a batch are checked one by one; of a very large batch, several by one unit. */
    private int unitsOf(final Check check, final int from) {
        inWork.add(check);
        int count = from;
        final int bundles = check.batch.bundles().size();
        check.leavesAt = leavesEnd;
        leavesEnd += bundles * Hash.BYTES;
        ensureLeaves();
        for (int i = 0; i < Math.min(bundles, UNITS); i++) {
            units[count] = check;
            parts[count++] = i;
        }
        return count;
    }

    private void ensureLeaves() {
        if (leavesEnd > leaves.length) {
            leaves = new byte[Math.max(leavesEnd, 2 * leaves.length)]; // nothing is in the old ones yet
        }
    }

    /**
     * One unit is done by the master alone: waking the others for nothing, and waiting for them, would only delay it.
     */
    private void forkAlone() {
        fork(0, 0, 1);
        settle(0);
    }

    private void fork(final int thread, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (units[i] instanceof Check check) {
                for (int part = parts[i]; part < check.batch.bundles().size(); part += UNITS) {
                    final Bundle bundle = check.batch.bundles().get(part);
                    lanes[thread].add(check, bundle);
                    lanes[thread].hasher().leaf(bundle, leaves, check.leavesAt + part * Hash.BYTES);
                }
            } else {
                decode((Submission) units[i], lanes[thread]);
            }
        }
    }

    private void decode(final Submission submission, final IngestLane lane) {
        final Optional<Bundle> bundle = Bundle.parse(submission.bytes(), 0, submission.bytes().length);
        if (bundle.isPresent() && bundle.get().length() == submission.bytes().length) {
            lane.add(submission, bundle.get());
        } else {
            refuse(submission, Hash.ZERO);
        }
    }

    private void settle(final int thread) {
        lanes[thread].settle();
    }

    private void checked(final int thread, final Object owner, final Bundle bundle, final boolean signed) {
        final boolean good = signed && belongs.test(bundle);
        if (owner instanceof Check check) {
            if (!good) {
                check.bad = true;
            }
        } else if (good) {
            admit((Submission) owner, bundle, rings.get(thread));
        } else {
            refuse((Submission) owner, bundle.id());
        }
    }

    private void refuse(final Submission submission, final Hash id) {
        letGo(submission);
        submission.reply().accept(new Submitted(Submitted.Status.INVALID, id, 0, List.of()));
    }

    private static void admit(final Submission submission, final Bundle bundle, final RingBuffer<Slot> ring) {
        final long sequence = ring.next();
        final Slot slot = ring.get(sequence);
        slot.submission = submission;
        slot.bundle = bundle;
        ring.publish(sequence);
    }

    private void answerChecks() {
        for (int i = 0; i < inWork.size(); i++) {
            final Check check = inWork.get(i);
            final boolean good = !check.bad
                && BatchRoot.reduce(tree, check.batch, leaves, check.leavesAt).equals(check.expected);
            if (good) {
                remember(check.expected, check.batch);
            }
            check.done.accept(good);
        }
        inWork.clear();
        waiting = 0;
        waitingBytes = 0;
        for (int t = 0; t < rings.size(); t++) {
            final long last = rings.get(t).getCursor();
            for (long at = taken.get(t).get() + 1; at <= last; at++) {
                waiting++;
                waitingBytes += rings.get(t).get(at).bundle.length();
            }
        }
        if (waiting > 0 && firstWaitingNs == 0) {
            firstWaitingNs = Math.max(1, System.nanoTime());
        }
    }

    private int join() {
        int joined = 0;
        while (waiting > 0 && sink.hasRoom() && isDue()) {
            joined += reduce();
        }
        return joined;
    }

    private boolean isDue() {
        return sink.isIdle() || waitingBytes >= settings.batchBytes() || waiting >= settings.batchBundles()
            || System.nanoTime() - firstWaitingNs >= settings.lingerNs();
    }

    /** Reduces the rings, in the order of the threads, to one batch. */
    private int reduce() {
        int joined = 0;
        boolean full = false;
        for (int t = 0; t < rings.size() && !full; t++) {
            final RingBuffer<Slot> ring = rings.get(t);
            final long last = ring.getCursor();
            long at = taken.get(t).get();
            while (at < last && !full) {
                final Slot slot = ring.get(at + 1);
                full = builder.count() == settings.batchBundles() || !take(slot);
                if (!full) {
                    waiting--;
                    waitingBytes -= slot.bundle.length();
                    slot.bundle = null;
                    slot.submission = null;
                    at++;
                    joined++;
                }
            }
            taken.get(t).set(at);
        }
        firstWaitingNs = waiting == 0 ? 0 : firstWaitingNs;
        if (builder.count() > 0) {
            final Batch batch = builder.build();
            final BatchRef ref = rootOf(batch);
            remember(ref, batch); // its bundles were all checked on their way into the rings
            sink.made(ref, batch);
        }
        return joined;
    }

    private void remember(final BatchRef ref, final Batch batch) {
        if (settings.checkOnce()) {
            checkedBatches.add(ref, batch);
            sink.checked(ref, batch);
        }
    }

    /** Puts a slot's bundle into the batch, unless it is on its way already; false if the batch is full. */
    private boolean take(final Slot slot) {
        if (builder.count() > 0 && builder.size() + slot.bundle.length() > settings.batchBytes()) {
            return false;
        }
        if (sink.admit(slot.bundle, slot.submission.bytes(), slot.submission.reply())) {
            builder.add(slot.bundle);
        }
        letGo(slot.submission);
        return true;
    }

    /** Collects bundles of one batch. */
    BatchBuilder newBatch() {
        return new BatchBuilder(settings.batchBytes());
    }

    /** What a block calls a batch of bundles that were identified; the ingest thread. */
    BatchRef rootOf(final Batch batch) {
        leavesEnd = Hash.BYTES * batch.bundles().size();
        ensureLeaves();
        for (int i = 0; i < batch.bundles().size(); i++) {
            lanes[0].hasher().leaf(batch.bundles().get(i), leaves, i * Hash.BYTES);
        }
        return BatchRoot.reduce(tree, batch, leaves, 0);
    }
}
