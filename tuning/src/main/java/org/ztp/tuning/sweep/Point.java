package org.ztp.tuning.sweep;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.ztp.config.Setting;

/**
 * One value for each setting that is swept.
 *
 * @param values as they are written in a file
 */
public record Point(Map<Setting, String> values) {
    /** Copies the values, of which there is at least one. */
    public Point {
        values = Collections.unmodifiableMap(new EnumMap<>(values));
    }

    /** The value of a setting that is swept. */
    String value(final Setting setting) {
        return values.get(setting);
    }

    /** The same but for one setting. */
    Point with(final Setting setting, final String value) {
        final Map<Setting, String> changed = new EnumMap<>(values);
        changed.put(setting, value);
        return new Point(changed);
    }

    /** The same but for all in which another differs from a third. */
    Point withDifferences(final Point other, final Point from) {
        final Map<Setting, String> changed = new EnumMap<>(values);
        other.values.forEach((setting, value) -> {
            if (!value.equals(from.value(setting))) {
                changed.put(setting, value);
            }
        });
        return new Point(changed);
    }

    /** What differs from the default, such as {@code batch.linger=5ms threads=1}; {@code default} if nothing does. */
    public String against(final Point standard) {
        final String differences = values.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(standard.value(entry.getKey())))
            .map(entry -> entry.getKey().key() + "=" + entry.getValue()).collect(Collectors.joining(" "));
        return differences.isEmpty() ? "default" : differences;
    }
}
