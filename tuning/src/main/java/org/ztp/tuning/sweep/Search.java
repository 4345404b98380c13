package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;

/**
 * The search within a budget of time: warm-up, screening, halving, descent, duel, curve (see the package). The same
 * outcomes give the same search.
 */
public final class Search {
    /** Shares of the budget after which a phase ends; the duel has what the curve leaves. */
    private static final double SCREENING_ENDS = 0.42;
    private static final double HALVING_ENDS = 0.60;
    private static final double DESCENT_ENDS = 0.65;
    private static final int RUNS_OF_A_BUDGET = 170;
    private static final int WARMUPS_OF_A_BUDGET = 25;
    private static final long SHORTEST_NS = 200_000_000L;
    private static final long LONGEST_NS = 5_000_000_000L;
    private static final int CANDIDATES = 6;
    private static final double PACE = 0.5;

    private final Space space;
    private final Goal goal;
    private final Load fullLoad;
    private final long budgetNs;
    private final Rounds rounds;
    private Load load;

    /**
     * A search that was not begun.
     *
     * @param space where
     * @param goal for what
     * @param fullLoad as many bundles in flight as keep the service busy; with LATENCY its half is the fixed rate
     * @param budgetNs most time, nanoseconds
     * @param trials the machine
     * @param watcher told of each run
     */
    public Search(final Space space, final Goal goal, final Load fullLoad, final long budgetNs, final Trials trials,
                  final Consumer<Run> watcher) {
        this.space = space;
        this.goal = goal;
        this.fullLoad = fullLoad;
        this.budgetNs = budgetNs;
        final long measuredNs = Math.max(SHORTEST_NS, Math.min(LONGEST_NS, budgetNs / RUNS_OF_A_BUDGET));
        rounds = new Rounds(trials, goal, measuredNs / 2, measuredNs, watcher);
        load = fullLoad;
    }

    /**
     * Searches.
     *
     * @throws DefaultFailedException if the default settings gave no figures twice running
     */
    public Verdict run() throws DefaultFailedException {
        warmUp();
        final Map<Point, Double> alone = rounds.compare(Run.Phase.SCREENING, space.standard(), space.singles(), load,
            share(SCREENING_ENDS));
        final Point found = descend(halve(candidates(alone)));
        final List<Load> loads = loads();
        final Duel duel = rounds.duel(found, space.standard(), load,
            budgetNs - (rounds.fits(2 * loads.size() + 2, budgetNs) ? rounds.costNs() * 2 * loads.size() : 0));
        for (final Load some : loads) {
            for (final Point point : List.of(space.standard(), found)) {
                if (duel.pairs() > 0 && rounds.fits(1, budgetNs)) {
                    rounds.run(Run.Phase.CURVE, point, some);
                }
            }
        }
        return new Verdict(space, goal, load, found, duel, rounds.drift(), rounds.runs());
    }

    private long share(final double part) {
        return (long) (budgetNs * part);
    }

    /** Compiles the program, and with LATENCY finds the rate. */
    private void warmUp() throws DefaultFailedException {
        rounds.run(Run.Phase.WARMUP, space.standard(), fullLoad, budgetNs / WARMUPS_OF_A_BUDGET);
        final Outcome full = rounds.run(Run.Phase.WARMUP, space.standard(), fullLoad);
        if (goal == Goal.LATENCY) {
            if (full.failure().isPresent() || full.perSecond() <= 0) {
                throw new DefaultFailedException(full.failure().orElse("nothing became final"));
            }
            load = new Load(fullLoad.clients(), Load.MAX_IN_FLIGHT, fullLoad.transactions(), fullLoad.payloadBytes(),
                PACE * full.perSecond());
        }
    }

    /**
     * The best value of each setting that alone was better than the default, alone and added one to the other, the best
     * first. If none was better, the two least bad, so that the default has somebody to beat.
     */
    private List<Point> candidates(final Map<Point, Double> alone) {
        final Map<Setting, Point> bestOf = new EnumMap<>(Setting.class);
        alone.forEach((point, ratio) -> bestOf.merge(space.settingOf(point), point,
            (one, other) -> alone.get(one) >= alone.get(other) ? one : other));
        final List<Point> ranked = bestOf.values().stream()
            .sorted(Comparator.comparingDouble((Point point) -> -alone.get(point))).toList();
        final List<Point> better = ranked.stream().filter(point -> alone.get(point) > 0).toList();
        if (better.isEmpty()) {
            return ranked.subList(0, Math.min(2, ranked.size()));
        }
        final Set<Point> candidates = new LinkedHashSet<>();
        Point sum = space.standard();
        for (final Point point : better) {
            sum = sum.withDifferences(point, space.standard());
            candidates.add(sum);
        }
        candidates.addAll(better);
        return candidates.stream().limit(CANDIDATES).toList();
    }

    /** Measures all, drops the worse half, measures the rest twice as often, until one is left or the time is over. */
    private Point halve(final List<Point> candidates) throws DefaultFailedException {
        final Map<Point, List<Double>> seen = new HashMap<>();
        List<Point> left = candidates;
        for (int repeats = 1; left.size() > 1; repeats *= 2) {
            for (int i = 0; i < repeats; i++) {
                rounds.compare(Run.Phase.HALVING, space.standard(), left, load, share(HALVING_ENDS))
                    .forEach((point, ratio) -> seen.computeIfAbsent(point, key -> new ArrayList<>()).add(ratio));
            }
            final List<Point> ranked = left.stream()
                .sorted(Comparator.comparingDouble((Point point) -> -mean(seen.get(point)))).toList();
            left = ranked.subList(0, (ranked.size() + 1) / 2);
        }
        return left.isEmpty() ? space.singles().get(0) : left.get(0);
    }

    private static double mean(final List<Double> ratios) {
        return ratios == null ? Double.NEGATIVE_INFINITY
            : ratios.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Goes to a neighbour that is better by more than two runs of the same settings differ, until there is none. */
    private Point descend(final Point start) throws DefaultFailedException {
        Point best = start;
        final Set<Point> known = new LinkedHashSet<>(List.of(start, space.standard()));
        boolean moved = true;
        while (moved) {
            moved = false;
            for (final Point neighbour : space.neighbours(best)) {
                if (!moved && known.add(neighbour)) {
                    final Map<Point, Double> both = rounds.compare(Run.Phase.DESCENT, space.standard(),
                        List.of(best, neighbour), load, share(DESCENT_ENDS));
                    moved = !both.isEmpty() && both.get(neighbour) > both.get(best) + rounds.drift();
                    best = moved ? neighbour : best;
                }
            }
        }
        return best;
    }

    /** From one bundle at a time to all in flight. */
    private List<Load> loads() {
        final Set<Load> loads = new LinkedHashSet<>();
        loads.add(new Load(1, 1, fullLoad.transactions(), fullLoad.payloadBytes(), 0));
        for (int inFlight = 1; inFlight < fullLoad.inFlight(); inFlight *= 4) {
            loads.add(new Load(fullLoad.clients(), inFlight, fullLoad.transactions(), fullLoad.payloadBytes(), 0));
        }
        loads.add(fullLoad);
        return List.copyOf(loads);
    }
}
