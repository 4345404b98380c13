package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SimulateCommandTest {
    @TempDir
    private Path directory;

    private static String run(final String... arguments) {
        final StringWriter out = new StringWriter();
        final CommandLine line = new CommandLine(new SimulateCommand());
        line.setOut(new PrintWriter(out, true));
        assertEquals(0, line.execute(arguments), out::toString);
        return out.toString();
    }

    @Test
    void aSeedTellsWhatHappenedAndTheSameEachTime() {
        final String told = run("--seed", "7");
        assertTrue(told.contains("messages: ") && told.endsWith("1 seed, 0 violations" + System.lineSeparator()), told);
        assertTrue(told.matches("(?s)[0-9]+ replicas: [a-z, -]+\\R.*"), told);
        assertEquals(told, run("--seed", "7"));
    }

    @Test
    void theTraceHoldsAsManyStepsAsAreAllowed() throws Exception {
        final Path trace = directory.resolve("trace");
        run("--seed", "7", "--steps", "500", "--trace", trace.toString());
        final long some = Files.readAllLines(trace).size();
        run("--seed", "7", "--steps", "1000", "--trace", trace.toString());
        assertTrue(some > 100 && Files.readAllLines(trace).size() > some);
    }

    @Test
    void anAllocationIsSimulatedAsAskedFor() {
        final String told = run("--seed", "3", "--replicas", "9", "--sub-cluster-size", "4");
        assertTrue(told.contains("9 replicas in 2 sub-clusters") && told.contains("epochs: "), told);
        assertEquals(told, run("--seed", "3", "--replicas", "9", "--sub-cluster-size", "4"));
    }
}
