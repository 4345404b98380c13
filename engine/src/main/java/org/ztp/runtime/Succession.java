package org.ztp.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisVoters;
import org.ztp.config.Configuration;
import org.ztp.crypto.KeyFormatException;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.storage.StorageException;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankNetwork;
import org.ztp.transport.RankNotice;
import org.ztp.transport.RankNotice.Appointed;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RankNotice.Presence;
import org.ztp.transport.RankNotice.Superseded;
import org.ztp.transport.RankNotice.Wanted;
import org.ztp.transport.RankTransport;
import org.ztp.transport.RoleTable;
import org.ztp.transport.Voice;

/**
 * Who runs which replica in a run of many ranks: tells the others that this rank lives, lets members give the role of
 * one that is gone to a spare, lets a spare take it, and ends this process when another has its role. Single owner: its
 * thread; what ranks say waits in a bounded queue, of which each has a share, and of what a rank says of itself the
 * newest waits alone.
 */
public final class Succession implements AutoCloseable {
    private static final int QUEUE = 4_096;
    /** So much of what ranks say is taken in each time; a signature may have to be checked for each. */
    private static final int TURN = 256;
    private static final long TICK_NS = 50_000_000L;
    /** So long after a role could not be taken for now it is tried again. */
    private static final long AGAIN_NS = 2_000_000_000L;

    private final ClusterDirectory directory;
    private final Genesis genesis;
    private final RankTransport ranks;
    private final Timing timing;
    private final RoleTable roles;
    private final RankNetwork network;
    private final RankBoard board;
    private final Appointing appointing;
    private final Consumer<String> say;
    private final PeerQueue<Heard> heard;
    /** Of each rank, what it said of itself when that was looked at last. */
    private final Presence[] presences;
    /** Of each member the last one counts, so there are never more than members. */
    private final Map<Integer, Incarnation> appointedBy = new HashMap<>();
    private final Set<Incarnation> refused = new HashSet<>();
    /** When the roles that could not be taken for now were tried last. */
    private final Map<Incarnation, Long> triedNs = new HashMap<>();
    /** The role whose number this rank has, and not yet all that belongs to it. */
    private Optional<Taking> begun = Optional.empty();
    private final CompletableFuture<Seat> seatTaken = new CompletableFuture<>();
    private final CompletableFuture<String> over = new CompletableFuture<>();
    private final DutyThread thread;
    private volatile Seat seat;
    private volatile Claim claim;
    private long lookedNs = System.nanoTime();
    private long beatNs = lookedNs - TICK_NS;
    private long endedSinceNs;

    private record Heard(int rank, Voice voice, RankNotice notice) { }

    /**
     * When things count.
     *
     * @param beatNs how often this rank tells that it lives
     * @param limitNs a rank silent for so long is suspected
     * @param replaceNs a role silent for so long is given away
     */
    record Timing(long beatNs, long limitNs, long replaceNs) {
        static Timing of(final Configuration configuration) {
            return new Timing(Math.max(TICK_NS, configuration.detectorHeartbeatNs()), configuration.detectorLimitNs(),
                configuration.detectorReplaceNs());
        }

        /** A process that is known to have ended counts as gone after so long. */
        long endedNs() {
            return Math.min(limitNs, 3 * beatNs);
        }

        /**
         * So long a quorum may take to appoint a spare before the spare takes the role of an ended process by itself.
         */
        long appointNs() {
            return 2 * limitNs;
        }
    }

    private Succession(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                       final RankTransport ranks, final Consumer<String> say) {
        this.say = say;
        this.directory = directory;
        this.genesis = genesis;
        this.ranks = ranks;
        timing = Timing.of(configuration);
        final VoteSignatures signatures = GenesisVoters.signatures(genesis);
        final int[] numbers = new int[genesis.replicas().size()];
        for (int role = 0; role < numbers.length; role++) {
            numbers[role] = directory.incarnations(role).current();
        }
        roles = new RoleTable(genesis.chain(), ranks.run(), ranks.size(), numbers, signatures);
        board = new RankBoard(roles, ranks.rank(), ranks.size(), System.nanoTime());
        presences = new Presence[ranks.size()];
        heard = new PeerQueue<>(IntStream.range(0, ranks.size()).boxed().toList(), QUEUE, 0, Heard::rank, said -> 0);
        network = new RankNetwork(ranks, roles, this::onNotice);
        appointing = new Appointing(genesis, directory, signatures, roles, board, network, timing);
        thread = new DutyThread("ztp-ranks", this.new Turn(), 0, cause -> over.complete("the ranks' thread failed: " + cause));
    }

    /**
     * Joins a run: a rank whose number is a replica's has that role from the start, the others are spares.
     *
     * @param say told why a role cannot be taken
     * @throws IOException if a file cannot be read
     * @throws KeyFormatException if the node key is malformed, another's, or readable by others
     * @throws StorageException if the replica's directory is in use, or a disk fails
     */
    public static Succession join(final ClusterDirectory directory, final Genesis genesis,
                                  final Configuration configuration, final RankTransport ranks,
                                  final Consumer<String> say)
            throws IOException, KeyFormatException {
        final Succession joined = new Succession(directory, genesis, configuration, ranks, say);
        if (ranks.rank() < genesis.replicas().size()) {
            joined.sit(Seat.first(directory, genesis, ranks.run(), ranks.rank()));
        }
        joined.thread.start();
        return joined;
    }

    private void sit(final Seat taken) {
        final Incarnation own = taken.incarnation();
        final Claim said = new Claim(own, taken.key().signingKey().sign(own.signedBytes(genesis.chain())));
        roles.claim(said);
        claim = said;
        network.speakAs(new Voice(own.role(), own.number()));
        seat = taken;
        seatTaken.complete(taken);
    }

    /** The role of this rank, once it has one. */
    public CompletableFuture<Seat> seat() {
        return seatTaken;
    }

    /** Completed, with the reason, when this process must not go on: another runs its role. */
    public CompletableFuture<String> over() {
        return over;
    }

    RankNetwork network() {
        return network;
    }

    RankBoard board() {
        return board;
    }

    int rank() {
        return ranks.rank();
    }

    /** How many ranks live that have no role. */
    public int spares() {
        return board.freeSpares(timing.limitNs(), System.nanoTime()).size();
    }

    /** Bytes that wait to be sent to a rank. */
    long waitingBytes(final int rank) {
        return ranks.peers().stream().filter(peer -> peer.rank() == rank).mapToLong(PeerState::waitingBytes).sum();
    }

    /** How many of some replicas are heard of, this rank's own among them. */
    long heard(final List<Integer> members) {
        final long nowNs = System.nanoTime();
        return members.stream().filter(role -> role == network.voice().role()
            || board.silentNs(role, nowNs) <= timing.limitNs()).count();
    }

    /** The incarnation of a replica of another rank; -1 if it is not heard of. */
    int incarnation(final int role) {
        return board.silentNs(role, System.nanoTime()) > timing.limitNs() ? -1 : roles.entry(role).number();
    }

    boolean isSilent(final RankBoard.Elsewhere there) {
        return there.silentNs() > timing.limitNs();
    }

    /** The replica of this rank runs; from now on it has a say about the others of its group. */
    void serve(final GroupNode group) {
        appointing.serve(group, seat);
    }

    /** On the transport's thread: nothing is checked here. */
    private void onNotice(final int rank, final Voice voice, final RankNotice notice) {
        if (notice instanceof Presence presence) {
            board.heard(rank, presence, System.nanoTime());
        } else {
            heard.offer(new Heard(rank, voice, notice)); // beyond the bound it is lost, and said again
        }
    }

    /** What ranks said of themselves since it was looked at last: one claim of each. */
    private void lookAtClaims() {
        for (int rank = 0; rank < presences.length; rank++) {
            final Presence presence = board.said(rank);
            if (presence != presences[rank]) {
                presences[rank] = presence;
                final int speaker = rank;
                presence.claim().filter(said -> said.incarnation().rank() == speaker
                    && said.incarnation().role() < roles.roles())
                    .ifPresent(said -> onClaim(speaker, said, board.heardNs(speaker)));
            }
        }
    }

    private void onClaim(final int rank, final Claim said, final long nowNs) {
        final int role = said.incarnation().role();
        if (roles.claim(said)) {
            board.heardRole(role, nowNs);
        } else if (said.incarnation().number() < roles.entry(role).number()) {
            network.refuse(rank, new Voice(role, said.incarnation().number()));
        }
    }

    /** What this thread does each time. */
    private final class Turn implements Duty {
        @Override
        public int work() {
            final long nowNs = System.nanoTime();
            if (nowNs - lookedNs > timing.limitNs() / 2) {
                board.excuse(nowNs);
                endedSinceNs = 0;
            }
            lookedNs = nowNs;
            if (nowNs - beatNs >= timing.beatNs() && appointing.isAwake(nowNs)) {
                beatNs = nowNs;
                network.tellAll(new Presence(Optional.ofNullable(claim), ProcessHandle.current().pid(),
                    appointing.report()));
            }
            lookAtClaims();
            Heard one;
            for (int taken = 0; taken < TURN && (one = heard.poll()) != null; taken++) {
                take(one);
            }
            if (seat == null) {
                look(nowNs);
            } else {
                appointing.look(nowNs);
                checkOwn();
            }
            return 0;
        }

        @Override
        public long restNs() {
            return TICK_NS;
        }
    }

    private void take(final Heard one) {
        final boolean member = roles.judge(one.rank, one.voice) == RoleTable.Verdict.CURRENT;
        if (one.notice instanceof Superseded superseded) {
            if (seat != null && superseded.by().incarnation().role() == seat.incarnation().role()) {
                roles.claim(superseded.by()); // of other roles their ranks themselves tell
            }
        } else if (member && one.notice instanceof Wanted wanted) {
            appointing.words().add(one.voice.role(), wanted.next(), wanted.signature());
        } else if (member && one.notice instanceof Appointed appointed && seat == null
            && appointed.next().run() == ranks.run() && appointed.next().rank() == ranks.rank()
            && groupOf(appointed.next().role()).contains(one.voice.role())) {
            appointedBy.put(one.voice.role(), appointed.next());
        }
    }

    private List<Integer> groupOf(final int role) {
        return genesis.subClusters().stream().map(group -> group.members()).filter(members -> members.contains(role))
            .findFirst().orElse(List.of());
    }

    /** Another runs the role, by its own word, the ledger's, or the mark in the directory. */
    private void checkOwn() {
        if (!appointing.failure().isEmpty()) {
            over.complete("replica " + seat.incarnation().role() + " cannot go on: " + appointing.failure());
        }
        final Incarnation own = seat.incarnation();
        final int known = roles.entry(own.role()).number();
        if (known > own.number() || seat.superseded().getAsBoolean()) {
            network.silence();
            over.complete("replica " + own.role() + " has a later incarnation than this process: own=" + own.number()
                + " known=" + Math.max(known, directory.incarnations(own.role()).current()));
        }
    }

    /** A spare: it takes a role when enough members say so, or none can and the old process is known to have ended. */
    private void look(final long nowNs) {
        if (begun.isPresent()) {
            if (nowNs - triedNs.get(begun.get().next()) >= AGAIN_NS) {
                take(begun.get(), nowNs);
            }
            return;
        }
        for (final Incarnation next : Set.copyOf(appointedBy.values())) {
            final long members = appointedBy.values().stream().filter(next::equals).count();
            if (members > (groupOf(next.role()).size() - 1) / 3 && take(next, nowNs)) {
                return;
            }
        }
        final Optional<Incarnation> mine = forEnded(nowNs);
        if (mine.isEmpty()) {
            endedSinceNs = 0;
        } else if (endedSinceNs == 0) {
            endedSinceNs = nowNs;
        } else if (nowNs - endedSinceNs > timing.appointNs()) {
            endedSinceNs = 0;
            take(mine.get(), nowNs);
        }
    }

    private Optional<Incarnation> forEnded(final long nowNs) {
        try {
            return appointing.forEnded(ranks.rank(), nowNs);
        } catch (final UncheckedIOException unreadable) {
            return Optional.empty(); // the shared directory does not tell, for now
        }
    }

    /**
     * Takes a role, unless another has it; what its directory does not allow now is tried again, since a spare that gives it
     * up leaves the role to nobody.
     *
     * @return whether this rank has it now
     */
    private boolean take(final Incarnation next, final long nowNs) {
        appointedBy.values().removeIf(next::equals);
        final Long tried = triedNs.get(next);
        if (refused.contains(next) || tried != null && nowNs - tried < AGAIN_NS) {
            return false;
        }
        return take(new Taking(directory, genesis, next), nowNs);
    }

    private boolean take(final Taking taking, final long nowNs) {
        final Incarnation next = taking.next();
        begun = Optional.empty();
        try {
            final Optional<Seat> taken = taking.seat();
            if (taken.isPresent()) {
                sit(taken.get());
            } else {
                refused.add(next);
                taking.close();
            }
        } catch (final KeyFormatException | IOException | UncheckedIOException | StorageException now) {
            begun = Optional.of(taking).filter(Taking::hasNumber);
            if (begun.isEmpty()) {
                taking.close();
            }
            if (triedNs.put(next, nowNs) == null) {
                say.accept("replica " + next.role() + " cannot be taken over as incarnation " + next.number() + ": " + now
                    + "; it is tried again");
            }
        }
        return seat != null;
    }

    /** Says nothing more; the seat stays who serves it. */
    @Override
    public void close() {
        thread.stop();
        begun.ifPresent(Taking::close);
        network.silence();
    }
}
