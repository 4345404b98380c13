package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ztp.tuning.figure.Axis;
import org.ztp.tuning.figure.Figure;
import org.ztp.tuning.figure.Series;
import org.ztp.tuning.figure.Spot;

/** Throughput over latency: every run of the search, the default and the challenger at several loads, and who won. */
public final class LoadFigure {
    private LoadFigure() {
    }

    /** The figure (SVG). */
    public static String of(final Verdict verdict, final String machine) {
        final Point standard = verdict.space().standard();
        final List<Series> series = new ArrayList<>();
        series.add(new Series("runs of the search", Series.Look.FAINT, spots(verdict.runs().stream()
            .filter(run -> run.phase() != Run.Phase.WARMUP && run.phase() != Run.Phase.CURVE).toList())));
        series.add(new Series("default, at several loads", Series.Look.FIRST, curve(verdict, standard)));
        series.add(new Series("challenger, at several loads", Series.Look.SECOND,
            curve(verdict, verdict.challenger())));
        series.add(new Series("default (median of the duel)", Series.Look.FIRST_MARK, median(verdict, standard)));
        series.add(new Series("chosen: " + verdict.chosen().against(standard), Series.Look.CHOSEN_MARK,
            median(verdict, verdict.chosen())));
        return new Figure("ztp tune: throughput over latency", List.of(machine, verdict.sentence()),
            new Axis("median latency from submission to final, ms", true), new Axis("transactions/s", false),
            series).svg();
    }

    private static List<Spot> curve(final Verdict verdict, final Point point) {
        return spots(verdict.runs().stream().filter(run -> run.phase() == Run.Phase.CURVE && run.point().equals(point))
            .sorted(Comparator.comparingInt((Run run) -> run.load().clients() * run.load().inFlight())).toList());
    }

    private static List<Spot> spots(final List<Run> runs) {
        return runs.stream().map(Run::outcome).filter(outcome -> outcome.failure().isEmpty() && outcome.p50Micros() > 0)
            .map(LoadFigure::spot).toList();
    }

    private static List<Spot> median(final Verdict verdict, final Point point) {
        final Outcome median = verdict.median(point);
        return median.p50Micros() > 0 ? List.of(spot(median)) : List.of();
    }

    private static Spot spot(final Outcome outcome) {
        return new Spot(outcome.p50Micros() / 1e3, outcome.perSecond());
    }
}
