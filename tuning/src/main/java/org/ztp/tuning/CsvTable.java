package org.ztp.tuning;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table as CSV (RFC 4180, but lines end with LF). Owned by one thread. */
public final class CsvTable {
    private final int columns;
    private final StringBuilder text = new StringBuilder();

    /** A table without rows. */
    public CsvTable(final List<String> heading) {
        columns = heading.size();
        line(heading);
    }

    /**
     * Adds a row.
     *
     * @param values a text, whole number or decimal (one digit behind the point; none if it is not finite) for each
     *     column
     */
    public void row(final Object... values) {
        if (values.length != columns) {
            throw new IllegalArgumentException("values of a row: expected=" + columns + " actual=" + values.length);
        }
        line(Arrays.stream(values)
            .map(value -> value instanceof Double number ? decimal(number) : value.toString()).toList());
    }

    /** The text of the file. */
    public String text() {
        return text.toString();
    }

    private void line(final List<String> fields) {
        text.append(fields.stream().map(CsvTable::field).collect(Collectors.joining(","))).append('\n');
    }

    private static String decimal(final double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : "";
    }

    private static String field(final String text) {
        return text.matches("[^\",\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
