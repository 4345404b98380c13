package org.ztp.contract;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody may have meant: the known name with the fewest edits (Levenshtein), if they are few. */
final class NearestName {
    private NearestName() {
    }

    /** {@code did you mean …?}, or the known names when none is near. */
    static String hint(final String name, final Collection<String> known) {
        final int limit = Math.max(1, name.length() / 3);
        return known.stream().filter(candidate -> distance(name, candidate) <= limit)
            .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
            .map(candidate -> "did you mean " + candidate + "?")
            .orElseGet(() -> "known keys here: " + String.join(", ", known));
    }

    private static int distance(final String from, final String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            final int[] next = new int[row.length];
            next[0] = i;
            for (int j = 1; j < row.length; j++) {
                final int replaced = row[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(replaced, 1 + Math.min(row[j], next[j - 1]));
            }
            row = next;
        }
        return row[to.length()];
    }
}
