package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Program;
import picocli.CommandLine;

/** The command as users call it: its figures are there and add up, and nothing is left behind. */
final class KeysCommandTest {
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int keys(final String... options) {
        final CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final List<String> words = new ArrayList<>(List.of("bench", "keys", "--dir", directory.toString()));
        words.addAll(List.of(options));
        return line.execute(words.toArray(String[]::new));
    }

    @Test
    void commitAccumulationAndJoinAreTold() throws Exception {
        assertEquals(0, keys("--json", "--replicas", "7", "--chunks", "20", "--requests", "5", "--warmup", "1"),
            err.toString());
        final Config figures = ConfigFactory.parseString(out.toString());
        final double commit = figures.getDouble("commitMillis");
        final double accumulation = figures.getDouble("accumulationMillis");
        final double join = figures.getDouble("joinMillis");
        assertTrue(commit > 0.05 && accumulation > 0.05 && join > 0.05, out.toString());
        assertTrue(figures.getDouble("requestMillis") > 0.2, out.toString());
        assertTrue(figures.getDouble("worstRequestMillis") >= figures.getDouble("requestMillis"), out.toString());
        assertEquals(20_000 / accumulation, figures.getDouble("keysPerSecond"), 20_000 / accumulation / 10);
        assertTrue(figures.getDouble("commitCpuMillisPerReplica") > 0, out.toString());
        assertTrue(figures.getDouble("accumulationCpuMillisPerParticipant") > 0, out.toString());
        assertEquals(3, figures.getInt("participants"));
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void withoutJsonThereIsATable() {
        assertEquals(0, keys("--requests", "1", "--warmup", "0", "--chunks", "1"), err.toString());
        assertTrue(out.toString().contains("4 replicas, of which 2 take part"), out.toString());
    }

    @Test
    void wrongOptionsAreUsageErrorsWithAHint() {
        for (final String[] wrong : new String[][] {{"--replicas", "129"}, {"--chunks", "0"}, {"--requests", "0"},
            {"--durability", "never"}, {"--dir", directory.resolve("absent").toString()}}) {
            err.getBuffer().setLength(0);
            assertEquals(2, keys(wrong), String.join(" ", wrong));
            assertTrue(err.toString().contains("hint: "), err.toString());
        }
    }
}
