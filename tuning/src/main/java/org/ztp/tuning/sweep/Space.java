package org.ztp.tuning.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ztp.config.Setting;

/**
 * Where is searched.
 *
 * @param factors what is swept, what is likely to matter most first
 * @param standard the default of each
 */
public record Space(List<Factor> factors, Point standard) {
    /** Copies the list; the default of each factor is one of its levels. */
    public Space {
        factors = List.copyOf(factors);
        for (final Factor factor : factors) {
            if (!factor.levels().contains(standard.value(factor.setting()))) {
                throw new IllegalArgumentException("the default is none of its levels: " + factor);
            }
        }
    }

    /** The space of a machine with so many cores. */
    public static Space of(final int cores) {
        final List<Factor> factors = List.of(
            new Factor(Setting.BATCH_LINGER, List.of("0ms", "1ms", "2ms", "5ms", "10ms")),
            new Factor(Setting.THREADS, threads(cores)),
            new Factor(Setting.BATCH_BYTES, List.of("256KiB", "512KiB", "1MiB", "2MiB", "4MiB")),
            new Factor(Setting.RING_WAIT, List.of("park", "yield", "spin")),
            new Factor(Setting.BATCH_COUNT, List.of("128", "1024", "4096")),
            new Factor(Setting.SCHEDULE, List.of("static", "guided", "dynamic", "dynamic,8")),
            new Factor(Setting.RING_SIZE, List.of("256", "1024", "4096")));
        final Map<Setting, String> standard = new EnumMap<>(Setting.class);
        factors.forEach(factor -> standard.put(factor.setting(), factor.setting().defaultText()));
        return new Space(factors, new Point(standard));
    }

    /** An eighth, a quarter, a half and three quarters of the cores, and {@code auto}, which is all of them. */
    private static List<String> threads(final int cores) {
        final List<String> levels = new ArrayList<>();
        IntStream.of(cores / 8, cores / 4, cores / 2, cores * 3 / 4).distinct()
            .filter(count -> count >= 1 && count <= 256).mapToObj(String::valueOf).forEach(levels::add);
        levels.add(Setting.THREADS.defaultText());
        return levels;
    }

    /** All points that differ from the default in one setting: first the nearest values of each, then those beyond. */
    List<Point> singles() {
        final List<Point> points = new ArrayList<>();
        final int farthest = factors.stream().mapToInt(factor -> factor.levels().size()).max().orElse(0);
        for (int distance = 1; distance < farthest; distance++) {
            addAtDistance(standard, distance, points);
        }
        return points;
    }

    /** The points one step away: each setting one level up or down. */
    List<Point> neighbours(final Point point) {
        final List<Point> points = new ArrayList<>();
        addAtDistance(point, 1, points);
        return points;
    }

    private void addAtDistance(final Point from, final int distance, final List<Point> points) {
        for (final Factor factor : factors) {
            final int here = factor.levels().indexOf(from.value(factor.setting()));
            for (final int there : new int[] {here + distance, here - distance}) {
                if (there >= 0 && there < factor.levels().size()) {
                    points.add(from.with(factor.setting(), factor.levels().get(there)));
                }
            }
        }
    }

    /** The factor of a setting that is swept. */
    Factor factor(final Setting setting) {
        return factors.stream().filter(factor -> factor.setting() == setting).findFirst().orElseThrow();
    }

    /** The one setting of a single that is not at its default. */
    Setting settingOf(final Point single) {
        return Arrays.stream(Setting.values()).filter(setting -> standard.values().containsKey(setting)
            && !single.value(setting).equals(standard.value(setting))).findFirst().orElseThrow();
    }
}
