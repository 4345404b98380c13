package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.mpi.Arrivals.Patience;
import org.ztp.mpi.Arrivals.Standing;

/** Ranks that are scripts: what the launcher makes of what they say, and of what they do not. */
@Timeout(300)
final class LaunchedRanksTest {
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** More than a script on a busy machine needs to answer. */
    private static final long APART_NS = TimeUnit.SECONDS.toNanos(10);
    private static final String RANK = """
        exec 2> /dev/null
        rank() { # NUMBER STOPPING: prints what a rank does; STOPPING is done when it is told to stop
          bash -c "trap '$2; exit 0' TERM; echo ready dir=/c replica=$1 incarnation=0 rank=$1 pid=\\$\\$; while :; do sleep 0.05; done"
        }
        """;
    @TempDir
    private Path temporary;

    private LaunchedRanks start(final int ranks, final String script) throws IOException, InterruptedException {
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c", RANK + script + "wait"),
            new Arrivals(ranks, ranks),
            new LocalProcesses(), line -> { }, role -> { });
        assertEquals(Standing.READY, launched.awaitReady(patience(READY_NS)));
        return launched;
    }

    private static Patience patience(final long silentNs) {
        return new Patience(silentNs, READY_NS, READY_NS);
    }

    @Test
    void whoHandsOverForLongIsWaitedForThoughASpareHasStopped() throws Exception {
        final Path handed = temporary.resolve("handed");
        final LaunchedRanks launched = start(2, """
            rank 0 'echo stopping dir=/c rank=0; sleep 3; touch %s; echo stopped dir=/c height=1 rank=0' &
            rank 1 'echo stopping dir=/c rank=1; echo stopped dir=/c height= rank=1' &
            """.formatted(handed));

        launched.end(TimeUnit.SECONDS.toNanos(60), APART_NS);

        assertTrue(Files.exists(handed));
        assertEquals(2, launched.stopped());
    }

    @Test
    void whoSaysNothingWhileOthersStopIsKilled() throws Exception {
        final LaunchedRanks launched = start(2, """
            rank 0 'while :; do sleep 0.05; done' &
            rank 1 'echo stopping dir=/c rank=1; echo stopped dir=/c height=1 rank=1' &
            """);
        final long sinceNs = System.nanoTime();

        launched.end(TimeUnit.SECONDS.toNanos(100), TimeUnit.SECONDS.toNanos(1));

        assertTrue(System.nanoTime() - sinceNs < TimeUnit.SECONDS.toNanos(60));
        assertEquals(1, launched.stopped());
        assertEquals(Set.of(0), launched.notInOrder());
    }

    @Test
    void thatOneStoppedLongAgoLetsTheOthersStopInOrderAllTheSame() throws Exception {
        final Path handed = temporary.resolve("handed");
        final List<String> said = new CopyOnWriteArrayList<>();
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c", RANK + """
            rank 0 'echo stopping dir=/c rank=0; touch %s; echo stopped dir=/c height=1 rank=0' &
            rank 1 'echo stopping dir=/c rank=1; echo stopped dir=/c height=1 rank=1' &
            wait""".formatted(handed)), new Arrivals(2, 2), new LocalProcesses(), said::add, role -> { });
        assertEquals(Standing.READY, launched.awaitReady(patience(READY_NS)));
        final String one = said.stream().filter(line -> line.startsWith("rank 1 has pid ")).findFirst().orElseThrow();
        ProcessHandle.of(Long.parseLong(one.substring("rank 1 has pid ".length()))).orElseThrow().destroy();
        Awaitility.await().atMost(PATIENCE).until(() -> launched.stopped() == 1);

        launched.end(TimeUnit.SECONDS.toNanos(60), 0); // as if that were long ago

        assertTrue(Files.exists(handed));
        assertEquals(2, launched.stopped());
        assertEquals(Set.of(), launched.notInOrder());
    }

    @Test
    void whoHasJoinedIsAskedToStopThoughItIsNotReady() throws Exception {
        final Path handed = temporary.resolve("handed");
        final List<String> said = new CopyOnWriteArrayList<>();
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c", """
            trap 'echo stopping dir=/c rank=0; touch %s; echo stopped dir=/c height=1 rank=0; exit 0' TERM
            echo joined dir=/c replica=0 incarnation=0 rank=0 pid=$$
            while :; do sleep 0.05; done""".formatted(handed)), new Arrivals(1, 1), new LocalProcesses(), said::add,
            role -> { });
        Awaitility.await().atMost(PATIENCE).until(() -> !said.isEmpty());

        launched.end(READY_NS, APART_NS);

        assertTrue(Files.exists(handed));
        assertEquals(1, launched.stopped());
        assertEquals(Set.of(), launched.notInOrder());
    }

    @Test
    void theEndOfARankThatWasNeverReadyIsNoted() throws Exception {
        final List<RankLine.Role> noted = new CopyOnWriteArrayList<>();
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c", RANK
            + "bash -c 'echo joined dir=/c replica=1 incarnation=7 rank=1 pid=$$; sleep 0.2'; rank 0 :"), new Arrivals(2, 2),
            new LocalProcesses(), line -> { }, noted::add);
        Awaitility.await().atMost(PATIENCE).until(() -> noted.equals(List.of(new RankLine.Role(1, 7))));
        launched.end(READY_NS, APART_NS);
    }

    @Test
    void whatCannotBeNotedOfAnEndIsNotedLater() throws Exception {
        final List<String> said = new CopyOnWriteArrayList<>();
        final List<RankLine.Role> noted = new CopyOnWriteArrayList<>();
        final Path inTheWay = Files.createFile(temporary.resolve("full"));
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c", RANK
            + "bash -c 'echo ready dir=/c replica=1 incarnation=1 rank=1 pid=$$; sleep 0.2'; rank 0 :"), new Arrivals(2, 2), new LocalProcesses(),
            said::add, role -> {
                if (Files.exists(inTheWay)) {
                    throw new IOException("no room");
                }
                noted.add(role);
            });
        assertEquals(Standing.READY, launched.awaitReady(patience(READY_NS)));
        Awaitility.await().atMost(PATIENCE).until(() -> said.contains(
            "that could not be noted: java.io.IOException: no room; it is tried again"));
        Files.delete(inTheWay);
        Awaitility.await().atMost(PATIENCE).until(() -> noted.equals(List.of(new RankLine.Role(1, 1))));
        launched.end(READY_NS, APART_NS);
    }

    @Test
    void aRankThatNeverWasReadyAndOutlivesItsLauncherIsNotGone() throws Exception {
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c",
            "bash -c 'echo joining dir=/c pid=$$; exec sleep 300 > /dev/null' & wait"), new Arrivals(1, 1), new LocalProcesses(),
            line -> { }, role -> { });
        Awaitility.await().atMost(PATIENCE).until(() -> launched.there().size() == 1);
        launched.abandon();
        assertFalse(launched.isGone(0));
        ProcessHandle.of(launched.there().get(0).pid()).orElseThrow().destroyForcibly();
        assertTrue(launched.isGone(READY_NS));
    }

    @Test
    void aLauncherIsInAProcessGroupOfItsOwn() throws Exception {
        final List<String> said = new CopyOnWriteArrayList<>();
        final LaunchedRanks launched = LaunchedRanks.start(new ProcessBuilder("bash", "-c",
            RANK + "set -- $(< /proc/$$/stat); echo group $5 of $$; rank 0 :"), new Arrivals(1, 1), new LocalProcesses(), said::add, role -> { });
        assertEquals(Standing.READY, launched.awaitReady(patience(READY_NS)));
        assertTrue(said.get(0).matches("group ([0-9]+) of \\1"), said.get(0));
        launched.end(READY_NS, APART_NS);
    }

    @Test
    void ranksThatSayThatTheyAreStartingAreWaitedForAndSilentOnesAreNot() throws Exception {
        final LaunchedRanks slow = LaunchedRanks.start(new ProcessBuilder("bash", "-c", RANK
            + "for i in $(seq 12); do sleep 0.5; echo starting dir=/c rank=0; done; rank 0 :"), new Arrivals(1, 1), new LocalProcesses(),
            line -> { }, role -> { });
        assertEquals(Standing.READY, slow.awaitReady(patience(TimeUnit.SECONDS.toNanos(5))));
        slow.end(READY_NS, APART_NS);
        final LaunchedRanks silent = LaunchedRanks.start(new ProcessBuilder("sleep", "100"), new Arrivals(1, 1), new LocalProcesses(),
            line -> { }, role -> { });
        assertEquals(Standing.COMING, silent.awaitReady(patience(TimeUnit.SECONDS.toNanos(1))));
        silent.end(0, APART_NS);
    }
}
