package org.ztp.tuning.sweep;

import java.util.Optional;

/**
 * What one run gave.
 *
 * @param perSecond transactions a second that became final
 * @param p50Micros half of the bundles were final after this time, microseconds
 * @param p99Micros 99 of 100 were
 * @param failure why it gave nothing, if it failed
 */
public record Outcome(double perSecond, double p50Micros, double p99Micros, Optional<String> failure) {
    /** A run that gave figures. */
    public static Outcome of(final double perSecond, final double p50Micros, final double p99Micros) {
        return new Outcome(perSecond, p50Micros, p99Micros, Optional.empty());
    }

    /** A run that failed. */
    public static Outcome failed(final String why) {
        return new Outcome(0, Double.NaN, Double.NaN, Optional.of(why));
    }
}
