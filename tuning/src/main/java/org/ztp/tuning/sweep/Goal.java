package org.ztp.tuning.sweep;

import java.util.Locale;
import org.ztp.tuning.Load;

/** What is better. */
public enum Goal {
    /** More transactions a second, as fast as the bundles in flight allow. */
    THROUGHPUT,
    /** Less time from submission to final for half of the bundles, at a fixed rate. */
    LATENCY;

    /** A paced run that did not reach this part of its rate was overloaded, and its times say nothing. */
    private static final double KEPT_UP = 0.9;

    /** Natural logarithm of how good a run was: differences are ratios. Negative infinity if it failed. */
    double score(final Outcome outcome, final Load load) {
        if (outcome.failure().isPresent() || outcome.perSecond() <= 0
                || this == LATENCY && outcome.perSecond() < KEPT_UP * load.rate()) {
            return Double.NEGATIVE_INFINITY;
        }
        return this == THROUGHPUT ? Math.log(outcome.perSecond()) : -Math.log(outcome.p50Micros());
    }

    /** The name as it is written on a command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
