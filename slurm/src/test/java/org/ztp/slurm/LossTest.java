package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.slurm.TestBed.Answer;

/**
 * Seven ranks, of which two may be lost, lose two while records come in: a process, a node, a node's network, which
 * comes back. With {@code -Dztp.losses=all} each loss is tried with each launcher.
 */
final class LossTest {
    private static final int BUNDLES = 50;
    private static final int BUNDLE = 1_000;
    /** {@code detector.limit}, milliseconds. */
    private static final long LIMIT_MILLIS = 1_000;

    @TempDir
    private static Path directory;
    private static TestBed bed;

    /** What is lost, and how much longer than the detector's limit nothing may become final, milliseconds. */
    enum Loss {
        FOLLOWER(500), LEADER(500), NODE(1_000), LINK(1_000);

        private final long patienceMillis;

        Loss(final long patienceMillis) {
            this.patienceMillis = patienceMillis;
        }
    }

    /** Losses in one job. */
    record Case(String launcher, List<Loss> losses) { }

    static Stream<Case> cases() {
        final Stream<Case> always = Stream.of(new Case("srun", List.of(Loss.LEADER, Loss.NODE)),
            new Case("mpirun", List.of(Loss.LINK, Loss.FOLLOWER)));
        return "all".equals(System.getProperty("ztp.losses")) ? Stream.concat(always, Stream.of(
            new Case("mpirun", List.of(Loss.LEADER, Loss.NODE)), new Case("srun", List.of(Loss.LINK, Loss.FOLLOWER))))
            : always;
    }

    @BeforeAll
    static void start() {
        bed = TestBed.up(directory, "--nodes", "7", "--mode", "namespaces", "--lost-after", "90");
    }

    @AfterAll
    static void end() {
        bed.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void commitsResumeAndNothingFinalIsLost(final Case tried) throws Exception {
        final String name = tried.launcher() + tried.losses().get(0).ordinal();
        final Ledger ledger = new Ledger(bed, name).key("alice").set("ZTP_LAUNCH", tried.launcher());
        final String job = ledger.start("--nodes=7", "--no-requeue");
        final List<String> lost = new ArrayList<>();
        for (final Loss loss : tried.losses()) {
            lose(ledger, job, loss, lost);
        }
        final String client = alive(ledger, job, lost);
        assertEquals(2L * BUNDLES * BUNDLE, ledger.log(client).filter(line -> line.contains("\"ACCEPTED\"")).count());
        ledger.tellToStop(job);
        ledger.awaitSaid(job, "stopped ranks=");
        bed.startAfresh(lost);
        assertTrue(ledger.on(client, "verify").orThrow().contains(2 * BUNDLES * BUNDLE + " transactions"));
    }

    private static void lose(final Ledger ledger, final String job, final Loss loss, final List<String> lost)
            throws Exception {
        final Map<Integer, Ledger.Place> places = ledger.places(job);
        final int leader = ledger.leader(alive(ledger, job, lost));
        final boolean lead = loss != Loss.FOLLOWER;
        final Ledger.Place victim = places.entrySet().stream().filter(one -> !lost.contains(one.getValue().node())
            && lead == (one.getKey() == leader)).map(Map.Entry::getValue).reduce((a, b) -> b).orElseThrow();
        lost.add(victim.node());
        final String client = alive(ledger, job, lost);
        final long above = ledger.height(client) + 1;
        final Path begun = ledger.file("begun" + lost.size());
        final CompletableFuture<Answer> records = CompletableFuture.supplyAsync(() -> bed.on(client, "bash", "-c",
            "for i in $(seq " + BUNDLES + "); do seq $((i * " + BUNDLE + ")) | tail -n " + BUNDLE
                + "; [ $i != 15 ] || touch " + begun + "; sleep 0.06; done | "
                + String.join(" ", ledger.words("record", "-", "--key", ledger.file("alice").toString()))));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> Files.exists(begun));
        switch (loss) {
            case NODE -> bed.crash(victim.node());
            case LINK -> bed.cut(victim.node());
            default -> bed.on(victim.node(), "kill", "-9", Long.toString(victim.pid())).orThrow();
        }
        assertTrue(records.get().orThrow().startsWith(BUNDLES * BUNDLE + " records are final"), records.get().err());
        if (loss == Loss.NODE) { // what Slurm itself finds out in the end
            bed.head("scontrol", "update", "NodeName=" + victim.node(), "State=DOWN", "Reason=lost").orThrow();
        }
        final long gap = ledger.longestGapMillis(client, above);
        System.out.println(job + " " + loss + " with " + ledger.launcher() + ": nothing final for " + gap + " ms");
        assertTrue(gap <= LIMIT_MILLIS + loss.patienceMillis, loss + ": " + gap + " ms");
        if (loss == Loss.LINK) {
            isLetIn(ledger, job, victim.node(), client);
            lost.remove(victim.node());
        }
    }

    /** Cut off, it made no progress; and it catches up, when TCP has found out that its packets arrive again. */
    private static void isLetIn(final Ledger ledger, final String job, final String node, final String client) {
        final long height = ledger.height(client);
        assertTrue(ledger.height(node) < height);
        bed.uncut(node);
        final long startNs = System.nanoTime();
        Awaitility.await().pollInterval(300, TimeUnit.MILLISECONDS).atMost(60, TimeUnit.SECONDS)
            .until(() -> ledger.height(node) >= height);
        System.out.println(job + " has caught up after " + (System.nanoTime() - startNs) / 1_000_000 + " ms");
    }

    private static String alive(final Ledger ledger, final String job, final List<String> lost) {
        return ledger.places(job).values().stream().map(Ledger.Place::node).filter(node -> !lost.contains(node)).sorted()
            .findFirst().orElseThrow();
    }
}
