package org.ztp.storage.archive;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chunk as its file's name tells: {@code <first>-<last>-<link>.chunk}, two heights of 16 and a link of 64 lower-case
 * hexadecimal digits.
 *
 * @param first its first height, 1 or more
 * @param last  its last height, at least the first
 * @param link  of the last height
 */
public record Chunk(long first, long last, Link link) {
    /** The highest height. */
    public static final long HEIGHT_MAX = (1L << 56) - 1;

    /** By first height; of those with the same, the longest comes first. */
    static final Comparator<Chunk> ORDER = Comparator.comparingLong(Chunk::first)
        .thenComparing(Comparator.comparingLong(Chunk::last).reversed()).thenComparing(Chunk::fileName);

    private static final Pattern NAME = Pattern.compile("(00[0-9a-f]{14})-(00[0-9a-f]{14})-([0-9a-f]{64})\\.chunk");
    private static final int HEX = 16;

    /** Checks the heights. */
    public Chunk {
        if (first < 1 || last < first || last > HEIGHT_MAX) {
            throw new IllegalArgumentException("heights: expected=1.." + HEIGHT_MAX + " actual=" + first + ".." + last);
        }
    }

    /**
     * The name of its file in the archive's directory.
     *
     * @return 104 characters
     */
    public String fileName() {
        return HexFormat.of().toHexDigits(first) + '-' + HexFormat.of().toHexDigits(last) + '-' + link + ".chunk";
    }

    static Optional<Chunk> parse(final String fileName) {
        final Matcher parts = NAME.matcher(fileName);
        if (!parts.matches()) {
            return Optional.empty();
        }
        final long first = Long.parseLong(parts.group(1), HEX);
        final long last = Long.parseLong(parts.group(2), HEX);
        return first < 1 || last < first ? Optional.empty()
            : Optional.of(new Chunk(first, last, new Link(HexFormat.of().parseHex(parts.group(3)))));
    }

    boolean contains(final Chunk other) {
        return first <= other.first && other.last <= last;
    }
}
