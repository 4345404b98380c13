package org.ztp.mpi;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which of the ranks that were started come up. One that does not come before MPI has brought all together holds up every
 * other one for ever; one that is gone after that is missed by nobody, if a spare runs its replica. Times are of
 * {@link System#nanoTime}. Any thread may call.
 */
final class Arrivals {
    private static final Pattern JOINING = Pattern.compile("joining dir=.* pid=([0-9]{1,18})(?: node=(\\S+))?");

    private final int replicas;
    private final int ranks;
    private final Set<Place> came = new HashSet<>();
    private final Map<Integer, Place> joined = new HashMap<>();
    private final Set<Integer> ready = new HashSet<>();
    private final Set<Integer> serving = new HashSet<>();
    private boolean together;
    private long cameNs;
    private long servesNs;

    /** Where a rank is. */
    record Place(String node, long pid) { }

    /**
     * How long is waited.
     *
     * @param silentNs so long no rank at all may say anything
     * @param comeNs so long after one has come the next one has, or does not come
     * @param spareNs so long after all replicas are ready the other ranks are, or do not come up
     */
    record Patience(long silentNs, long comeNs, long spareNs) { }

    /** How it stands. */
    enum Standing {
        /** There is more to wait for. */
        COMING,
        /** Enough for all replicas have come, and the others hold them up. */
        HELD_UP,
        /** All replicas are ready, whichever ranks run them, and all other ranks that will be. */
        READY
    }

    Arrivals(final int replicas, final int ranks) {
        this.replicas = replicas;
        this.ranks = ranks;
    }

    /** How many were started. */
    int ranks() {
        return ranks;
    }

    /** A rank has said something. */
    synchronized void heard(final String line, final long nowNs) {
        final Matcher joining = JOINING.matcher(line);
        if (joining.matches() && came.add(new Place(joining.group(2) == null ? "" : joining.group(2),
            Long.parseLong(joining.group(1))))) {
            cameNs = nowNs;
        }
    }

    /** MPI has brought all together, as one of them says. */
    synchronized void joined(final RankLine told) {
        together = true;
        joined.put(told.rank(), new Place(told.node(), told.pid()));
    }

    /** A rank is ready, with a replica or as a spare; false if it has said so before. */
    synchronized boolean isReady(final RankLine told, final long nowNs) {
        together = true;
        if (told.role().filter(role -> serving.add(role.replica())).isPresent() && serves()) {
            servesNs = nowNs;
        }
        return ready.add(told.rank());
    }

    private boolean serves() {
        return IntStream.range(0, replicas).allMatch(serving::contains);
    }

    private boolean isAwaited(final int rank, final Predicate<Place> gone) {
        return !ready.contains(rank) && !(joined.containsKey(rank) && gone.test(joined.get(rank)));
    }

    /** How it stands, if some that came are known to be gone. */
    synchronized Standing standing(final Patience patience, final Predicate<Place> gone, final long nowNs) {
        if (serves() && (nowNs - servesNs >= patience.spareNs()
            || IntStream.range(0, ranks).noneMatch(rank -> isAwaited(rank, gone)))) {
            return Standing.READY;
        }
        final int there = there(gone).size();
        return !together && there >= replicas && there < ranks && nowNs - cameNs >= patience.comeNs()
            ? Standing.HELD_UP : Standing.COMING;
    }

    /** Those that came and are not known to be gone. */
    synchronized List<Place> there(final Predicate<Place> gone) {
        return came.stream().filter(gone.negate()).toList();
    }

    /** Ranks that have never been ready. */
    synchronized Set<Integer> missing() {
        final Set<Integer> missing = new TreeSet<>();
        IntStream.range(0, ranks).filter(rank -> !ready.contains(rank)).forEach(missing::add);
        return missing;
    }
}
