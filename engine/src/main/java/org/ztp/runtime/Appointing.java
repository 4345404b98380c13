package org.ztp.runtime;

import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.contract.rules.SharingState;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.ledger.state.StateReader;
import org.ztp.transport.RankNetwork;
import org.ztp.transport.RankNotice.Appointed;
import org.ztp.transport.RankNotice.Report;
import org.ztp.transport.RankNotice.Wanted;
import org.ztp.transport.RoleTable;
import org.ztp.wire.Hash;

/**
 * A member's part when roles pass on: it gives its word about the members of its group that are gone, hands in what
 * enough words make, and appoints whom the ledger names. Which spare is for which role follows from what is heard, so
 * members agree in the end. Owned by the thread of {@link Succession}.
 */
final class Appointing {
    private static final long AGAIN_NS = 2_000_000_000L;
    private static final long ASLEEP_NS = 2_000_000_000L;

    private final Genesis genesis;
    private final ClusterDirectory directory;
    private final RoleTable roles;
    private final RankBoard board;
    private final RankNetwork network;
    private final Succession.Timing timing;
    private final WantedWords words;
    private final SecureRandom random = new SecureRandom();
    private final Map<Incarnation, Long> submittedNs = new HashMap<>();
    /** The highest incarnation of each role that had begun when it was looked for last. */
    private final int[] begun;
    private volatile GroupNode group;
    private volatile Seat seat;

    Appointing(final Genesis genesis, final ClusterDirectory directory, final VoteSignatures signatures,
               final RoleTable roles, final RankBoard board, final RankNetwork network, final Succession.Timing timing) {
        this.genesis = genesis;
        this.directory = directory;
        this.roles = roles;
        this.board = board;
        this.network = network;
        this.timing = timing;
        begun = new int[roles.roles()];
        words = new WantedWords(genesis.chain(), signatures, roles, role -> genesis.subClusterOf(role).members());
    }

    void serve(final GroupNode node, final Seat own) {
        seat = own;
        group = node;
    }

    WantedWords words() {
        return words;
    }

    /** Whether the replica's own threads turn, if it runs; one that does not is not said to live. */
    boolean isAwake(final long nowNs) {
        final GroupNode node = group;
        return node == null || nowNs - replica(node).lookedNs() < ASLEEP_NS;
    }

    private Replica replica(final GroupNode node) {
        return node.roster().replica(seat.incarnation().role());
    }

    /** Why this rank cannot go on: its replica has halted, or it takes nothing in any more; empty while it can. */
    String failure() {
        final GroupNode node = group;
        return node == null ? "" : replica(node).haltedBecause() + node.failure();
    }

    /** How the replica of this rank stands. */
    Optional<Report> report() {
        final GroupNode node = group;
        return node == null ? Optional.empty() : Optional.of(report(replica(node)));
    }

    /** How a replica of this process stands. */
    static Report report(final Replica replica) {
        final ReplicaDuty.Position standing = replica.standing();
        return new Report(replica.condition(), standing.view(), standing.leader(), standing.finalHeight(),
            replica.indexedHeight(), standing.epoch(), standing.mute(), replica.suspected().stream().sorted().limit(Report.MAX_SUSPECTS)
            .toList(), replica.lastGap().millis(), replica.lastGap().endMillis());
    }

    /** What a member does now and then. */
    void look(final long nowNs) {
        final GroupNode node = group;
        if (node == null || !replica(node).isRunning()) {
            return;
        }
        learn(node, nowNs);
        words.forgetPast();
        submittedNs.keySet().removeIf(next -> next.number() < roles.entry(next.role()).number());
        final Map<Integer, Integer> spares = spares(gone(nowNs, false), nowNs);
        for (final int role : node.group().members()) {
            final Integer spare = spares.get(role);
            if (spare != null) {
                want(new Incarnation(role, roles.entry(role).number() + 1, seat.incarnation().run(), spare), node, nowNs);
            }
            appoint(role);
        }
        tellOwn(node, nowNs);
    }

    /** The ledger says who runs what. */
    private void learn(final GroupNode node, final long nowNs) {
        final SharingState state = new SharingState((StateReader) replica(node).state());
        for (final int role : node.group().members()) {
            final int before = roles.entry(role).number();
            state.incarnation(role).ifPresent(roles::decided);
            if (roles.entry(role).number() > before) {
                board.heardRole(role, nowNs); // it has as long to be heard as any other
            }
        }
    }

    /**
     * Roles whose process is silent for too long, or known to have ended, in their order. The mark of an end may be of a run
     * before this one, whose rank is only late now: it counts at once only for whom this run has heard.
     */
    private List<Integer> gone(final long nowNs, final boolean endedOnly) {
        final List<Integer> gone = new ArrayList<>();
        for (int role = 0; role < roles.roles(); role++) {
            final long silentNs = board.silentNs(role, nowNs);
            final boolean own = seat != null && seat.incarnation().role() == role;
            final long endedNs = roles.entry(role).claim().isPresent() ? timing.endedNs() : timing.replaceNs();
            if (!own && (!endedOnly && silentNs > timing.replaceNs() || silentNs > endedNs
                && directory.incarnations(role).isEnded(roles.entry(role).number())) && hasNext(role)) {
                gone.add(role);
            }
        }
        return gone;
    }

    /**
     * Whether a process could be the next incarnation of a role: one whose key has told of numbers that nobody reaches has
     * none, and keeps no spare from other roles.
     */
    private boolean hasNext(final int role) {
        final int next = roles.entry(role).number() + 1;
        if (next - begun[role] > IncarnationFiles.GAP_MAX) {
            begun[role] = current(role);
        }
        return next <= Incarnation.NUMBER_MAX && next - begun[role] <= IncarnationFiles.GAP_MAX;
    }

    /** The highest incarnation of a role that has begun; what was known of it if the directory does not tell now. */
    private int current(final int role) {
        try {
            return directory.incarnations(role).current();
        } catch (final UncheckedIOException unreadable) {
            return begun[role];
        }
    }

    /** The first spare is for the first role, and so on. */
    private Map<Integer, Integer> spares(final List<Integer> gone, final long nowNs) {
        final List<Integer> free = board.freeSpares(timing.limitNs(), nowNs);
        final Map<Integer, Integer> spares = new HashMap<>();
        for (int i = 0; i < Math.min(gone.size(), free.size()); i++) {
            spares.put(gone.get(i), free.get(i));
        }
        return spares;
    }

    /** The role that a spare may take by itself, if its old process is known to have ended. */
    Optional<Incarnation> forEnded(final int rank, final long nowNs) {
        final Map<Integer, Integer> spares = spares(gone(nowNs, true), nowNs);
        return spares.entrySet().stream().filter(one -> one.getValue() == rank).map(Map.Entry::getKey).findFirst()
            .map(role -> new int[] {role, Math.max(roles.entry(role).number(), directory.incarnations(role).current())})
            .filter(last -> last[1] < Incarnation.NUMBER_MAX)
            .map(last -> new Incarnation(last[0], last[1] + 1, network.run(), rank));
    }

    private void want(final Incarnation next, final GroupNode node, final long nowNs) {
        final int self = seat.incarnation().role();
        final byte[] signature = seat.key().signingKey().sign(next.signedBytes(genesis.chain()));
        words.add(self, next, signature);
        node.group().members().stream().filter(member -> member != self && roles.rank(member) >= 0)
            .forEach(member -> network.tell(roles.rank(member), new Wanted(next, signature)));
        words.complete(next, node.group().quorum()).ifPresent(enough -> submit(enough, node, nowNs,
            replica(node).standing().leader() == self ? 0 : timing.limitNs()));
    }

    /** Hands a transaction in, not before it has been ready for so long, and again if it does not become final. */
    private void submit(final TakeOver ready, final GroupNode node, final long nowNs, final long waitNs) {
        final Long last = submittedNs.putIfAbsent(ready.next(), nowNs + waitNs - AGAIN_NS);
        if ((last == null ? nowNs + waitNs - AGAIN_NS : last) + AGAIN_NS - nowNs > 0) {
            return;
        }
        submittedNs.put(ready.next(), nowNs);
        final byte[] submission = new byte[Bundle.SUBMISSION_BYTES];
        random.nextBytes(submission);
        final BundleBuilder builder = new BundleBuilder(genesis.chain(),
            Hash.copyOf(seat.key().signingKey().verifyKey().bytes(), 0), submission, seat.key().signingKey()::sign);
        final byte[] transaction = ready.encode();
        builder.add(transaction, 0, transaction.length);
        node.submit(builder.seal(0).array(), reply -> { });
    }

    /** Whom the ledger names, and who has not said anything yet, is told. */
    private void appoint(final int role) {
        final RoleTable.Entry entry = roles.entry(role);
        if (entry.number() > 0 && entry.rank() >= genesis.replicas().size() && entry.claim().isEmpty()) {
            network.tell(entry.rank(), new Appointed(new Incarnation(role, entry.number(), seat.incarnation().run(),
                entry.rank())));
        }
    }

    /** A role that was taken without the ledger, since there was no quorum, is recorded as soon as there is one. */
    private void tellOwn(final GroupNode node, final long nowNs) {
        final Incarnation own = seat.incarnation();
        final int recorded = new SharingState((StateReader) replica(node).state()).incarnation(own.role())
            .map(Incarnation::number).orElse(0);
        if (recorded < own.number() && node.roster().hasQuorum()) {
            final Word word = new Word(own.role(), seat.key().signingKey().sign(own.signedBytes(genesis.chain())));
            submit(new TakeOver(own, List.of(word)), node, nowNs, 0);
        }
    }
}
