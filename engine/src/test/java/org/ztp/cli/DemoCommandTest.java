package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoCommandTest {
    @TempDir
    private Path directory;

    @Test
    void theDemoPasses() throws IOException {
        final Path file = Files.write(directory.resolve("file"), new byte[5_000_000]);
        final Run run = Run.ztp("demo", file, "--quiet");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().endsWith("\ndemo: all steps passed\n"), run.out());
        assertEquals(2, Run.ztp("demo", directory).exit());
    }

    @Test
    void verificationNamesTheFileThatWasAltered() throws IOException {
        final Path cluster = directory.resolve("cluster");
        Run.ztp("init", "--dir", cluster, "--replicas", 4);
        Run.ztp("keygen", directory.resolve("key"));
        final Path lines = Files.writeString(directory.resolve("lines"), "line\n".repeat(2_000));
        assertEquals(0, Run.ztp("record", lines, "--dir", cluster, "--key", directory.resolve("key"), "--local").exit());
        final Run good = Run.ztp("verify", "--dir", cluster);
        assertEquals(0, good.exit(), good.err());
        assertTrue(good.out().contains(" 2000 transactions, "), good.out());
        final Path journal = journal(cluster.resolve("replicas/2/journal"));
        try (RandomAccessFile bytes = new RandomAccessFile(journal.toFile(), "rw")) {
            bytes.seek(20_000);
            final int old = bytes.read();
            bytes.seek(20_000);
            bytes.write(old ^ 1);
        }
        final Run bad = Run.ztp("verify", "--dir", cluster);
        assertEquals(5, bad.exit(), bad.out());
        assertTrue(bad.out().contains("FAULT replicas/2/journal/" + journal.getFileName() + " offset="), bad.out());
        final Run json = Run.ztp("verify", "--dir", cluster, "--json");
        assertEquals(5, json.exit());
        assertEquals(false, ConfigFactory.parseString(json.out()).getBoolean("consistent"));
        assertEquals(2, Run.ztp("verify", "--dir", directory.resolve("none")).exit());
    }

    private static Path journal(final Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file -> file.toString().endsWith(".seg")).findFirst().orElseThrow();
        }
    }
}
