package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Main;
import org.ztp.cli.Program;
import picocli.CommandLine;

/** The service with one replica on each rank: {@code ztp launch}, used by its commands. */
@Timeout(180)
class RankServiceTest {
    private static final int RANKS = 4;
    private static final int RECORDS = 3_000;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir
    Path directory;

    /** What a command said. */
    private record Said(int exit, String out, String err) { }

    private static Said ztp(final Object... words) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final CommandLine line = Program.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new Said(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void recordsBecomeFinalWhateverRankDies() throws Exception {
        final Path cluster = directory.resolve("cluster");
        final Path key = directory.resolve("key");
        assertEquals(0, ztp("init", "--dir", cluster, "--replicas", RANKS).exit());
        assertEquals(0, ztp("keygen", key).exit());
        final Path lines = Files.writeString(directory.resolve("lines"), "line\n".repeat(RECORDS));
        final Path said = directory.resolve("said");
        final Process launch = launch(cluster, said);
        try {
            Awaitility.await("ready").atMost(PATIENCE).until(
                () -> Files.readString(said).contains("ready dir=" + cluster + " replicas=4 spares=1 pid=" + launch.pid()));
            record(cluster, key, lines);
            final int victim = servingRank(cluster);
            process(said, victim).orElseThrow().destroyForcibly();
            Awaitility.await("another rank serves the clients").atMost(PATIENCE).until(
                () -> ztp("status", "--dir", cluster).exit() == 0 && servingRank(cluster) != victim);
            record(cluster, key, lines);
            Awaitility.await("the rank is silent").atMost(PATIENCE).until(
                () -> Files.readString(said).contains("rank " + victim + " is silent"));
            record(cluster, key, lines);
            launch.destroy();
            assertTrue(launch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), () -> "it does not end");
            assertEquals(0, launch.exitValue());
            assertFalse(Files.readString(said).contains("unexpected"), Files.readString(said));
            for (int rank = 0; rank < RANKS; rank++) {
                assertTrue(process(said, rank).filter(ProcessHandle::isAlive).isEmpty());
            }
        } finally {
            launch.destroy(); // by force it could not end mpirun and the ranks
            if (!launch.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                launch.destroyForcibly().waitFor();
            }
        }
        // What was driven again while ranks came and went may be on the ledger twice, and counts once.
        assertEquals(3 * RECORDS, ztp("log", "--dir", cluster, "--local", "--json").out().lines()
            .filter(line -> line.contains("RECORD") && line.contains("ACCEPTED")).count());
    }

    @Test
    void asManyRanksAsReplicas() throws Exception {
        final Path cluster = directory.resolve("cluster");
        assertEquals(0, ztp("init", "--dir", cluster, "--replicas", RANKS).exit());
        final Said said = ztp("launch", "-n", 3, "--dir", cluster);
        assertEquals(2, said.exit());
        assertTrue(said.err().contains("ranks: expected=4 actual=3"), said.err());
    }

    /** The rank that has the port for clients. */
    private static int servingRank(final Path cluster) {
        final Said status = ztp("status", "--dir", cluster, "--json");
        final Matcher told = Pattern.compile("\"servedByRank\":([0-9]+)").matcher(
            status.out().replaceAll("\\s+", ""));
        assertTrue(told.find(), status.out() + status.err());
        return Integer.parseInt(told.group(1));
    }

    private static Process launch(final Path cluster, final Path said) throws IOException {
        final List<String> words = MpiJob.java("-Xmx256m");
        words.addAll(List.of(Main.class.getName(), "launch", "-n", Integer.toString(RANKS), "-v", "--dir",
            cluster.toString()));
        final ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
        MpiJob.setEnvironment(builder);
        return builder.start();
    }

    private static Optional<ProcessHandle> process(final Path said, final int rank) throws IOException {
        final Matcher told = Pattern.compile("rank " + rank + " has pid ([0-9]+)").matcher(Files.readString(said));
        assertTrue(told.find());
        return ProcessHandle.of(Long.parseLong(told.group(1)));
    }

    private static void record(final Path cluster, final Path key, final Path lines) {
        final Said said = ztp("record", lines, "--dir", cluster, "--key", key);
        assertTrue(said.out().startsWith(RECORDS + " records are final"), said.err());
    }
}
