package org.ztp.mpi;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far ranks are with their end, by what they say of it: who is still to be asked to stop, for whom it is worth to wait,
 * and who did not end in order. Times are of {@link System#nanoTime}. Any thread may call.
 */
final class LastWords {
    /** So long who hands over may be silent: it says that it does each 15 s. */
    static final long SILENT_NS = 60_000_000_000L;
    /** So often a rank is asked before its silence means anything: one asking may not have reached it. */
    private static final int ASKINGS = 2;

    private final Map<Integer, Said> said = new HashMap<>();
    private final Set<RankLine.Role> passedOn = new HashSet<>();
    private final Set<Integer> expected = new HashSet<>();
    private long apartNs;
    private long begunNs;
    private boolean begun;
    private boolean answered;
    private int askings;
    private long askedNs;

    private record Said(RankLine.Word word, int replica, long atNs) { }

    /** A rank has said how it stands; of a role that another goes on with the end before is over. */
    synchronized void heard(final RankLine line, final long nowNs) {
        final int replica = line.role().map(RankLine.Role::replica).orElse(-1);
        switch (line.word()) {
            case STOPPING, STOPPED, FAILED -> {
                said.put(line.rank(), new Said(line.word(), replica, nowNs));
                answered |= begun;
            }
            case TAKES_OVER -> {
                line.role().ifPresent(passedOn::add);
                said.values().removeIf(one -> one.word() == RankLine.Word.FAILED && one.replica() == replica);
            }
            default -> { } // these are about beginnings
        }
    }

    /**
     * The ranks are to end now. What one of them said before is its own matter: that others end now it does not tell.
     *
     * @param running the ranks that may run
     * @param apart how long after it was asked a rank has answered, if it can
     */
    synchronized void begin(final Set<Integer> running, final long apart, final long nowNs) {
        begun = true;
        expected.addAll(running);
        begunNs = nowNs;
        apartNs = apart;
        askedNs = nowNs - apart;
    }

    /** Those of the ranks that may run which are to be asked now. */
    synchronized Set<Integer> toAsk(final Set<Integer> running, final long nowNs) {
        final Set<Integer> silent = new HashSet<>();
        if (nowNs - askedNs >= apartNs) {
            running.stream().filter(rank -> !isUnderWay(rank, nowNs) && !hasEnded(rank)).forEach(silent::add);
        }
        if (!silent.isEmpty()) {
            askedNs = nowNs;
            askings++;
        }
        return silent;
    }

    /** Ranks were asked; who was found to be gone when that was done first had ended before. */
    synchronized void asked(final Set<Integer> ranks, final Set<Integer> running) {
        if (askings == 1) {
            expected.removeIf(rank -> ranks.contains(rank) && !running.contains(rank) && !said.containsKey(rank));
        }
    }

    /**
     * Whether none of the ranks that may run is worth waiting for: it is about to exit and does not, or has said nothing for
     * long though it hands over, or was asked more than once and does not answer while others do, or nobody does.
     */
    synchronized boolean areSpoken(final Set<Integer> running, final long nowNs) {
        final boolean deaf = askings >= ASKINGS && nowNs - askedNs >= apartNs
            && (answered || nowNs - begunNs >= SILENT_NS);
        return running.stream().allMatch(rank -> hasEnded(rank) ? nowNs - said.get(rank).atNs() >= apartNs
            : !isUnderWay(rank, nowNs) && deaf);
    }

    private boolean isUnderWay(final int rank, final long nowNs) {
        return said.containsKey(rank) && said.get(rank).word() == RankLine.Word.STOPPING
            && nowNs - said.get(rank).atNs() < SILENT_NS;
    }

    private boolean hasEnded(final int rank) {
        return said.containsKey(rank) && said.get(rank).word() != RankLine.Word.STOPPING;
    }

    /** How many ranks have said that they have stopped. */
    synchronized int stopped() {
        return (int) said.values().stream().filter(one -> one.word() == RankLine.Word.STOPPED).count();
    }

    /** Whether most of so many ranks have said that they have stopped, but for those whose roles passed on: they cannot say it. */
    synchronized boolean haveMostStopped(final int ranks) {
        return stopped() > (ranks - passedOn.size()) / 2;
    }

    /** Ranks that ran when the end began and did not end in order, and any that said so of themselves. */
    synchronized Set<Integer> notInOrder() {
        final Set<Integer> left = new HashSet<>(expected);
        left.removeIf(rank -> said.containsKey(rank) && said.get(rank).word() == RankLine.Word.STOPPED);
        said.forEach((rank, one) -> {
            if (one.word() == RankLine.Word.FAILED) {
                left.add(rank);
            }
        });
        return left;
    }
}
