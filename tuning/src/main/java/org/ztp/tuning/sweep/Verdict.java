package org.ztp.tuning.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.ztp.tuning.Load;

/**
 * What a search found.
 *
 * @param space where was searched
 * @param goal for what
 * @param load of the runs that decide
 * @param challenger the best that was found beside the default
 * @param duel the runs that decide
 * @param drift root of the mean square of the log ratios of two default runs, one soon after the other
 * @param runs all runs
 */
public record Verdict(Space space, Goal goal, Load load, Point challenger, Duel duel, double drift, List<Run> runs) {
    /** Copies the list. */
    public Verdict {
        runs = List.copyOf(runs);
    }

    /** The settings to use: the challenger's if it won, else the default. */
    public Point chosen() {
        return duel.isWon() ? challenger : space.standard();
    }

    /** Medians of the runs of a point that decided; not a number if there are none. */
    public Outcome median(final Point point) {
        final List<Outcome> outcomes = runs.stream()
            .filter(run -> run.phase() == Run.Phase.DUEL && run.point().equals(point))
            .filter(run -> run.outcome().failure().isEmpty())
            .map(Run::outcome).toList();
        return Outcome.of(median(outcomes, Outcome::perSecond), median(outcomes, Outcome::p50Micros),
            median(outcomes, Outcome::p99Micros));
    }

    private static double median(final List<Outcome> outcomes, final ToDoubleFunction<Outcome> figure) {
        final double[] sorted = outcomes.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** The decision in one sentence, with the noise bound. */
    public String sentence() {
        if (duel.pairs() == 0) {
            return "the default stays: the time was too short to compare anything with it";
        }
        if (Double.isInfinite(duel.bound())) {
            return "the default stays: " + duel.pairs() + " pairs of runs, or a failed one among them, decide nothing";
        }
        final double percent = 100 * duel.gain();
        final String figures = String.format(Locale.ROOT, "%+.1f %% %s in %d pairs of runs, noise bound %.1f %%",
            percent, goal == Goal.THROUGHPUT ? "throughput" : "speed (the inverse of the median latency)", duel.pairs(),
            100 * duel.bound());
        return duel.isWon() ? "the tuned settings beat the default: " + figures
            : "the default is confirmed: the best challenger (" + challenger.against(space.standard())
                + ") gave " + figures;
    }
}
