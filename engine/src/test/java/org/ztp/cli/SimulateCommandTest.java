package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Runs with a seed that fails, and returns stdout and stderr. */
    private static List<String> broken(final int exit, final String... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final CommandLine line = Program.commandLine().addSubcommand("simulate-broken", new SimulateCommand(replay -> {
            if (replay.seed() == 3) {
                throw new IllegalStateException("two final blocks");
            }
            return Map.of("steps", 1);
        })).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        final List<String> words = new ArrayList<>(List.of("simulate-broken"));
        words.addAll(List.of(arguments));
        assertEquals(exit, line.execute(words.toArray(String[]::new)), err::toString);
        return List.of(out.toString(), err.toString());
    }

    @Test
    void aSeedThatFailsIsToldAtOnceAndNamedInTheDocument() {
        final List<String> told = broken(5, "--seed", "1", "--seeds", "5");
        assertTrue(told.get(0).contains("seed 3: two final blocks") && told.get(0).contains("5 seeds, 1 violation"),
            told::toString);
        assertTrue(told.get(1).startsWith("seed 3: two final blocks") && told.get(1).contains("--seed 3"), told::toString);
        final List<String> json = broken(5, "--seed", "1", "--seeds", "5", "--json");
        assertEquals(List.of(3), ConfigFactory.parseString(json.get(0)).getConfigList("broken").stream()
            .map(one -> one.getInt("seed")).toList());
    }

    @Test
    void aTraceThatCannotBeWrittenIsToldBeforeAnythingIsRunAndHidesNoViolation() {
        final List<String> told = broken(2, "--seed", "3", "--trace", directory.resolve("none/trace").toString());
        assertEquals("", told.get(0));
        final List<String> full = broken(5, "--seed", "3", "--steps", "500", "--trace", "/dev/full");
        assertTrue(full.get(1).contains("the trace is not whole: /dev/full") && full.get(1).contains("two final blocks"),
            full::toString);
        assertTrue(broken(4, "--seed", "4", "--steps", "500", "--trace", "/dev/full").get(1).contains("is not whole"));
    }

    @Test
    void aTraceIsThereOnlyWhereSomethingIsTraced() throws Exception {
        final Path trace = directory.resolve("trace");
        broken(0, "--seed", "1", "--seeds", "2", "--trace", trace.toString());
        assertFalse(Files.exists(trace));
        Files.writeString(trace, "of before");
        broken(0, "--seed", "1", "--seeds", "2", "--trace", trace.toString());
        assertEquals("of before", Files.readString(trace));
        broken(5, "--seed", "3", "--seeds", "2", "--steps", "500", "--trace", trace.toString());
        assertTrue(Files.readString(trace).lines().count() > 100);
    }

    @Test
    void asManySeedsAreRunAsAreAskedForAndNoOptionIsPassedOver() {
        final String told = broken(0, "--seed", Long.toString(Long.MAX_VALUE), "--seeds", "2").get(0);
        assertTrue(told.contains("steps: 3"), told); // the second seed is one of those with an allocation beside it
        broken(2, "--seed", "1", "--allocations", "--replicas", "8");
        broken(2, "--seed", "1", "--seeds", "0");
    }

    @Test
    void theTraceHoldsWhatReplicasDoWhenTheyStart() throws Exception {
        final Path trace = directory.resolve("trace");
        run("--seed", "7", "--steps", "1", "--trace", trace.toString());
        final List<String> lines = Files.readAllLines(trace);
        for (int replica = 0; replica < 4; replica++) {
            final String does = "r" + replica + " does ";
            assertTrue(lines.stream().takeWhile(line -> !line.contains(" gets ")).anyMatch(line -> line.contains(does)),
                does);
        }
    }

    @Test
    void anAllocationIsSimulatedAsAskedFor() {
        final String told = run("--seed", "3", "--replicas", "9", "--sub-cluster-size", "4");
        assertTrue(told.contains("9 replicas in 2 sub-clusters") && told.contains("epochs: "), told);
        assertEquals(told, run("--seed", "3", "--replicas", "9", "--sub-cluster-size", "4"));
    }
}
