package org.ztp.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The figures of one run with a fault in its middle third.
 *
 * @param plan what was measured
 * @param victims replicas that the fault befell
 * @param first how it was when replicas came back for the first time in this process; empty if there was no warm-up
 * @param before the first third
 * @param during the second, with the fault
 * @param back from the end of the fault until the victims had what they had missed
 * @param after as long as a third, after that
 */
record FaultResult(BenchPlan plan, List<Integer> victims, Optional<FaultRun.Return> first, LoadWindow.Figures before,
                   LoadWindow.Figures during, FaultRun.Return back, LoadWindow.Figures after) {
    /** All figures by their names. */
    Map<String, Object> document() {
        final LoadWindow.Figures catchingUp = back.figures();
        final Map<String, Object> out = new LinkedHashMap<>();
        out.put("fault", plan.fault().word());
        out.put("replicas", victims);
        out.put("pauseMillis", millis(during.longestPauseNs()));
        out.put("pauseBeforeMillis", millis(before.longestPauseNs()));
        out.put("pauseAfterMillis", millis(Math.max(catchingUp.longestPauseNs(), after.longestPauseNs())));
        out.put("backMillis", backMillis(back));
        out.put("txPerSecondBefore", Math.round(before.perSecond()));
        out.put("txPerSecondDuring", Math.round(during.perSecond()));
        out.put("txPerSecondCatchingUp", Math.round(catchingUp.perSecond()));
        out.put("txPerSecondAfter", Math.round(after.perSecond()));
        out.put("lossPercent", hundredths(lossPercent(back, before)));
        out.put("lossPercentOfAfter", hundredths(lossPercent(back, after)));
        out.put("cpuMicrosPerTxBefore", hundredths(before.cpuMicros()));
        out.put("cpuMicrosPerTxDuring", hundredths(during.cpuMicros()));
        out.put("cpuMicrosPerTxCatchingUp", hundredths(catchingUp.cpuMicros()));
        out.put("compilerFractionBefore", BenchResult.round(before.times().compilerShare()));
        out.put("compilerFractionAfter", BenchResult.round(after.times().compilerShare()));
        first.ifPresent(one -> {
            out.put("backMillisFirst", backMillis(one));
            out.put("lossPercentFirst", hundredths(lossPercent(one, before)));
            out.put("lossPercentFirstOfAfter", hundredths(lossPercent(one, after)));
            out.put("cpuMicrosPerTxFirst", hundredths(one.figures().cpuMicros()));
        });
        out.put("subClustersBefore", rounded(before));
        out.put("subClustersDuring", rounded(during));
        out.put("subClustersAfter", rounded(after));
        out.put("viewTimeoutMillis", millis(plan.configuration().viewTimeoutNs()));
        out.put("durability", plan.configuration().durability().name().toLowerCase(Locale.ROOT));
        return out;
    }

    /** By how much fewer transactions a second became final while the victims came back than at another time. */
    private static double lossPercent(final FaultRun.Return one, final LoadWindow.Figures base) {
        return base.transactions() == 0 ? 0 : 100 * (1 - one.figures().perSecond() / base.perSecond());
    }

    private static Object backMillis(final FaultRun.Return one) {
        return one.backNs().isPresent() ? millis(one.backNs().getAsLong()) : null;
    }

    private static String back(final FaultRun.Return one) {
        return one.backNs().isPresent() ? "%.0f ms".formatted(one.backNs().getAsLong() / 1e6)
            : "more than %.0f ms".formatted(one.figures().nanos() / 1e6);
    }

    private static Object millis(final long nanos) {
        return hundredths(nanos / 1e6);
    }

    private static double hundredths(final double value) {
        return Math.round(value * 100) / 1e2;
    }

    private static List<Long> rounded(final LoadWindow.Figures figures) {
        return figures.perSecondEach().stream().map(Math::round).toList();
    }

    /** A table for people. */
    String text() {
        final LoadWindow.Figures catchingUp = back.figures();
        return """
            %s of %s: commits paused for %.0f ms (before: %.1f ms at most; after: %.1f ms at most)
            back, with all that was missed, after %s; transactions/s meanwhile %+.1f %% beside before, %+.1f %% beside afterwards%s
            transactions/s   before %,10.0f   with the fault %,10.0f   catching up %,10.0f   after %,10.0f
            processor time   before %,10.2f   with the fault %,10.2f   catching up %,10.2f   after %,10.2f us a transaction
            compilers' part  before %9.1f%%   after %.1f%%
            each sub-cluster before %s   with the fault %s   after %s
            %d replicas in sub-clusters of %d, view time-out %.0f ms, durability %s, %d clients""".formatted(
            plan.fault().word(), victims, during.longestPauseNs() / 1e6, before.longestPauseNs() / 1e6,
            Math.max(catchingUp.longestPauseNs(), after.longestPauseNs()) / 1e6, back(back), -lossPercent(back, before),
            -lossPercent(back, after), firstTime(),
            before.perSecond(), during.perSecond(), catchingUp.perSecond(), after.perSecond(),
            before.cpuMicros(), during.cpuMicros(), catchingUp.cpuMicros(), after.cpuMicros(),
            100 * before.times().compilerShare(), 100 * after.times().compilerShare(),
            each(before), each(during), each(after),
            plan.replicas(), plan.subClusterSize(), plan.configuration().viewTimeoutNs() / 1e6,
            plan.configuration().durability().name().toLowerCase(Locale.ROOT), plan.load().clients());
    }

    private String firstTime() {
        return first.map(one -> "%nthe first time in this process: after %s; %+.1f %% and %+.1f %%, %.2f us a transaction"
            .formatted(back(one), -lossPercent(one, before), -lossPercent(one, after), one.figures().cpuMicros())).orElse("");
    }

    private static String each(final LoadWindow.Figures figures) {
        return figures.perSecondEach().stream().map("%,.0f"::formatted).collect(Collectors.joining(" "));
    }
}
