package org.ztp.tuning.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One side of a figure.
 *
 * @param label what it shows, with its unit
 * @param logarithmic whether equal ratios are equally far apart; then only positive values can be shown. Otherwise it
 *     begins at 0
 */
public record Axis(String label, boolean logarithmic) {
    private static final int TICKS = 6;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** An axis that is long enough for some values. */
    Scale over(final DoubleStream values) {
        final double[] sorted = values
            .filter(value -> Double.isFinite(value) && (logarithmic ? value > 0 : value >= 0)).sorted().toArray();
        final double least = sorted.length == 0 ? 1 : sorted[0];
        final double most = sorted.length == 0 ? 10 : sorted[sorted.length - 1];
        if (logarithmic) {
            return new Scale(this, least / 1.2, Math.max(most, least) * 1.2);
        }
        return new Scale(this, 0, most == 0 ? 1 : most * 1.08);
    }

    /**
     * A part of the axis.
     *
     * @param axis of which
     * @param from its left or lower end
     * @param to its right or upper end
     */
    record Scale(Axis axis, double from, double to) {
        /** Where a value is: 0 at the beginning, 1 at the end. */
        double position(final double value) {
            return axis.logarithmic() ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
        }

        /** Round values to be labelled, in their order. */
        List<Double> ticks() {
            final List<Double> ticks = new ArrayList<>();
            if (axis.logarithmic()) {
                final int last = (int) Math.ceil(Math.log10(to));
                for (int exponent = (int) Math.floor(Math.log10(from)); exponent <= last; exponent++) {
                    for (int i = 0; i < STEPS.length - 1; i++) {
                        final double tick = STEPS[i] * Math.pow(10, exponent);
                        if (tick >= from && tick <= to && (i == 0 || to / from < 1e4)) {
                            ticks.add(tick);
                        }
                    }
                }
                return ticks;
            }
            final double unit = Math.pow(10, Math.floor(Math.log10(to / TICKS)));
            double step = unit;
            for (int i = 0; i < STEPS.length && to / step > TICKS; i++) {
                step = STEPS[i] * unit;
            }
            for (int i = 0; i * step <= to; i++) {
                ticks.add(i * step);
            }
            return ticks;
        }
    }

    /** A number as short as it can be said: {@code 0.5}, {@code 20}, {@code 1.5 M}. */
    static String number(final double value) {
        final double[] factors = {1e9, 1e6, 1e3};
        final String[] names = {" G", " M", " k"};
        for (int i = 0; i < factors.length; i++) {
            if (value >= factors[i]) {
                return plain(value / factors[i]) + names[i];
            }
        }
        return plain(value);
    }

    private static String plain(final double value) {
        final String text = String.format(Locale.ROOT, value >= 1 || value == 0 ? "%.1f" : "%.4f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
