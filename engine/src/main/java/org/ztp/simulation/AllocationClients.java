package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

/** The clients of an allocation: what they have handed in, and what must come of it; and what replicas tell them. */
final class AllocationClients implements SharingCores.Surroundings {
    final AllocationChains chains;
    private final Allocation world;
    private final List<SimulatedSubCluster> subClusters;
    private final SharingModel model;
    private final SharingWorkload workload;
    private final ThreadHashing hashing;
    private final ReceiptReader receipts;
    private final Map<Integer, TreeMap<Long, Finalized>> ledgers = new HashMap<>();
    private final Map<Hash, Submitted> expected = new LinkedHashMap<>();
    private final Map<Hash, SharedDataset> datasets = new LinkedHashMap<>();
    private final Map<Hash, KeySeeker> seekers = new LinkedHashMap<>();

    /**
     * Clients that have done nothing yet.
     *
     * @param subClusters may be filled until they do
     */
    AllocationClients(final Allocation world, final List<SimulatedSubCluster> subClusters) {
        this.world = world;
        this.subClusters = subClusters;
        hashing = new ThreadHashing(world.chain);
        model = new SharingModel(world);
        chains = new AllocationChains(world, model, this::onFinal);
        workload = new SharingWorkload(world, model);
        receipts = new ReceiptReader(world);
    }

    /** Somebody does something. */
    void submitOne() {
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
                world.course.count("bundles resubmitted");
                world.timeline.at(world.course.soonNs(2 * SECOND), () -> deliver(one));
            }
        }
    }

    /** What is not final yet and will be asked for. */
    List<Submitted> open() {
        return expected.values().stream().filter(one -> chains.of(one.id()).isEmpty()).toList();
    }

    private boolean mustBeLive(final int subCluster) {
        return world.worlds.get(subCluster).faults.mustBeLive();
    }

    /** What is not final though it must be in the end. */
    List<Submitted> awaited() {
        return open().stream().filter(one -> mustBeLive(one.home())).toList();
    }

    /** How many seekers have no keys, though they must get them in the end. */
    long waiting() {
        return seekers.values().stream().filter(one -> mustBeLive(one.request.home()) && !one.isDone()
            && model.isAllowed(one.request.transaction())).count();
    }

    private List<SimulatedReplica> members(final int subCluster) {
        return subClusters.get(subCluster).replicas();
    }

    /** Somebody of a sub-cluster whom clients reach. */
    private Optional<SimulatedReplica> any(final int subCluster) {
        final List<SimulatedReplica> up = members(subCluster).stream().filter(SimulatedReplica::isUp).toList();
        return up.isEmpty() ? Optional.empty() : Optional.of(up.get(world.random.nextInt(up.size())));
    }

    /** Hands something in, once more perhaps. */
    void deliver(final Submitted one) {
        any(one.home()).ifPresent(gateway -> {
            final BatchBuilder builder = new BatchBuilder(1 << 20);
            builder.add(one.bundle());
            final Batch batch = builder.build();
            gateway.step(new Event.BatchMade(hashing.identify(batch).orElseThrow(), batch));
        });
    }

    private void onFinal(final Submitted one, final AllocationChains.Final came) {
        if (one.what() instanceof Request) {
            world.timeline.at(world.course.soonNs(3 * SECOND), () -> tryKeys(one));
        }
        if (!one.mortal() && world.random.nextInt(3) == 0) {
            world.timeline.at(world.course.soonNs(2 * SECOND), () -> readReceipt(one, came));
        }
        final Hash request = one.what() instanceof Request ? one.id()
            : one.what() instanceof Approve approve ? approve.request().bundle() : null;
        if (came.code() == Code.ALLOWED && !expected.getOrDefault(request, one).mortal() && expected.containsKey(request)) {
            final KeySeeker seeker = new KeySeeker(expected.get(request), world, model, members(one.home()),
                evidence -> submit(workload.evidence(expected.get(request), evidence)));
            seekers.put(request, seeker);
            world.timeline.at(world.course.soonNs(SECOND), seeker::ask);
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
        world.course.count("shares given");
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
