package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.CommandException;
import org.ztp.cli.Program;
import org.ztp.config.Durability;
import org.ztp.ledger.Bundle;
import picocli.CommandLine;

/** Scaling and restarts as users ask for them: what is run, what is written, and wrong options. */
final class ScaleCommandTest {
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<BenchPlan> plans = new ArrayList<>();

    private int run(final CommandLine line, final String... options) {
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(options);
    }

    private CommandLine scale() {
        return new CommandLine(new ScaleCommand(plan -> {
            plans.add(plan);
            return Map.of("txPerSecond", 1_000.5 * plans.size(), "p50Micros", 2.0);
        })).setExecutionExceptionHandler((failure, command, parsed) -> {
            err.append(failure.getMessage());
            return failure instanceof CommandException expected ? expected.exit().code() : 1;
        });
    }

    private String at(final String name) {
        return directory.resolve(name).toString();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyShapeIsRunOnceAndHasARow() throws IOException {
        assertEquals(0, run(scale(), "--out", at("all"), "--durability", "memory", "--seconds", "7"), err.toString());
        assertEquals(6 + 4 + 5 + 4, plans.size());
        final List<String> lines = Files.readAllLines(directory.resolve("all.csv"));
        assertEquals(plans.size() + 1, lines.size());
        assertTrue(lines.get(0).startsWith("swept,payloadBytes,transactionsPerBundle,replicas,subClusters,clients,"
            + "inFlightPerClient,durability,txPerSecond,p50Micros,p99Micros,"), lines.get(0));
        assertTrue(lines.get(1).startsWith("payload,32,100,4,1,8,32,memory,1000.5,2.0,,"), lines.get(1));
        assertTrue(lines.get(6).startsWith("payload,65536,100,4,1,8,1,memory,"), lines.get(6));
        assertTrue(lines.get(19).startsWith("sub-clusters,256,100,32,8,64,32,memory,"), lines.get(19));
        for (final BenchPlan plan : plans) {
            assertEquals(7, plan.seconds());
            assertEquals(Durability.MEMORY, plan.configuration().durability());
            assertTrue(plan.subClusterSize() >= 4 && plan.replicas() % plan.subClusterSize() == 0);
            assertTrue((long) plan.load().transactions() * (plan.load().transactionBytes() + Integer.BYTES)
                <= Bundle.MAX_BODY_BYTES);
            assertTrue((long) plan.load().clients() * plan.load().inFlight() * plan.load().transactions()
                * plan.load().transactionBytes() <= 64 << 20);
        }
    }

    @Test
    void whatIsNamedIsSwept() throws IOException {
        assertEquals(0, run(scale(), "--out", at("two"), "--sweep", "bundle,replicas"), err.toString());
        assertEquals(List.of(1, 10, 100, 1_000, 100, 100, 100, 100, 100),
            plans.stream().map(plan -> plan.load().transactions()).toList());
        assertEquals(List.of(4, 4, 4, 4, 4, 7, 10, 16, 31), plans.stream().map(BenchPlan::replicas).toList());
    }

    @Test
    void wrongOptionsCostNoTimeAndWriteNothing() throws IOException {
        Files.writeString(directory.resolve("there.csv"), "mine");
        for (final String[] wrong : new String[][] {{"--sweep", "weather"}, {"--seconds", "0"}, {"--warmup", "-1"},
            {"--durability", "never"}, {"--dir", at("absent")}, {"--out", at("absent/x")}, {"--out", at("there")}}) {
            final List<String> options = new ArrayList<>(List.of(wrong));
            if (!options.contains("--out")) {
                options.addAll(List.of("--out", at("x")));
            }
            assertEquals(2, run(scale(), options.toArray(String[]::new)), String.join(" ", wrong));
        }
        assertEquals(List.of(), plans);
        assertEquals(List.of("there.csv"), names());
        assertEquals("mine", Files.readString(directory.resolve("there.csv")));
    }

    @Test
    void aRestartIsMeasuredOnARealLedger() throws IOException {
        assertEquals(0, run(Program.commandLine(), "bench", "restart", "--ledger", "200,400", "--restarts", "1",
            "--durability", "memory", "--dir", directory.toString(), "--out", at("restart")), err.toString());
        assertEquals(List.of("restart.csv", "restart.svg"), names());
        final List<String> lines = Files.readAllLines(directory.resolve("restart.csv"));
        assertEquals("transactions,blocks,startMillis,firstFinalMillis,heapBytes,stateBytes,journalBytes",
            lines.get(0));
        assertEquals(3, lines.size());
        final String[] figures = lines.get(2).split(",");
        assertTrue(Long.parseLong(figures[0]) >= 400, lines.get(2));
        assertTrue(Long.parseLong(figures[1]) >= 1, lines.get(2));
        assertTrue(Double.parseDouble(figures[2]) > 0, lines.get(2));
        assertTrue(Double.parseDouble(figures[3]) >= Double.parseDouble(figures[2]), lines.get(2));
        assertTrue(Long.parseLong(figures[5]) > 0 && Long.parseLong(figures[6]) > 400 * 256, lines.get(2));
        assertTrue(Files.readString(directory.resolve("restart.svg")).contains("a new transaction is final"));
    }

    @Test
    void aBlankReplicaIsMeasuredFromPeersAndFromAnArchive() throws IOException {
        assertEquals(0, run(Program.commandLine(), "bench", "blank", "--ledger", "400", "--durability", "os", "--dir",
            directory.toString(), "--out", at("blank")), err.toString());
        assertEquals(List.of("blank.csv"), names());
        final List<String> lines = Files.readAllLines(directory.resolve("blank.csv"));
        assertEquals("transactions,blocks,from,backMillis,processorMillis,allocatedBytes,journalBytes,stateBytes",
            lines.get(0));
        assertEquals(List.of("peers", "archive"), lines.stream().skip(1).map(line -> line.split(",")[2]).toList());
        for (final String line : lines.subList(1, 3)) {
            final String[] figures = line.split(",");
            assertTrue(Long.parseLong(figures[0]) >= 400 && Long.parseLong(figures[1]) >= 1, line);
            assertTrue(Long.parseLong(figures[3]) > 0 && Long.parseLong(figures[4]) > 0, line);
            assertTrue(Long.parseLong(figures[6]) > 400 * 256 && Long.parseLong(figures[7]) > 0, line);
        }
        assertEquals(2, run(Program.commandLine(), "bench", "blank", "--from", "nowhere", "--out", at("x")));
        assertTrue(err.toString().contains("hint: "), err.toString());
    }

    @Test
    void wrongOptionsOfRestartAreUsageErrorsWithAHint() throws IOException {
        for (final String[] wrong : new String[][] {{"--ledger", "99"}, {"--ledger", "1000,x"}, {"--payload", "65537"},
            {"--restarts", "0"}, {"--durability", "never"}, {"--dir", at("absent")}, {"--out", at("absent/x")}}) {
            final List<String> options = new ArrayList<>(List.of("bench", "restart", "--out", at("x")));
            if (wrong[0].equals("--out")) {
                options.subList(2, 4).clear();
            }
            options.addAll(List.of(wrong));
            err.getBuffer().setLength(0);
            assertEquals(2, run(Program.commandLine(), options.toArray(String[]::new)), String.join(" ", wrong));
            assertTrue(err.toString().contains("hint: "), err.toString());
        }
        assertEquals(List.of(), names());
    }
}
