package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Program;
import picocli.CommandLine;

/** The command as users call it: its figures are there, the file comes back as it was, and nothing is left behind. */
final class FilesCommandTest {
    @TempDir
    private Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int files(final String... options) {
        final CommandLine line = Program.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        final List<String> words = new ArrayList<>(List.of("bench", "files", "--dir", directory.toString()));
        words.addAll(List.of(options));
        return line.execute(words.toArray(String[]::new));
    }

    @Test
    void publishingAndRequestingAreToldBesideTheirLimits() throws Exception {
        assertEquals(0, files("--json", "--size", "5000001", "--chunk-size", "1MiB"), err.toString());
        final Config figures = ConfigFactory.parseString(out.toString());
        for (final String rate : List.of("publish", "request", "cryptoLimit", "writeLimit")) {
            assertTrue(figures.getDouble(rate + "BytesPerSecond") > 1_000, out.toString());
        }
        assertEquals(figures.getDouble("publishBytesPerSecond") / figures.getDouble("cryptoLimitBytesPerSecond"),
            figures.getDouble("publishFractionOfCryptoLimit"), 0.01);
        assertEquals(Math.max(figures.getDouble("publishFractionOfCryptoLimit"),
            figures.getDouble("publishFractionOfWriteLimit")), figures.getDouble("publishFractionOfBothLimits"), 0.002);
        assertTrue(figures.getDouble("publishCpuSeconds") > 0, out.toString());
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** Three times the size is the most: with the files of the limits at first, with the ciphertexts and the copy at the end. */
    @Test
    void whatTheLimitsWroteIsGoneBeforePublishing() throws Exception {
        final long size = 5_000_001;
        final List<String> seen = new ArrayList<>();
        new FilesRun(new FilesPlan(size, 1 << 20, 2, directory), line -> {
            if (line.equals("publishing it") || line.equals("requesting it")) {
                seen.add(line + " " + Math.round((double) bytes() / size));
            }
        }).run();
        assertEquals(List.of("publishing it 1", "requesting it 2"), seen);
    }

    private long bytes() {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void wrongOptionsAreUsageErrorsWithAHint() {
        for (final String[] wrong : new String[][] {{"--size", "much"}, {"--size", "0"}, {"--chunk-size", "1KiB"},
            {"--size", "5TiB", "--chunk-size", "4KiB"}, {"--threads", "0"}}) {
            err.getBuffer().setLength(0);
            assertEquals(2, files(wrong), String.join(" ", wrong));
            assertTrue(err.toString().contains("hint: "), err.toString());
        }
    }
}
