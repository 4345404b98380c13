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
import org.ztp.consensus.Recovered;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Outcome.Code;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.wire.Hash;

/**
 * The final chains of all sub-clusters, checked as they grow: one block a height, certificates, equal states
 * ({@link Invariants}); each outcome is what the contract means ({@link SharingModel}); epochs vouch for nothing else.
 */
final class AllocationChains {
    private final Allocation world;
    private final SharingModel model;
    private final List<Invariants> chains = new ArrayList<>();
    private final List<List<Hash>> blocks = new ArrayList<>();
    private final Map<Hash, Submitted> submitted = new HashMap<>();
    private final Map<Hash, Final> finals = new HashMap<>();
    private final Set<Hash> checkedEpochs = new HashSet<>();
    private final BiConsumer<Submitted, Final> told;

    /** What came of a bundle: where it is final, and its transaction's outcome. */
    record Final(long height, Code code) { }

    /** Chains; each bundle is told of when it has become final. */
    AllocationChains(final Allocation world, final SharingModel model, final BiConsumer<Submitted, Final> told) {
        this.world = world;
        this.model = model;
        this.told = told;
        world.groups.forEach(group -> {
            chains.add(new Invariants(group, world.votes));
            blocks.add(new ArrayList<>());
        });
    }

    /** A client hands something in. */
    void submitted(final Submitted one) {
        submitted.put(one.id(), one);
        chains.get(one.home()).submitted(one.id());
    }

    /** What came of a bundle; empty while nobody says that it is final. */
    Optional<Final> of(final Hash bundle) {
        return Optional.ofNullable(finals.get(bundle));
    }

    /** Height of a sub-cluster's chain. */
    long height(final int subCluster) {
        return blocks.get(subCluster).size();
    }

    void started(final int replica, final Recovered found) {
        chains.get(world.groupOf(replica).subCluster()).started(replica, found);
    }

    void finalized(final int replica, final Finalized said) {
        final int subCluster = world.groupOf(replica).subCluster();
        chains.get(subCluster).finalized(replica, said);
        final long height = said.block().block().height();
        if (height > height(subCluster)) {
            blocks.get(subCluster).add(said.block().block().hash());
            effects(said, height);
        }
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
            world.count(one.what().getClass().getSimpleName() + " " + code);
        }
        finals.put(one.id(), new Final(height, code));
        told.accept(one, finals.get(one.id()));
    }

    /** A replica knows an epoch: each of its heads is certified, and is the block at its height. */
    void check(final Epoch epoch) {
        if (checkedEpochs.add(epoch.root())) {
            world.count("epochs");
            Epochs.checkHeads(epoch, Optional.empty(), world.voters).ifPresent(wrong -> {
                throw new InvariantViolation("epoch " + epoch.number() + ": " + wrong);
            });
            for (int i = 0; i < epoch.heads().size(); i++) {
                final EpochHead head = epoch.heads().get(i);
                Invariants.require(head.height() <= height(i) && (head.height() == 0
                    || blocks.get(i).get((int) head.height() - 1).equals(head.block())), "epoch " + epoch.number()
                    + " vouches for another block of sub-cluster " + i + " at " + head.height());
                if (head.carried()) {
                    world.count("heads carried on");
                }
            }
        }
    }

    /** Whether an epoch vouches for all that is final. */
    boolean isCovered(final Epoch epoch) {
        for (int i = 0; i < epoch.heads().size(); i++) {
            if (epoch.heads().get(i).height() < height(i)) {
                return false;
            }
        }
        return true;
    }
}
