package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Named situations, message by message: {@link Scenario}. */
final class ScenarioTest {
    private static final Path TEXTS = Path.of("src/test/resources/org/ztp/simulation/scenarios");

    static List<Path> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(TEXTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whatHappensIsWhatTheTextSays(final Path file) throws IOException {
        final String text = Files.readString(file);
        final String performed = Scenario.performed(text);
        if (Boolean.getBoolean("ztp.rewrite")) {
            Files.writeString(file, performed);
        }
        assertEquals(performed, Files.readString(file), "run the test with -Dztp.rewrite=true and look at what changes");
    }

    @Test
    void noScenarioMakesTwoBlocksFinalAtOneHeight() throws IOException {
        for (final Path file : scenarios()) {
            final List<String> finals = Files.readString(file).lines().filter(line -> line.contains(" final h"))
                .map(line -> line.substring(line.indexOf(" final h"))).distinct().toList();
            final long heights = finals.stream().map(line -> line.split(" ")[2]).distinct().count();
            assertEquals(heights, finals.size(), file + ": " + finals);
            assertFalse(finals.isEmpty(), file.toString());
        }
    }
}
