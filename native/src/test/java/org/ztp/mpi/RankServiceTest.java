package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Main;
import org.ztp.cli.Program;
import picocli.CommandLine;

/** The service with one replica on each rank: {@code ztp start --transport mpi} under mpirun, used by its commands. */
@Timeout(180)
class RankServiceTest {
    private static final int RANKS = 4;
    private static final int RECORDS = 3_000;

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
        try (MpiJob job = start(cluster)) {
            record(cluster, key, lines);
            job.signal("KILL", 3);
            record(cluster, key, lines);
            Awaitility.await("rank 3 is silent").atMost(Duration.ofSeconds(20)).until(
                () -> job.output().contains("rank 3 is silent"));
            record(cluster, key, lines);
            assertTrue(ztp("status", "--dir", cluster, "--json").out().contains("\"hasQuorum\""));
            for (int rank = 0; rank < 3; rank++) {
                job.signal("TERM", rank);
            }
            Awaitility.await("all ranks end").atMost(Duration.ofSeconds(30)).until(() -> job.running().isEmpty());
            job.terminate();
        }
        assertEquals(3 * RECORDS, ztp("log", "--dir", cluster, "--local", "--json").out().lines().count());
    }

    private MpiJob start(final Path cluster) throws IOException {
        final MpiJob job = MpiJob.start(directory, RANKS, Main.class,
            List.of("start", "--dir", cluster.toString(), "--transport", "mpi"));
        job.awaitReady("ready dir=.* rank=%d pid=([0-9]+)");
        return job;
    }

    private static void record(final Path cluster, final Path key, final Path lines) {
        final Said said = ztp("record", lines, "--dir", cluster, "--key", key);
        assertEquals(RECORDS + " records are final\n", said.out(), said.err());
    }
}
