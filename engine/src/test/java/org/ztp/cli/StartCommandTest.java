package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StartCommandTest {
    @TempDir
    private Path directory;
    private Path cluster;
    private Path key;
    private Path lines;

    @BeforeEach
    void make() throws IOException {
        cluster = directory.resolve("cluster");
        key = directory.resolve("key");
        lines = Files.writeString(directory.resolve("lines"), "line\n".repeat(3_000));
        assertEquals(0, Run.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        assertEquals(0, Run.ztp("keygen", key).exit());
    }

    @Test
    void aServiceServesUntilItIsTerminatedAndGoesOnWhereItWas() throws Exception {
        final String submission = "00112233445566778899aabbccddeeff";
        try (Served served = new Served()) {
            assertTrue(served.ready.startsWith("ready dir=" + cluster + " replicas=4 sub-clusters=1 chain="), served.ready);
            final Run run = record("--submission", submission);
            assertEquals("3000 records are final\n", run.out(), run.err());
            assertEquals(4, Run.ztp("start", "--dir", cluster).exit());
            assertEquals(4, Run.ztp("record", lines, "--dir", cluster, "--key", key, "--local").exit());
            assertEquals(0, served.terminate());
        }
        assertEquals(4, Run.ztp("status", "--dir", cluster).exit());
        try (Served served = new Served()) {
            assertEquals("3000 records are final (3 of 3 bundles were already)\n",
                record("--submission", submission).out());
            assertEquals(0, served.terminate());
        }
    }

    @Test
    void asJsonOneDocumentIsOnStdoutAndHowItEndsIsOnStderr() throws Exception {
        final Path said = directory.resolve("said");
        final ProcessBuilder builder = start().redirectErrorStream(false).redirectError(said.toFile());
        builder.command().remove("-q");
        builder.command().add("--json");
        final Process process = builder.start();
        try (BufferedReader out = process.inputReader()) {
            assertTrue(ConfigFactory.parseString(out.readLine()).getBoolean("ready"));
            process.toHandle().destroy();
            assertEquals(List.of(), out.lines().toList());
            assertEquals(0, process.waitFor());
        }
        assertTrue(Files.readString(said).contains("stopped dir=" + cluster + " height=0"), Files.readString(said));
    }

    @Test
    void anEndThatIsNotInOrderIsToldAndNoServiceHasStopped() throws Exception {
        final Path nodes = directory.resolve("nodes");
        Files.writeString(cluster.resolve("ztp.conf"), "local.dir = \"" + nodes + "\"\n");
        try (Served served = new Served()) {
            assertEquals("3000 records are final\n", record().out());
            Files.move(cluster.resolve("replicas"), directory.resolve("gone"));
            assertEquals(4, served.terminate());
            final List<String> said = served.output.lines().toList();
            assertTrue(said.stream().noneMatch(line -> line.startsWith("stopped ")), said.toString());
            assertTrue(said.stream().anyMatch(line -> line.startsWith("ztp: replica 0 could not be closed and handed over: "
                + cluster.resolve("replicas").resolve("0"))), said.toString());
        }
    }

    @Test
    void aLibraryThatCannotBeUnpackedIsToldAndNoServiceHasStopped() throws Exception {
        final ProcessBuilder builder = start();
        builder.environment().put("ROCKSDB_SHAREDLIB_DIR", lines.toString());
        final Process process = builder.start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(4, process.waitFor(), said);
        assertTrue(said.contains("ztp: the library of the index cannot be loaded: "), said);
        assertTrue(said.contains("set ROCKSDB_SHAREDLIB_DIR"), said);
        assertFalse(said.contains("stopped"), said);
    }

    @Test
    void withoutAServiceTheReplicasRunInsideTheCommand() throws IOException {
        assertEquals("3000 records are final\n", record("--local").out());
        final Run log = Run.ztp("log", "--dir", cluster, "--local", "--json");
        final List<String> entries = log.out().lines().toList();
        assertEquals(3_000, entries.size());
        final String transaction = ConfigFactory.parseString(entries.get(1_234)).getString("transaction");
        final Run receipt = Run.ztp("receipt", transaction, "--dir", cluster, "--local");
        assertEquals(0, receipt.exit(), receipt.err());
        final Path file = Files.writeString(directory.resolve("receipt"), receipt.out());
        final Run verified = Run.ztp("verify-receipt", file, "--genesis", cluster.resolve("genesis.conf"));
        assertTrue(verified.out().startsWith(transaction + " is final at height "), verified.err());
        assertTrue(verified.out().contains("  RECORD  \"" + ConfigFactory.parseString(entries.get(1_234)).getString("text")
            + "\"  by "), verified.out());
        Files.writeString(file, receipt.out().replaceFirst("\"height\": ?[0-9]+", "\"height\": 999"));
        assertEquals(5, Run.ztp("verify-receipt", file, "--genesis", cluster.resolve("genesis.conf")).exit());
    }

    @Test
    void aConfigurationThatIsWrongKeepsItFromStarting() throws IOException {
        final Path wrong = Files.writeString(directory.resolve("wrong.conf"), "sub-cluster.size = 5\n");
        final Run run = Run.ztp("start", "--dir", cluster, "--config", wrong);
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("expected=4 actual=5"), run.err());
        Files.writeString(wrong, "thraeds = 2");
        assertTrue(Run.ztp("start", "--dir", cluster, "--config", wrong).err().contains("did you mean threads?"));
    }

    private Run record(final String... more) {
        final Object[] arguments = new Object[6 + more.length];
        System.arraycopy(new Object[] {"record", lines, "--dir", cluster, "--key", key}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return Run.ztp(arguments);
    }

    /** A service in a process of its own. */
    private ProcessBuilder start() {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), Main.class.getName(), "start", "--dir", cluster.toString(), "-q")
            .redirectErrorStream(true);
    }

    private final class Served implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final String ready;

        Served() throws IOException {
            process = start().start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            ready = output.lines().filter(line -> line.startsWith("ready ")).findFirst().orElse("it ends");
        }

        int terminate() throws InterruptedException {
            process.toHandle().destroy(); // the process itself would close what it says
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
            assertFalse(process.isAlive());
        }
    }
}
