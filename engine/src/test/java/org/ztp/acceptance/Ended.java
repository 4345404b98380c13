package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/**
 * A command that has ended.
 *
 * @param words what was run
 * @param exit its exit code; 137 after SIGKILL
 * @param out its stdout
 * @param err its stderr
 */
record Ended(String words, int exit, String out, String err) {
    /** Fails the test unless it ended with this code. */
    Ended expect(final int expected) {
        assertEquals(expected, exit, () -> words + "\nstdout: " + tail(out) + "\nstderr: " + tail(err));
        return this;
    }

    /** Fails the test unless stderr is one line that says what is the matter, with this text in it, and a hint. */
    Ended complains(final String text) {
        final List<String> lines = err.lines().toList();
        assertTrue(lines.size() == 2 && lines.get(0).startsWith("ztp: ") && lines.get(1).startsWith("hint: ")
            && lines.get(1).length() > 6, () -> words + "\nexpected one line and a hint, actual: " + err);
        assertTrue(lines.get(0).contains(text), () -> words + "\nexpected: " + text + "\nactual: " + err);
        assertEquals("", out, words);
        return this;
    }

    /** The last line of stdout. */
    String lastLine() {
        return out.lines().reduce("", (before, line) -> line);
    }

    /** How many lines of stdout have all of these texts in them. */
    long lines(final String... texts) {
        return out.lines().filter(line -> List.of(texts).stream().allMatch(line::contains)).count();
    }

    static String tail(final String text) {
        return text.length() <= 2_000 ? text : "…" + text.substring(text.length() - 2_000);
    }
}
