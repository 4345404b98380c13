package org.ztp.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a setting is written and what it becomes: a number (of things, bytes or nanoseconds) or a text.
 *
 * <p>Bytes are written {@code 4096}, {@code 64KiB}, {@code 1 MiB}, {@code 2GiB}; times {@code 500ms}, {@code 2 s},
 * {@code 250 us}, {@code 10 min}, always with their unit.
 */
enum Kind {
    /** A whole number. */
    COUNT,
    /** A whole number that is a power of two. */
    POWER_OF_TWO,
    /** A whole number or {@code auto}, which becomes 0. */
    COUNT_OR_AUTO,
    /** A number of bytes. */
    BYTES,
    /** A number of bytes that is a power of two. */
    BYTES_POWER_OF_TWO,
    /** A time; becomes nanoseconds. */
    TIME,
    /** One of a few words. */
    WORD,
    /** A word, or a word, a comma and a chunk of 1 or more, in quotes. */
    SCHEDULE,
    /** Any text, empty for none. */
    TEXT;

    /** What {@code auto} becomes. */
    static final long AUTO = 0;

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18})\\s*([A-Za-z]*)");
    private static final Pattern LOOPS = Pattern.compile("static|(dynamic|guided)(,[1-9][0-9]{0,8})?");
    private static final List<String> SIZES = List.of("B", "KiB", "MiB", "GiB");
    private static final List<String> TIMES = List.of("ns", "us", "ms", "s", "min", "h");
    private static final long[] NANOS = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L};

    /** Whether its value is a text rather than a number. */
    boolean isText() {
        return this == WORD || this == SCHEDULE || this == TEXT;
    }

    /** How people write it, for a message about a value that is not of this kind. */
    String grammar(final Setting setting) {
        return switch (this) {
            case COUNT -> "a whole number";
            case POWER_OF_TWO -> "a power of two";
            case COUNT_OR_AUTO -> "a whole number or auto";
            case BYTES -> "bytes, such as 65536, 64KiB or 4MiB";
            case BYTES_POWER_OF_TWO -> "bytes, a power of two, such as 64KiB or 4MiB";
            case TIME -> "a time with its unit, such as 500ms or 2s";
            case SCHEDULE -> "static, dynamic, guided, \"dynamic,CHUNK\" or \"guided,CHUNK\"";
            case WORD -> "one of " + String.join(", ", setting.words());
            case TEXT -> "a text";
        };
    }

    /** Whether a text is one of this kind of text. */
    boolean accepts(final Setting setting, final String text) {
        return switch (this) {
            case WORD -> setting.words().contains(text);
            case SCHEDULE -> LOOPS.matcher(text).matches();
            default -> true;
        };
    }

    /** The number that a text stands for; throws {@link NumberFormatException} if it is none of this kind. */
    long parse(final String text) {
        if (this == COUNT_OR_AUTO && text.equals("auto")) {
            return AUTO;
        }
        final Matcher quantity = QUANTITY.matcher(text.trim());
        if (!quantity.matches()) {
            throw new NumberFormatException(text);
        }
        final long number = Long.parseLong(quantity.group(1));
        final String unit = quantity.group(2);
        try {
            final long value = Math.multiplyExact(number, factor(unit));
            if ((this == POWER_OF_TWO || this == BYTES_POWER_OF_TWO) && Long.bitCount(value) != 1) {
                throw new NumberFormatException(text);
            }
            return value;
        } catch (final ArithmeticException tooLarge) {
            throw new NumberFormatException(text);
        }
    }

    /** A number as people write it: the largest unit that divides it. */
    String print(final long value) {
        return switch (this) {
            case TIME -> inLargestUnit(value, TIMES, NANOS);
            case BYTES, BYTES_POWER_OF_TWO -> inLargestUnit(value, SIZES, new long[] {1, 1L << 10, 1L << 20, 1L << 30});
            default -> Long.toString(value);
        };
    }

    private static String inLargestUnit(final long value, final List<String> units, final long[] factors) {
        int i = units.size() - 1;
        while (i > 0 && (value == 0 ? i > 2 : value % factors[i] != 0)) {
            i--;
        }
        return value / factors[i] + units.get(i);
    }

    private long factor(final String unit) {
        final int index = switch (this) {
            case TIME -> TIMES.indexOf(unit.toLowerCase(Locale.ROOT));
            case BYTES, BYTES_POWER_OF_TWO -> unit.isEmpty() ? 0 : sizeIndex(unit);
            default -> unit.isEmpty() ? 0 : -1;
        };
        if (index < 0) {
            throw new NumberFormatException(unit);
        }
        return this == TIME ? NANOS[index] : 1L << 10 * index;
    }

    private static int sizeIndex(final String unit) {
        return Arrays.asList("b", "kib", "mib", "gib").indexOf(unit.toLowerCase(Locale.ROOT));
    }
}
