package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.ztp.consensus.Action.Finalized;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Group;
import org.ztp.consensus.Message;
import org.ztp.consensus.Recovered;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.ThreadHashing;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.StateMachine;
import org.ztp.runtime.DrivenStore;
import org.ztp.wire.Hash;

/** What must hold after every step, whatever fails. It trusts nothing of what it checks: quorums are counted here. */
final class Invariants {
    private final Group group;
    private final SignatureCheck signatures;
    private final int quorum;
    private final ThreadHashing hashing;
    private final Map<Long, Hash> heads = new HashMap<>();
    private final Map<Long, Hash> digests = new HashMap<>();
    private final Map<Long, Long> timesMillis = new HashMap<>();
    private final Map<Long, Boolean> holdEpochs = new HashMap<>();
    private final Map<Hash, Long> effective = new HashMap<>();
    private final Set<Hash> submitted = new HashSet<>();
    private final Map<Integer, Conduct> conducts = new HashMap<>();
    private final Map<Integer, Long> heights = new HashMap<>();
    /** By replica: the last height of which it had a certificate. */
    private final Map<Integer, Long> certified = new HashMap<>();
    /** Who told of a block first is told of in turn, in the order of heights. */
    Consumer<Finalized> onFirst = said -> { };
    private long top;
    private LedgerState last;

    Invariants(final Group group, final SignatureCheck signatures) {
        this.group = group;
        this.signatures = signatures;
        this.hashing = new ThreadHashing(group.chain());
        int enough = 1;
        while (2 * enough - group.size() <= group.faults()) {
            enough++;
        }
        this.quorum = enough;
        group.members().forEach(member -> conducts.put(member, new Conduct(member)));
    }

    void submitted(final Hash bundle) {
        submitted.add(bundle);
    }

    /**
     * A replica starts at what it finds on its disk. Its last final blocks may be some that nobody has told of yet: it
     * crashed after a certificate was durable. They are looked at as if it told of them now.
     *
     * @param found where it starts
     * @param store what it has on its disk
     */
    void started(final int replica, final Recovered found, final DrivenStore store) {
        final long height = found.height();
        heights.put(replica, height);
        certified.put(replica, 0L);
        store.headCertificate().ifPresent(head -> {
            certified(head);
            certified.put(replica, head.height());
        });
        if (found.gap()) {
            goesOn(replica, found);
            return;
        }
        while (top < height) {
            final List<FinalBlock> blocks = store.finalBlocksFrom(top + 1).map(Message.FinalBlocks::blocks)
                .orElse(List.of());
            require(!blocks.isEmpty(), "replica " + replica + " starts at height " + height + " and has no block "
                + (top + 1));
            blocks.forEach(block -> told(executed(block, store.machine())));
        }
        if (height > 0) {
            require(heads.get(height).equals(found.block()), "two final blocks at height " + height + ": "
                + heads.get(height) + " and " + found.block());
            require(digests.get(height).equals(found.state().digest()), "state digests differ at " + height);
        }
    }

    /** A replica goes on from a snapshot: it has the state that all others have there, or will have. */
    private void goesOn(final int replica, final Recovered found) {
        final Hash head = heads.putIfAbsent(found.height(), found.block());
        require(head == null || head.equals(found.block()), "replica " + replica + " goes on from another block at height "
            + found.height() + ": " + head + " and " + found.block());
        final Hash digest = digests.putIfAbsent(found.height(), found.state().digest());
        require(digest == null || digest.equals(found.state().digest()), "replica " + replica
            + " goes on from another state at height " + found.height());
        timesMillis.putIfAbsent(found.height(), found.timeMillis());
    }

    private Finalized executed(final FinalBlock block, final StateMachine machine) {
        block.batches().forEach(hashing::identify);
        return new Finalized(block, machine.execute(last == null ? machine.genesis() : last, block.block(),
            block.batches()));
    }

    /** There is a certificate that makes a block final, whether anybody has told of that or not. */
    void certified(final Certificate commit) {
        require(commit.phase() == Phase.COMMIT && isCertified(commit), "certificate does not hold at "
            + commit.height());
        final Hash known = heads.putIfAbsent(commit.height(), commit.block());
        require(known == null || known.equals(commit.block()), "two final blocks at height " + commit.height() + ": "
            + known + " and " + commit.block());
    }

    /** What a replica has said in all its lives. */
    Conduct of(final int replica) {
        return conducts.get(replica);
    }

    /** A replica says that a block is final. */
    void finalized(final int replica, final Finalized said) {
        final long height = said.block().block().height();
        require(height == heights.getOrDefault(replica, 0L) + 1, "replica " + replica + " jumps to height " + height);
        heights.put(replica, height);
        told(said);
        if (said.block().certificate().isPresent()) {
            certified.put(replica, height);
        }
    }

    /** The last block that a replica calls final has a certificate, which was looked at. */
    void requireCertified(final int replica) {
        final long height = heights.getOrDefault(replica, 0L);
        final long proven = certified.getOrDefault(replica, 0L);
        require(proven == height, "replica " + replica + " has no certificate of its last final block: expected=" + height
            + " actual=" + proven);
    }

    private void told(final Finalized said) {
        final long height = said.block().block().height();
        final Hash hash = said.block().block().hash();
        final Hash known = heads.putIfAbsent(height, hash);
        require(known == null || known.equals(hash), "two final blocks at height " + height + ": " + known + " and " + hash);
        final Hash digest = digests.putIfAbsent(height, said.executed().after().digest());
        require(digest == null || digest.equals(said.executed().after().digest()), "state digests differ at " + height);
        require(BlockRoot.of(said.block().block().batches()).equals(said.block().block().header().transactionsRoot()),
            "the root of the batches is not the block's at " + height);
        final boolean holds = said.block().block().epoch().isPresent();
        require(holds == holdEpochs.computeIfAbsent(height, absent -> holds), "who holds an epoch in the block at " + height
            + " and who does not have other bytes there");
        final long millis = said.block().block().header().timeMillis();
        require(height == 1 || millis >= timesMillis.get(height - 1), "time goes back at " + height);
        timesMillis.put(height, millis);
        said.block().certificate().ifPresent(certificate -> require(certificate.phase() == Phase.COMMIT
            && certificate.block().equals(hash) && isCertified(certificate), "certificate does not hold at " + height));
        said.block().certificate().ifPresent(certificate -> certificate.votes().forEach(vote -> conducts
            .get(vote.replica()).helped(certificate)));
        if (height == top + 1) {
            top = height;
            last = said.executed().after();
            effects(said, height);
            onFirst.accept(said);
        }
    }

    /** Whether a quorum of members, each once, signed this. */
    private boolean isCertified(final Certificate certificate) {
        final byte[] message = Certificate.votedBytes(group.chain(), group.subCluster(), certificate.phase(),
            certificate.view(), certificate.height(), certificate.block());
        return certificate.votes().stream().filter(vote -> group.contains(vote.replica())
            && signatures.check(vote.replica(), message, vote.bytes())).map(Certificate.Signature::replica).distinct()
            .count() >= quorum;
    }

    private void effects(final Finalized said, final long height) {
        final Set<List<Integer>> without = new HashSet<>();
        for (final Outcome outcome : said.executed().outcomes()) {
            without.add(List.of(outcome.batch(), outcome.bundle()));
        }
        for (int b = 0; b < said.block().batches().size(); b++) {
            final List<Bundle> bundles = said.block().batches().get(b).bundles();
            for (int i = 0; i < bundles.size(); i++) {
                final Hash id = bundles.get(i).id();
                require(submitted.contains(id), "bundle that nobody submitted: " + id);
                if (!without.contains(List.of(b, i))) {
                    require(effective.put(id, height) == null, "bundle took effect twice: " + id);
                }
            }
        }
    }

    /** Those of some bundles that have not taken effect. */
    List<Hash> open(final Iterable<Hash> bundles) {
        final List<Hash> open = new ArrayList<>();
        bundles.forEach(id -> {
            if (!effective.containsKey(id)) {
                open.add(id);
            }
        });
        return open;
    }

    int effects() {
        return effective.size();
    }

    long height() {
        return top;
    }

    static void require(final boolean holds, final String violation) {
        if (!holds) {
            throw new InvariantViolation(violation);
        }
    }
}
