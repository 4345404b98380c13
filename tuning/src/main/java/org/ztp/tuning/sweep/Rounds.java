package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ztp.tuning.Load;

/** Measures points beside each other and keeps every run. Owned by one thread. */
final class Rounds {
    /** Points between two runs of the default. */
    private static final int BETWEEN = 3;

    private final Trials trials;
    private final Goal goal;
    private final long warmupNs;
    private final long measuredNs;
    private final Consumer<Run> watcher;
    private final long beganNs;
    private final List<Run> runs = new ArrayList<>();
    private final List<Double> drifts = new ArrayList<>();
    private long spentNs;
    private int spentRuns;

    Rounds(final Trials trials, final Goal goal, final long warmupNs, final long measuredNs,
           final Consumer<Run> watcher) {
        this.trials = trials;
        this.goal = goal;
        this.warmupNs = warmupNs;
        this.measuredNs = measuredNs;
        this.watcher = watcher;
        beganNs = trials.nanoTime();
    }

    /** All runs so far. */
    List<Run> runs() {
        return List.copyOf(runs);
    }

    /** Nanoseconds since the beginning. */
    long elapsedNs() {
        return trials.nanoTime() - beganNs;
    }

    /** What a run takes with all that belongs to it, nanoseconds: the mean so far. */
    long costNs() {
        return spentRuns == 0 ? 0 : spentNs / spentRuns;
    }

    /** Whether so many runs are over before a time, nanoseconds since the beginning. */
    boolean fits(final int count, final long endNs) {
        return elapsedNs() + count * costNs() <= endNs;
    }

    /** One run. */
    Outcome run(final Run.Phase phase, final Point point, final Load load) {
        return run(phase, point, load, warmupNs);
    }

    /** One run with a warm-up of another length. */
    Outcome run(final Run.Phase phase, final Point point, final Load load, final long ownWarmupNs) {
        final long startedNs = elapsedNs();
        final Run run = new Run(phase, startedNs, point, load, trials.measure(point, load, ownWarmupNs, measuredNs));
        runs.add(run);
        if (ownWarmupNs == warmupNs) {
            spentNs += elapsedNs() - startedNs;
            spentRuns++;
        }
        watcher.accept(run);
        return run.outcome();
    }

    /** A run of the default; if it fails it has one more chance. */
    double standard(final Run.Phase phase, final Point point, final Load load) throws DefaultFailedException {
        final double score = goal.score(run(phase, point, load), load);
        if (!Double.isInfinite(score)) {
            return score;
        }
        final Outcome again = run(phase, point, load);
        if (Double.isInfinite(goal.score(again, load))) {
            throw new DefaultFailedException(again.failure()
                .orElse("only %.0f transactions/s of %.0f were reached".formatted(again.perSecond(), load.rate())));
        }
        return goal.score(again, load);
    }

    /**
     * Points in their order, as many as fit, the default before and after each three of them.
     *
     * @return of each point that was measured the log ratio to the mean of the defaults around it
     */
    Map<Point, Double> compare(final Run.Phase phase, final Point standard, final List<Point> points, final Load load,
                               final long endNs) throws DefaultFailedException {
        final Map<Point, Double> ratios = new LinkedHashMap<>();
        double before = Double.NaN;
        for (int first = 0; first < points.size() && fits(BETWEEN + 2, endNs); first += BETWEEN) {
            if (first == 0) {
                before = standard(phase, standard, load);
            }
            final List<Point> few = points.subList(first, Math.min(points.size(), first + BETWEEN));
            final double[] scores = few.stream()
                .mapToDouble(point -> goal.score(run(phase, point, load), load)).toArray();
            final double after = standard(phase, standard, load);
            for (int i = 0; i < scores.length; i++) {
                ratios.put(few.get(i), scores[i] - (before + after) / 2);
            }
            drifts.add(after - before);
            before = after;
        }
        return ratios;
    }

    /** How much two runs of the same settings differ: root of the mean square of their log ratios; 0 if not known. */
    double drift() {
        return Math.sqrt(drifts.stream().mapToDouble(drift -> drift * drift).average().orElse(0));
    }

    /** Pairs of challenger and default, whose order alternates, as many as fit. */
    Duel duel(final Point challenger, final Point standard, final Load load, final long endNs)
            throws DefaultFailedException {
        final List<Double> ratios = new ArrayList<>();
        while (fits(2, endNs)) {
            final boolean challengerFirst = ratios.size() % 2 == 1;
            final double early = challengerFirst ? goal.score(run(Run.Phase.DUEL, challenger, load), load)
                : standard(Run.Phase.DUEL, standard, load);
            final double late = challengerFirst ? standard(Run.Phase.DUEL, standard, load)
                : goal.score(run(Run.Phase.DUEL, challenger, load), load);
            ratios.add(challengerFirst ? early - late : late - early);
        }
        return new Duel(ratios);
    }
}
