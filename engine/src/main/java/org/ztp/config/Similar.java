package org.ztp.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
public final class Similar {
    private Similar() {
    }

    /** The candidate with the fewest edits from a word, if they are at most a third of its letters (and 2 at least). */
    public static Optional<String> to(final String word, final Collection<String> candidates) {
        return candidates.stream()
            .min(Comparator.comparingInt((String candidate) -> edits(word, candidate)).thenComparing(candidate -> candidate))
            .filter(best -> edits(word, best) <= Math.max(2, word.length() / 3));
    }

    /** Letters to insert, delete or replace to make one word of the other (Levenshtein). */
    static int edits(final String from, final String to) {
        int[] previous = new int[to.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            final int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                final int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[to.length()];
    }
}
