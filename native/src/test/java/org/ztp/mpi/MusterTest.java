package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ztp.mpi.Arrivals.Patience;
import org.ztp.mpi.Arrivals.Place;
import org.ztp.mpi.Arrivals.Standing;

/** A service starts without the spares that do not come up: four ranks, of which two are spares, as scripts and as words. */
@Timeout(300)
final class MusterTest {
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(100);
    private static final Patience PATIENCE = new Patience(LONG_NS, TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(1));
    /** If four are started the third one does not come, and the others wait as in MPI's Init. */
    private static final String RANKS = """
        rank() {
          exec 2> /dev/null
          trap 'echo stopping dir=/c rank=$1; echo stopped dir=/c height=1 rank=$1; exit 0' TERM
          echo joining dir=/c pid=$BASHPID node=n$1
          eval "$2"
          echo joined dir=/c rank=$1 pid=$BASHPID node=n$1
          echo ready dir=/c replica=$1 incarnation=0 rank=$1 pid=$BASHPID node=n$1
          while :; do sleep 0.05; done
        }
        for rank in $(seq 0 $(($1 - 1))); do
          case $1 in
            4) if [ $rank != 2 ]; then rank $rank 'while [ -e /proc/$$ ]; do sleep 0.05; done; exit' & fi;;
            *) rank $rank : &
          esac
        done
        wait
        """;

    private final Arrivals arrivals = new Arrivals(2, 4);

    private void join(final int rank, final long nowNs) {
        arrivals.heard("joining dir=/c pid=" + rank + " node=n" + rank, nowNs);
    }

    private static RankLine line(final String words) {
        return RankLine.of(words).orElseThrow();
    }

    private static RankLine serves(final int replica, final int rank) {
        return line("ready dir=/c replica=" + replica + " incarnation=0 rank=" + rank + " pid=" + rank + " node=n" + rank);
    }

    private static RankLine isSpare(final int rank) {
        return line("ready dir=/c spare=true rank=" + rank + " pid=" + rank + " node=n" + rank);
    }

    private Standing standing(final long nowNs) {
        return arrivals.standing(PATIENCE, place -> place.pid() == 1, nowNs);
    }

    @Test
    void whoDoesNotComeIsDoneWithout() throws Exception {
        final List<String> said = new CopyOnWriteArrayList<>();
        final List<List<String>> nodes = new CopyOnWriteArrayList<>();
        final Muster muster = Muster.start(new Muster.Setting((ranks, on) -> {
            nodes.add(on);
            return new ProcessBuilder("bash", "-c", RANKS, "ranks", Integer.toString(ranks));
        }, 2, new LocalProcesses(), line -> { }, role -> { }, said::add), 2);
        assertEquals(OptionalInt.of(1), muster.await(PATIENCE));
        assertEquals(List.of("of 4 ranks 3 have come, and MPI waits for all: once more with 1 spares"), said);
        assertEquals(List.of(List.of(), List.of("n0", "n1", "n3")), nodes);
        final LaunchedRanks launched = muster.last();
        launched.end(LONG_NS, LONG_NS);
        assertEquals(3, launched.stopped());
        assertEquals(3, launched.ranks());
    }

    @Test
    void noneAreStartedAfterTheEndHasBegun() throws IOException, InterruptedException {
        final List<Integer> started = new CopyOnWriteArrayList<>();
        final Muster muster = Muster.start(new Muster.Setting((ranks, on) -> {
            started.add(ranks);
            return new ProcessBuilder("bash", "-c", RANKS, "ranks", Integer.toString(ranks));
        }, 2, new LocalProcesses(), line -> { }, role -> { }, said -> { }), 2);
        muster.last();
        assertEquals(OptionalInt.empty(), muster.await(new Patience(LONG_NS, 1, 1)));
        assertEquals(List.of(4), started);
    }

    @Test
    void whoComesLateIsWaitedForAndThenHoldsTheOthersUp() {
        final long comeNs = PATIENCE.comeNs();
        join(0, 5);
        assertEquals(Standing.COMING, standing(5 + 9 * comeNs), "too few for the replicas");
        join(2, 10 * comeNs);
        join(3, 11 * comeNs);
        assertEquals(Standing.COMING, standing(12 * comeNs - 1));
        assertEquals(Standing.HELD_UP, standing(12 * comeNs));
        join(1, 12 * comeNs);
        assertEquals(Standing.HELD_UP, standing(13 * comeNs), "it is gone");
        assertEquals(Set.of(new Place("n0", 0), new Place("n2", 2), new Place("n3", 3)),
            Set.copyOf(arrivals.there(place -> place.pid() == 1)));
        arrivals.joined(line("joined dir=/c replica=0 incarnation=0 rank=0 pid=0 node=n0"));
        assertEquals(Standing.COMING, standing(99 * comeNs), "nobody holds anybody up any more");
    }

    @Test
    void aSpareThatIsGoneAfterMpiHasBroughtAllTogetherIsWaitedForALittle() {
        final long spareNs = PATIENCE.spareNs();
        arrivals.isReady(isSpare(3), 1);
        arrivals.isReady(serves(0, 0), 2);
        assertEquals(Standing.COMING, standing(LONG_NS), "a replica is missing");
        arrivals.isReady(serves(1, 1), 3 * spareNs);
        assertEquals(Standing.COMING, standing(4 * spareNs - 1));
        assertEquals(Standing.READY, standing(4 * spareNs));
        assertEquals(Set.of(2), arrivals.missing());
        arrivals.isReady(isSpare(2), 4 * spareNs);
        assertEquals(Set.of(), arrivals.missing());
    }

    @Test
    void aSpareThatRunsTheReplicaOfARankThatNeverWasReadyCompletesTheService() {
        arrivals.isReady(isSpare(2), 1);
        arrivals.isReady(isSpare(3), 1);
        arrivals.isReady(serves(0, 0), 2);
        assertEquals(Standing.COMING, standing(LONG_NS));
        assertFalse(arrivals.isReady(serves(1, 3), LONG_NS), "it was ready as a spare");
        assertEquals(Standing.COMING, standing(LONG_NS + PATIENCE.spareNs() - 1), "the rank may yet come");
        assertEquals(Standing.READY, standing(LONG_NS + PATIENCE.spareNs()));
        arrivals.joined(line("joined dir=/c replica=1 incarnation=0 rank=1 pid=1 node=n1"));
        assertEquals(Standing.READY, standing(LONG_NS), "it is known to be gone");
        assertEquals(Set.of(1), arrivals.missing());
    }
}
