package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FirstLineTest {
    private static FirstLine of(final int limitS, final String... words) {
        return FirstLine.of(List.of(words), limitS, line -> !line.isBlank(), "which takes too long");
    }

    @Test
    void itIsTheFirstThatTellsSomethingWhateverTheProgramComesTo() {
        assertEquals(new FirstLine(7, "a b"), of(30, "sh", "-c", "echo; echo ' a b '; echo c >&2; exit 7"));
        assertEquals(new FirstLine(0, "which says nothing"), of(30, "true"));
        assertEquals(new FirstLine(0, "\uFFFD"), of(30, "printf", "\\377"), "what is no text is no fault");
    }

    @Test
    void whyThereIsNoneIsSaid() {
        final FirstLine missing = of(30, "/nonexistent/program");
        assertEquals(-1, missing.exit());
        assertTrue(missing.text().startsWith("which cannot be run: "), missing.text());
        assertTrue(missing.text().contains("/nonexistent/program"), missing.text());
        assertEquals(new FirstLine(-1, "which takes too long"), of(1, "sleep", "60"));
    }
}
