package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Program;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import picocli.CommandLine;

/** The command as users call it: a short search on this machine, and wrong options. */
final class TuneCommandTest {
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int tune(final String... options) {
        final CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final List<String> words = new ArrayList<>(List.of("tune"));
        words.addAll(List.of(options));
        return line.execute(words.toArray(String[]::new));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aShortSearchLeavesAProfileItsEvidenceAndAFigure() throws Exception {
        final Path profile = directory.resolve("mine.conf");
        assertEquals(0, tune("--json", "--seconds", "6", "--durability", "memory", "--dir", directory.toString(),
            "--profile", profile.toString(), "--clients", "2", "--in-flight", "8", "--bundle", "10"), err.toString());
        assertEquals(List.of("mine.conf", "mine.csv", "mine.svg"), names());
        final Config result = ConfigFactory.parseString(out.toString());
        assertEquals(profile.toString(), result.getString("profile"));
        final Configuration chosen = Configuration.read(profile);
        assertEquals(result.getString("chosen.\"ring.wait\""), chosen.text(Setting.RING_WAIT));
        final List<String> evidence = Files.readAllLines(directory.resolve("mine.csv"));
        assertEquals(result.getInt("runs") + 1, evidence.size());
        assertTrue(result.getInt("runs") >= 2, out.toString());
        assertTrue(Files.readString(profile).contains("by: ztp tune --json --seconds 6 "), Files.readString(profile));
    }

    @Test
    void anExistingProfileIsRefusedBeforeAnyTimeIsSpent() throws Exception {
        for (final String existing : List.of("p.conf", "p.csv", "p.svg")) {
            final Path file = Files.writeString(directory.resolve(existing), "mine");
            assertEquals(2, tune("--profile", directory.resolve("p.conf").toString()));
            assertTrue(err.toString().contains(existing + " exists already"), err.toString());
            assertTrue(err.toString().contains("--replace"), err.toString());
            assertEquals(List.of(existing), names());
            assertEquals("mine", Files.readString(file));
            Files.delete(file);
        }
    }

    @Test
    void wrongOptionsAreUsageErrorsWithAHint() throws IOException {
        final String profile = directory.resolve("p.conf").toString();
        for (final String[] wrong : new String[][] {{"--seconds", "4"}, {"--seconds", "x"}, {"--goal", "beauty"},
            {"--transport", "tcp"}, {"--replicas", "3"}, {"--payload", "-1"}, {"--clients", "0"},
            {"--in-flight", "1001"}, {"--durability", "never"}, {"--bundle", "65536", "--payload", "1048576"},
            {"--dir", directory.resolve("absent").toString()}, {"--profile", directory.toString()},
            {"--profile", directory.resolve("absent/p.conf").toString()}}) {
            err.getBuffer().setLength(0);
            final List<String> options = new ArrayList<>(List.of(wrong));
            if (!options.contains("--profile")) {
                options.addAll(List.of("--profile", profile));
            }
            assertEquals(2, tune(options.toArray(String[]::new)), String.join(" ", wrong));
            assertTrue(err.toString().contains("hint: "), err.toString());
            assertEquals(List.of(), names(), String.join(" ", wrong));
        }
    }
}
