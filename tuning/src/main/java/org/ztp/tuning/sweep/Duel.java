package org.ztp.tuning.sweep;

import java.util.List;

/**
 * The challenger against the default, in pairs of runs one right after the other. The noise bound is half of the
 * confidence interval (95 %, Student's t) of the mean of the pairs' log ratios, and at least 1 %: a difference that is
 * not larger could be chance, or is not worth a change.
 *
 * @param logRatios natural logarithm of challenger over default, of each pair
 */
public record Duel(List<Double> logRatios) {
    private static final int FEWEST_PAIRS = 3;
    private static final double LEAST_BOUND = Math.log(1.01);
    /** Two-sided 95 % quantiles of Student's distribution for 2, 3, … degrees of freedom. */
    private static final double[] STUDENT = {4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
        2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086};

    /** Copies the list. */
    public Duel {
        logRatios = List.copyOf(logRatios);
    }

    /** How many pairs. */
    public int pairs() {
        return logRatios.size();
    }

    /** By which part the challenger is better, such as 0.12; negative if it is worse. */
    public double gain() {
        return Math.expm1(mean());
    }

    /** The noise bound as a part, such as 0.03; infinite with too few pairs or after a failed run. */
    public double bound() {
        return Math.expm1(logBound());
    }

    /** Whether the challenger beats the default by more than the noise bound. */
    public boolean isWon() {
        return mean() > logBound();
    }

    private double mean() {
        return logRatios.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NEGATIVE_INFINITY);
    }

    private double logBound() {
        final int count = pairs();
        final double mean = mean();
        if (count < FEWEST_PAIRS || Double.isInfinite(mean)) {
            return Double.POSITIVE_INFINITY;
        }
        final double squares = logRatios.stream().mapToDouble(ratio -> (ratio - mean) * (ratio - mean)).sum();
        final double student = STUDENT[Math.min(count - FEWEST_PAIRS, STUDENT.length - 1)];
        return Math.max(LEAST_BOUND, student * Math.sqrt(squares / (count - 1) / count));
    }
}
