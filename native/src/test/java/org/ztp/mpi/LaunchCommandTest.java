package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.Program;

/** What {@code ztp launch} says, and what is left of one that cannot begin. */
@Timeout(300)
final class LaunchCommandTest {
    @TempDir
    private Path directory;
    private Path cluster;

    @BeforeEach
    void make() {
        cluster = directory.resolve("cluster");
        assertEquals(0, LaunchedService.ztp("init", "--dir", cluster, "--replicas", 4).exit());
    }

    private int launch(final Path sharedMemory, final StringWriter said) {
        return Program.commandLine().addSubcommand("launch-there", new LaunchCommand(sharedMemory))
            .setErr(new PrintWriter(said, true)).execute("launch-there", "--dir", cluster.toString());
    }

    private boolean isOver() throws Exception {
        try (Stream<Path> files = Files.list(cluster.resolve("claims"))) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".over"));
        }
    }

    @Test
    void aDirectoryIsFreeAgainWhenThereIsNoSharedMemoryToBeginWith() throws Exception {
        final StringWriter said = new StringWriter();
        assertEquals(2, launch(directory.resolve("none"), said), said::toString);
        assertTrue(said.toString().contains("none"), said::toString);
        assertTrue(isOver(), said::toString);
    }

    private Process start(final Path out, final Path err) throws IOException {
        final List<String> words = MpiJob.java("-Xmx256m");
        words.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-D" + Tether.TESTS + "=" + ProcessHandle.current().pid()));
        words.addAll(List.of(Tether.class.getName(), "launch", "--json", "--spares", "0", "--dir", cluster.toString()));
        final ProcessBuilder builder = new ProcessBuilder(words).redirectOutput(out.toFile())
            .redirectError(err.toFile());
        MpiJob.setEnvironment(builder);
        return builder.start();
    }

    @Test
    void nothingIsLeftInSharedMemoryWhereThereIsNoMpirun() throws Exception {
        final Path memory = Files.createDirectory(directory.resolve("memory"));
        final String found = System.setProperty("ztp.mpirun", "/nowhere/mpirun");
        try {
            final StringWriter said = new StringWriter();
            launch(memory, said);
            assertTrue(said.toString().contains("native/setup.sh finds Open MPI"), said::toString);
        } finally {
            if (found == null) {
                System.clearProperty("ztp.mpirun");
            } else {
                System.setProperty("ztp.mpirun", found);
            }
        }
        try (Stream<Path> left = Files.list(memory)) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(isOver());
    }

    @Test
    void oneDocumentIsOnStdoutAndHowItEndsIsOnStderr() throws Exception {
        final Path out = directory.resolve("out");
        final Path err = directory.resolve("err");
        final Process launcher = start(out, err);
        try {
            Awaitility.await("ready").atMost(LaunchedService.PATIENCE)
                .failFast(() -> assertTrue(launcher.isAlive(), Files.readString(err))).until(() -> Files.size(out) > 0);
            launcher.destroy();
            assertEquals(0, launcher.waitFor(), Files.readString(err));
        } finally {
            launcher.destroyForcibly();
            launcher.waitFor(10, TimeUnit.SECONDS);
        }
        final List<String> lines = Files.readAllLines(out);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(ConfigFactory.parseString(lines.get(0)).getBoolean("ready"));
        assertFalse(Files.readString(out).contains("stopped"));
        assertTrue(Files.readString(err).contains("stopped ranks=4 of=4"), Files.readString(err));
    }
}
