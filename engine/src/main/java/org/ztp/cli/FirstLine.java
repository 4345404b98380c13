package org.ztp.cli;

import java.util.List;
import java.util.function.Predicate;

/**
 * What a program of the system says of itself, for people.
 *
 * @param exit its exit code; -1 if it could not be run, or did not end in time
 * @param text the first line that tells something, without blanks around it; why there is none
 */
record FirstLine(int exit, String text) {
    private static final int MAX_CHARACTERS = 4096;

    /**
     * Runs a program.
     *
     * @param words the program and its arguments
     * @param limitS how long it may take, seconds
     * @param telling which lines tell something
     * @param late what is said of one that takes longer
     */
    static FirstLine of(final List<String> words, final int limitS, final Predicate<String> telling,
                        final String late) {
        try {
            final ProgramRun run = ProgramRun.of(words, limitS);
            return new FirstLine(run.exit(), switch (run.end()) {
                case NOT_RUN -> "which cannot be run: " + run.out();
                case LATE -> late;
                case ENDED -> beginning(run.out()).lines().filter(telling).map(String::strip).findFirst()
                    .orElse("which says nothing");
            });
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new FirstLine(-1, "interrupted");
        }
    }

    private static String beginning(final String out) {
        return out.substring(0, Math.min(out.length(), MAX_CHARACTERS));
    }
}
