package org.ztp.tuning.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;

/** The search on machines of which the best settings are known. */
final class SearchTest {
    private static final Load LOAD = new Load(8, 16, 100, 256, 0);
    private static final Space SPACE = Space.of(32);
    private static final long SECOND_NS = 1_000_000_000L;

    private static Verdict search(final Trials trials, final Goal goal, final int seconds)
            throws DefaultFailedException {
        return new Search(SPACE, goal, LOAD, seconds * SECOND_NS, trials, run -> { }).run();
    }

    /** Batches of 4 MiB and 8 threads are each better, and better still together. */
    private static double hill(final Point point) {
        final int level = SPACE.factor(Setting.BATCH_BYTES).levels().indexOf(point.value(Setting.BATCH_BYTES));
        return (1 + 0.08 * (level - 2)) * (point.value(Setting.THREADS).equals("8") ? 1.15 : 1)
            * (point.value(Setting.RING_WAIT).equals("spin") ? 0.7 : 1);
    }

    @Test
    void theBestSettingsAreFoundTogether() throws DefaultFailedException {
        final Verdict verdict = search(new ModelTrials(SearchTest::hill, 0.02, 0, 1), Goal.THROUGHPUT, 240);
        assertTrue(verdict.duel().isWon(), verdict.sentence());
        assertEquals("8", verdict.chosen().value(Setting.THREADS));
        assertTrue(List.of("2MiB", "4MiB").contains(verdict.chosen().value(Setting.BATCH_BYTES)), verdict.sentence());
        assertEquals("park", verdict.chosen().value(Setting.RING_WAIT));
        assertTrue(verdict.duel().gain() > 0.2 && verdict.duel().gain() < 0.4, verdict.sentence());
        assertTrue(verdict.sentence().startsWith("the tuned settings beat the default: +"), verdict.sentence());
        assertTrue(verdict.median(verdict.chosen()).perSecond() > 1.2 * verdict.median(SPACE.standard()).perSecond());
    }

    @Test
    void noiseAloneDoesNotBeatTheDefault() throws DefaultFailedException {
        int won = 0;
        for (int seed = 0; seed < 100; seed++) {
            won += search(new ModelTrials(point -> 1, 0.1, 0, seed), Goal.THROUGHPUT, 240).duel().isWon() ? 1 : 0;
        }
        assertTrue(won <= 6, "the default lost to itself in " + won + " of 100 searches"); // 2.5 are expected
    }

    @Test
    void aMachineThatSlowsDownDoesNotDecide() throws DefaultFailedException {
        final Verdict verdict = search(new ModelTrials(point -> 1, 0.005, 0.005, 2), Goal.THROUGHPUT, 240);
        assertFalse(verdict.duel().isWon(), verdict.sentence());
        assertEquals(SPACE.standard(), verdict.chosen());
        assertTrue(verdict.sentence().startsWith("the default is confirmed: "), verdict.sentence());
    }

    @Test
    void aDifferenceBelowOnePercentIsNotWorthAChange() throws DefaultFailedException {
        final Verdict verdict = search(new ModelTrials(point -> point.equals(SPACE.standard()) ? 1 : 1.005, 0, 0, 3),
            Goal.THROUGHPUT, 240);
        assertFalse(verdict.duel().isWon(), verdict.sentence());
        assertEquals(0.01, verdict.duel().bound(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 20, 60, 240, 3_600})
    void theBudgetIsKept(final int seconds) throws DefaultFailedException {
        final ModelTrials trials = new ModelTrials(SearchTest::hill, 0.05, 0, 4);
        final Verdict verdict = search(trials, Goal.THROUGHPUT, seconds);
        assertTrue(trials.nanoTime() < (seconds + 0.5) * SECOND_NS, "took " + trials.nanoTime() + " ns");
        assertTrue(trials.nanoTime() > 0.5 * seconds * SECOND_NS, "took " + trials.nanoTime() + " ns");
        assertTrue(verdict.duel().pairs() >= 1, verdict.sentence());
    }

    @Test
    void theSameOutcomesGiveTheSameSearch() throws DefaultFailedException {
        assertEquals(search(new ModelTrials(SearchTest::hill, 0.1, 0, 5), Goal.THROUGHPUT, 120).runs(),
            search(new ModelTrials(SearchTest::hill, 0.1, 0, 5), Goal.THROUGHPUT, 120).runs());
    }

    @Test
    void latencyIsMeasuredAtHalfOfThePeak() throws DefaultFailedException {
        final ToDoubleFunction<Point> prompt = point -> point.value(Setting.BATCH_LINGER).equals("0ms") ? 1.5 : 1;
        final Verdict verdict = search(new ModelTrials(prompt, 0.02, 0, 6), Goal.LATENCY, 240);
        assertTrue(verdict.load().isPaced());
        assertEquals(0.5, verdict.load().rate() / ModelTrials.DEFAULT_PER_SECOND, 0.1);
        assertEquals("0ms", verdict.chosen().value(Setting.BATCH_LINGER));
        assertTrue(verdict.median(verdict.chosen()).p50Micros() < 1_600, verdict.sentence());
    }

    @Test
    void settingsThatFailAreNotChosen() throws DefaultFailedException {
        final ToDoubleFunction<Point> fragile = point -> point.equals(SPACE.standard()) ? 1 : 0;
        final Verdict verdict = search(new ModelTrials(fragile, 0.01, 0, 7), Goal.THROUGHPUT, 60);
        assertEquals(SPACE.standard(), verdict.chosen());
        assertTrue(verdict.sentence().startsWith("the default stays: "), verdict.sentence());
    }

    @Test
    void aDefaultThatFailsOnceIsRunAgainAndTwiceEndsTheSearch() throws DefaultFailedException {
        final int[] runs = new int[1];
        final ModelTrials fifthFails = new ModelTrials(point -> ++runs[0] == 5 ? 0 : 1, 0.01, 0, 8);
        final Verdict verdict = search(fifthFails, Goal.THROUGHPUT, 60);
        assertEquals(1, verdict.runs().stream().filter(run -> run.outcome().failure().isPresent()).count());
        final ModelTrials defaultFails = new ModelTrials(point -> point.equals(SPACE.standard()) ? 0 : 1, 0.01, 0, 9);
        final DefaultFailedException failed = assertThrows(DefaultFailedException.class,
            () -> search(defaultFails, Goal.THROUGHPUT, 60));
        assertEquals("the model fails, \"here\"", failed.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 32, 128, 768})
    void everyLevelOfAnyMachineIsAValidSetting(final int cores) {
        final Space space = Space.of(cores);
        assertEquals(space.singles().size(), space.singles().stream().distinct().count());
        assertEquals(space.factors().stream().mapToInt(factor -> factor.levels().size() - 1).sum(),
            space.singles().size());
        space.singles().forEach(point -> Configuration.with(point.values()));
        space.neighbours(space.standard()).forEach(point -> assertTrue(space.singles().contains(point)));
    }
}
