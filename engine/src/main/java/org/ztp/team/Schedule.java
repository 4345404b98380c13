package org.ztp.team;

import java.util.Locale;

/**
 * How the indexes of a parallel loop are dealt to threads, as in OpenMP.
 *
 * @param kind  the rule
 * @param chunk indexes in a chunk: exactly so many for DYNAMIC, at least so many for GUIDED (the last chunk may be
 *              shorter), 0 for STATIC
 */
public record Schedule(Kind kind, int chunk) {
    /** The rules. */
    public enum Kind {
        /** One contiguous block for each thread, in thread order, sizes differing by at most one. */
        STATIC,
        /** Chunks of one size, taken by whichever thread is free. */
        DYNAMIC,
        /** Chunks that shrink with what is left: remaining / threads, taken by whichever thread is free. */
        GUIDED
    }

    /** One contiguous block for each thread. */
    public static final Schedule STATIC = new Schedule(Kind.STATIC, 0);

    /** Checks that the chunk fits the kind. */
    public Schedule {
        if (kind == Kind.STATIC ? chunk != 0 : chunk < 1) {
            throw new IllegalArgumentException(
                    "chunk of a " + kind + " schedule: actual=" + chunk
                            + " allowed=" + (kind == Kind.STATIC ? "0" : "1.." + Integer.MAX_VALUE));
        }
    }

    /** Chunks of {@code chunk} indexes, at least 1. */
    public static Schedule dynamic(int chunk) {
        return new Schedule(Kind.DYNAMIC, chunk);
    }

    /** Shrinking chunks of at least {@code minChunk} indexes, at least 1. */
    public static Schedule guided(int minChunk) {
        return new Schedule(Kind.GUIDED, minChunk);
    }

    /**
     * Reads {@code static}, {@code dynamic}, {@code dynamic,64}, {@code guided} or {@code guided,8}, the forms of
     * OMP_SCHEDULE; without a number the chunk is 1.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Schedule parse(String text) {
        String[] parts = text.trim().toLowerCase(Locale.ROOT).split(",", -1);
        try {
            int chunk = parts.length == 1 ? 1 : Integer.parseInt(parts[1].trim());
            String kind = parts[0].trim();
            if (parts.length == 1 && kind.equals("static")) {
                return STATIC;
            }
            if (parts.length <= 2 && kind.equals("dynamic")) {
                return dynamic(chunk);
            }
            if (parts.length <= 2 && kind.equals("guided")) {
                return guided(chunk);
            }
        } catch (NumberFormatException e) {
            throw unknown(text, e);
        }
        throw unknown(text, null);
    }

    private static IllegalArgumentException unknown(String text, Throwable cause) {
        return new IllegalArgumentException(
                "schedule: actual=" + text + " expected=static, dynamic[,CHUNK] or guided[,CHUNK]", cause);
    }
}
