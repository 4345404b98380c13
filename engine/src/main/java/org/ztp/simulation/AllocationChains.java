package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.ztp.consensus.Action.Finalized;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Outcome.Code;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;

/**
 * The final chains of all sub-clusters, checked as they grow ({@link Invariants}): each outcome is what the contract
 * means ({@link SharingModel}); shares are given for what that allows; epochs vouch for nothing else.
 */
final class AllocationChains {
    private final Allocation world;
    private final SharingModel model;
    private final Map<Hash, Submitted> submitted = new HashMap<>();
    private final Map<Hash, Final> finals = new HashMap<>();
    /** By sub-cluster: the height of the last block that holds batches. */
    private final Map<Integer, Long> filled = new HashMap<>();
    private final Set<Hash> knownEpochs = new HashSet<>();
    /** By sub-cluster: the epoch that its chain named last. */
    private final Map<Integer, Epoch> named = new HashMap<>();
    private final BiConsumer<Submitted, Final> told;
    private final List<Given> early = new ArrayList<>();

    /** What came of a bundle: where it is final, and its transaction's outcome. */
    record Final(long height, Code code) { }

    /** Shares that a replica gave, as its ledger was at a height. */
    private record Given(int replica, int subCluster, long height, TransactionId request) { }

    /** Chains; each bundle is told of when it has become final. */
    AllocationChains(final Allocation world, final SharingModel model, final BiConsumer<Submitted, Final> told) {
        this.world = world;
        this.model = model;
        this.told = told;
        world.worlds.forEach(one -> one.invariants.onFirst = said -> first(one.group.subCluster(), said));
    }

    /** A client hands something in. */
    void submitted(final Submitted one) {
        submitted.put(one.id(), one);
        world.worlds.get(one.home()).invariants.submitted(one.id());
    }

    /** What came of a bundle; empty while nobody says that it is final. */
    Optional<Final> of(final Hash bundle) {
        return Optional.ofNullable(finals.get(bundle));
    }

    /** Height of a sub-cluster's chain. */
    long height(final int subCluster) {
        return world.worlds.get(subCluster).invariants.height();
    }

    private void first(final int subCluster, final Finalized said) {
        checkNamed(subCluster, said.block().block());
        if (!said.block().batches().isEmpty()) {
            filled.put(subCluster, said.block().block().height());
        }
        effects(said, said.block().block().height());
        final List<Given> due = early.stream().filter(one -> one.subCluster == subCluster
            && one.height <= height(subCluster)).toList();
        early.removeAll(due);
        due.forEach(this::check);
    }

    /**
     * An honest replica gives its shares for a request, as its ledger was at a height. What nobody has told of yet is
     * waited for.
     */
    void gives(final int replica, final long height, final TransactionId request) {
        final int home = world.worldOf(replica).group.subCluster();
        Invariants.require(!model.isClosedSince(request, world.worldOf(replica).faults.behindAtMostNs()), "replica " + replica
            + " gives shares for " + request + " as of height " + height + ", long after its seeker was revoked");
        final Given given = new Given(replica, home, height, request);
        if (height > height(home)) {
            early.add(given);
        } else {
            check(given);
        }
    }

    private void check(final Given given) {
        Invariants.require(model.mayBeGiven(given.request, given.height), "replica " + given.replica
            + " gives shares for " + given.request + ", which its ledger does not allow at height " + given.height);
    }

    private void effects(final Finalized said, final long height) {
        final Map<List<Integer>, Outcome> outcomes = new HashMap<>();
        said.executed().outcomes().forEach(outcome -> outcomes.put(List.of(outcome.batch(), outcome.bundle()), outcome));
        for (int b = 0; b < said.block().batches().size(); b++) {
            final List<Bundle> bundles = said.block().batches().get(b).bundles();
            for (int i = 0; i < bundles.size(); i++) {
                final Submitted one = submitted.get(bundles.get(i).id());
                final Outcome outcome = outcomes.get(List.of(b, i));
                if (!finals.containsKey(one.id())) {
                    effect(one, height, outcome);
                } else {
                    Invariants.require(outcome != null && outcome.code() == Code.DUPLICATE, "took effect twice: " + one);
                }
            }
        }
    }

    private void effect(final Submitted one, final long height, final Outcome outcome) {
        final Code code = outcome == null ? Code.ACCEPTED : outcome.code();
        final Code expected = one.what() == null ? Code.ACCEPTED : model.take(one, height);
        Invariants.require(code == expected, "outcome of " + one.what() + ": expected=" + expected + " actual=" + outcome);
        if (one.what() != null) {
            world.course.count(one.what().getClass().getSimpleName() + " " + code);
        }
        finals.put(one.id(), new Final(height, code));
        told.accept(one, finals.get(one.id()));
    }

    /** A replica knows an epoch: each of its heads is certified, and is the block at its height. */
    void check(final Epoch epoch) {
        final boolean isNew = knownEpochs.add(epoch.root());
        if (isNew) {
            world.course.count("epochs");
        }
        Invariants.require(epoch.heads().size() == world.worlds.size(), "heads of epoch " + epoch.number()
            + ": expected=" + world.worlds.size() + " actual=" + epoch.heads().size());
        for (int i = 0; i < epoch.heads().size(); i++) {
            final EpochHead head = epoch.heads().get(i);
            if (head.height() > 0) {
                world.worlds.get(i).invariants.certified(head.certificate());
            }
            if (isNew && head.carried()) {
                world.course.count("heads carried on");
            }
        }
    }

    /** A final block names the epoch that its parent names, or holds a newer one, in which no head goes back. */
    private void checkNamed(final int subCluster, final Block block) {
        final Epoch before = named.get(subCluster);
        final long number = before == null ? 0 : before.number();
        if (block.epoch().isPresent()) {
            final Epoch epoch = block.epoch().get();
            check(epoch);
            for (int i = 0; i < epoch.heads().size(); i++) {
                Invariants.require(before == null || epoch.heads().get(i).height() >= before.heads().get(i).height(),
                    "a head goes back at height " + block.height() + ": " + before + " " + epoch);
            }
            Invariants.require(epoch.number() > number, "an epoch goes back at height " + block.height());
            named.put(subCluster, epoch);
        }
        final long now = named.containsKey(subCluster) ? named.get(subCluster).number() : 0;
        Invariants.require(block.header().epoch() == now, "an epoch that nobody knows is named at height " + block.height());
    }

    /**
     * Whether an epoch vouches for all batches that are final in the sub-clusters that must go on. A liar that leads may make
     * blocks without any for ever, and no epoch is about the newest of them.
     */
    boolean isCovered(final Epoch epoch) {
        for (int i = 0; i < epoch.heads().size(); i++) {
            if (world.worlds.get(i).faults.mustBeLive() && epoch.heads().get(i).height() < filled.getOrDefault(i, 0L)) {
                return false;
            }
        }
        return true;
    }
}
