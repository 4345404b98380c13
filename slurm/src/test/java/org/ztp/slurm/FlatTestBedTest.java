package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test bed where namespaces are not allowed. */
final class FlatTestBedTest {
    private static final int PORTS_FROM = 20_000;

    @TempDir
    private Path directory;

    /** The first of three neighbouring ports that nobody has. */
    private static int freePorts() {
        int first = PORTS_FROM;
        while (!(isFree(first) && isFree(first + 1) && isFree(first + 2))) {
            first += 3;
        }
        return first;
    }

    private static boolean isFree(final int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (final IOException taken) {
            return false;
        }
    }

    @Test
    void aDirectoryThatSlurmCannotBeToldOfIsRefusedAtOnce() throws IOException {
        final Path blank = Files.createDirectory(directory.resolve("my bed"));
        final IllegalStateException refused = assertThrows(IllegalStateException.class,
            () -> TestBed.up(blank, "--mode", "flat", "--nodes", "1"));
        assertTrue(refused.getMessage().contains("testbed: the name of the directory must have no blanks"), refused.getMessage());
        assertTrue(Files.notExists(blank.resolve("run")), "something of it is there");
    }

    @Test
    void twoNodesRunAJobACrashEndsItsRanksAndNothingIsLeft() throws IOException {
        final Traces before = Traces.of(directory);
        try (TestBed bed = TestBed.up(directory, "--mode", "flat", "--nodes", "2", "--port", "" + freePorts())) {
            assertEquals(Set.of("node1", "node2"),
                bed.head("srun", "-N2", "-n2", "printenv", "SLURMD_NODENAME").orThrow().lines()
                    .collect(Collectors.toSet()));
            final String job = bed.submit("-N2", "--no-requeue", "--time=5", "--wrap",
                "srun sh -c 'echo $$ > pid.$SLURMD_NODENAME.part; mv pid.$SLURMD_NODENAME.part pid.$SLURMD_NODENAME;"
                    + " exec sleep 300'");
            final Path pid = bed.shared().resolve("pid.node2");
            bed.head("timeout", "30", "sh", "-c", "until [ -e pid.node2 ]; do sleep 0.1; done").orThrow();
            final long rank = Long.parseLong(Files.readString(pid).strip());
            assertTrue(ProcessHandle.of(rank).isPresent());
            bed.crash("node2");
            assertEquals(Set.of(), Traces.of(directory).processes().stream().filter(p -> p.startsWith(rank + " "))
                .collect(Collectors.toSet()));
            assertThrows(IllegalStateException.class, () -> bed.cut("node1"));
            bed.head("scancel", job).orThrow();
            bed.boot("node2");
            bed.awaitState("node2", "idle");
        }
        assertEquals(before, Traces.of(directory));
    }
}
