package org.ztp.mpi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which of the ranks that were started come up. One that does not come before MPI has brought all together holds up every
 * other one for ever; a spare that is gone after that is missed by nobody. Times are of {@link System#nanoTime}. Any thread
 * may call.
 */
final class Arrivals {
    private static final Pattern JOINING = Pattern.compile("joining dir=.* pid=([0-9]{1,18})(?: node=(\\S+))?");
    private static final String JOINED = "joined dir=";

    private final int replicas;
    private final int ranks;
    private final Set<Place> came = new HashSet<>();
    private final Set<Integer> ready = new HashSet<>();
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
     * @param spareNs so long after all replicas are ready the spares are, or do not come up
     */
    record Patience(long silentNs, long comeNs, long spareNs) { }

    /** How it stands. */
    enum Standing {
        /** There is more to wait for. */
        COMING,
        /** Enough for all replicas have come, and the others hold them up. */
        HELD_UP,
        /** All replicas are ready, and all spares that will be. */
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
        together |= line.startsWith(JOINED);
    }

    /** A rank is ready; false if it has said so before. */
    synchronized boolean isReady(final int rank, final long nowNs) {
        together = true;
        final boolean first = ready.add(rank);
        if (first && rank < replicas && serves()) {
            servesNs = nowNs;
        }
        return first;
    }

    private boolean serves() {
        return IntStream.range(0, replicas).allMatch(ready::contains);
    }

    /** How it stands, if some that came are known to be gone. */
    synchronized Standing standing(final Patience patience, final Predicate<Place> gone, final long nowNs) {
        if (ready.size() == ranks || serves() && nowNs - servesNs >= patience.spareNs()) {
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

    /** Spares that are not ready. */
    synchronized Set<Integer> missing() {
        final Set<Integer> missing = new TreeSet<>();
        IntStream.range(replicas, ranks).filter(rank -> !ready.contains(rank)).forEach(missing::add);
        return missing;
    }
}
