package org.ztp.contract;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ztp.config.Similar;

/**
 * An object of a policy file whose values are asked for by key and type; what does not fit is told with file and line.
 */
final class PolicySection {
    private final String file;
    private final String name;
    private final ConfigObject object;

    private PolicySection(final String file, final String name, final ConfigObject object) {
        this.file = file;
        this.name = name;
        this.object = object;
    }

    /** A section with these keys and no others. */
    static PolicySection of(final String file, final String name, final ConfigObject object, final List<String> known)
            throws PolicyException {
        final PolicySection section = new PolicySection(file, name, object);
        for (final String key : object.keySet()) {
            if (!known.contains(key)) {
                throw section.refuse(key, "unknown key", Similar.to(key, known)
                    .map(near -> "did you mean " + near + "?").orElse("known keys here: " + String.join(", ", known)));
            }
        }
        return section;
    }

    boolean has(final String key) {
        return object.containsKey(key);
    }

    /** A section inside this one. */
    PolicySection section(final String key, final List<String> keys) throws PolicyException {
        final ConfigValue value = required(key, ConfigValueType.OBJECT, "write " + key + " { … }");
        return of(file, path(key), (ConfigObject) value, keys);
    }

    /** The sections of a list. */
    List<PolicySection> sections(final String key, final List<String> keys) throws PolicyException {
        final String shape = "write " + key + " = [ { … }, { … } ]";
        final List<PolicySection> sections = new ArrayList<>();
        for (final ConfigValue entry : (ConfigList) required(key, ConfigValueType.LIST, shape)) {
            final String entryName = path(key) + "[" + sections.size() + "]";
            if (entry.valueType() != ConfigValueType.OBJECT) {
                throw at(entry, entryName + ": expected=object actual=" + type(entry), shape);
            }
            sections.add(of(file, entryName, (ConfigObject) entry, keys));
        }
        return sections;
    }

    /** The strings of a list. */
    List<String> strings(final String key) throws PolicyException {
        final String shape = "write " + key + " = [\"…\", \"…\"]";
        final List<String> strings = new ArrayList<>();
        for (final ConfigValue entry : (ConfigList) required(key, ConfigValueType.LIST, shape)) {
            if (entry.valueType() != ConfigValueType.STRING) {
                throw at(entry, path(key) + "[" + strings.size() + "]: expected=string actual=" + type(entry), shape);
            }
            strings.add((String) entry.unwrapped());
        }
        return strings;
    }

    /** A string, or a number as it is written. */
    String text(final String key, final String shape) throws PolicyException {
        final ConfigValue value = object.get(key);
        if (value != null && value.valueType() == ConfigValueType.NUMBER) {
            return value.unwrapped().toString();
        }
        return (String) required(key, ConfigValueType.STRING, shape).unwrapped();
    }

    /** A whole number in a range, or 0 if it is not there. */
    int number(final String key, final int min, final int max) throws PolicyException {
        final String shape = "write " + key + " = a whole number, " + min + " .. " + max;
        if (!has(key)) {
            return 0;
        }
        final Object value = required(key, ConfigValueType.NUMBER, shape).unwrapped();
        if (value instanceof Double || ((Number) value).longValue() < min || ((Number) value).longValue() > max) {
            throw refuse(key, "out of range: expected=" + min + ".." + max + " actual=" + value, shape);
        }
        return ((Number) value).intValue();
    }

    /** An instant in milliseconds since 1970, at least 1, or 0 if it is not there. */
    long instant(final String key) throws PolicyException {
        final String shape = "write it with its zone, as in " + key + " = 2026-01-01T00:00:00Z";
        if (!has(key)) {
            return 0;
        }
        final String text = (String) required(key, ConfigValueType.STRING, shape).unwrapped();
        try {
            final long millis = OffsetDateTime.parse(text).toInstant().toEpochMilli();
            if (millis > 0) {
                return millis;
            }
        } catch (final DateTimeException | ArithmeticException notAnInstant) {
            throw refuse(key, "not an instant: " + text, shape);
        }
        throw refuse(key, "before 1970: " + text, shape);
    }

    /** The error that a key, or the section if there is no such key, is at fault. */
    PolicyException refuse(final String key, final String what, final String hint) {
        return at(has(key) ? object.get(key) : object, path(key) + ": " + what, hint);
    }

    private ConfigValue required(final String key, final ConfigValueType type, final String shape)
            throws PolicyException {
        final ConfigValue value = object.get(key);
        if (value == null) {
            throw refuse(key, "missing", shape);
        }
        if (value.valueType() != type) {
            throw refuse(key, "expected=" + type.name().toLowerCase(Locale.ROOT) + " actual=" + type(value), shape);
        }
        return value;
    }

    private PolicyException at(final ConfigValue value, final String what, final String hint) {
        final int line = value.origin().lineNumber();
        return new PolicyException(file + (line > 0 ? ":" + line : "") + ": " + what, hint);
    }

    private String path(final String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    private static String type(final ConfigValue value) {
        return value.valueType().name().toLowerCase(Locale.ROOT);
    }
}
