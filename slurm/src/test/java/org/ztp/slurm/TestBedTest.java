package org.ztp.slurm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The test bed in namespaces, once up for all tests of this class. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TestBedTest {
    private static final List<String> NODES = IntStream.rangeClosed(1, 4).mapToObj(i -> "node" + i).toList();

    @TempDir
    private static Path directory;
    private static TestBed bed;
    private static Traces before;
    private static Duration startTime;

    @BeforeAll
    static void start() throws IOException {
        before = Traces.of(directory);
        final long startNs = System.nanoTime();
        bed = TestBed.up(directory, "--nodes", "4", "--mode", "namespaces", "--lost-after", "5");
        startTime = Duration.ofNanos(System.nanoTime() - startNs);
    }

    @AfterAll
    static void takenDownNothingIsLeft() throws IOException {
        assertFalse(Traces.of(directory).processes().isEmpty());
        bed.close();
        final Traces after = Traces.of(directory);
        assertEquals(before, after);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(Set.of("log", "shared"), left.map(path -> path.getFileName().toString())
                .collect(Collectors.toSet()));
        }
    }

    private static Set<String> lines(final String text) {
        return text.lines().collect(Collectors.toSet());
    }

    @Test
    @Order(1)
    void fourNodesAreIdleWithinSeconds() {
        NODES.forEach(node -> assertEquals("idle", bed.state(node)));
        assertTrue(startTime.toSeconds() < 30, startTime.toString());
    }

    @Test
    @Order(2)
    void aStepRunsOneRankOnEachNode() {
        assertEquals(Set.copyOf(NODES), lines(bed.head("srun", "-N4", "-n4", "hostname").orThrow()));
    }

    @Test
    @Order(3)
    void aJobRunsOneRankOnEachNodeAndIsAwaited() throws IOException {
        final Path script = bed.shared().resolve("job.sh");
        Files.writeString(script, "#!/bin/bash\nsrun --output=rank.%t hostname\n");
        assertEquals("COMPLETED", bed.awaitEnd(bed.submit("-N4", "--ntasks-per-node=1", "--time=1", "job.sh")));
        final Set<String> hosts = new HashSet<>();
        for (int rank = 0; rank < 4; rank++) {
            hosts.add(Files.readString(bed.shared().resolve("rank." + rank)).strip());
        }
        assertEquals(Set.copyOf(NODES), hosts);
        assertEquals("FAILED", bed.awaitEnd(bed.submit("-N1", "--time=1", "--wrap", "exit 3")));
    }

    @Test
    @Order(4)
    void disksAndMemoryAreANodesOwnAndOneDirectoryIsShared() {
        for (final String place : List.of("/tmp", "/dev/shm")) {
            final String file = place + "/ztp-testbed-" + directory.getFileName();
            bed.on("node1", "touch", file).orThrow();
            assertEquals(0, bed.on("node1", "test", "-e", file).exit());
            assertNotEquals(0, bed.on("node2", "test", "-e", file).exit());
            assertFalse(Files.exists(Path.of(file)), file);
        }
        bed.on("node1", "touch", "seen-by-all").orThrow();
        assertEquals(0, bed.on("node2", "test", "-e", "seen-by-all").exit());
        assertTrue(Files.exists(bed.shared().resolve("seen-by-all")));
    }

    @Test
    @Order(5)
    void aNodeThatCrashesAndOneThatIsCutOffAreNoticedAndComeBack() {
        bed.on("node4", "touch", "/tmp/on-disk", "/dev/shm/in-memory").orThrow();
        bed.crash("node4");
        assertNotEquals(0, bed.on("node4", "true").exit());
        assertTrue(reachesHead("node3"));
        bed.cut("node3");
        assertFalse(reachesHead("node3"));
        bed.awaitState("node4", "down");
        bed.awaitState("node3", "down");
        assertEquals("idle", bed.state("node1"));

        bed.uncut("node3");
        assertTrue(reachesHead("node3"));
        bed.boot("node4");
        bed.awaitState("node4", "idle");
        assertEquals(0, bed.on("node4", "test", "-e", "/tmp/on-disk").exit());
        assertNotEquals(0, bed.on("node4", "test", "-e", "/dev/shm/in-memory").exit());

        bed.crash("node4");
        bed.bootBlank("node4");
        assertNotEquals(0, bed.on("node4", "test", "-e", "/tmp/on-disk").exit());
    }

    /** bash opens a connection to slurmctld. */
    private static boolean reachesHead(final String node) {
        return bed.on(node, "timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/head/6817").exit() == 0;
    }

    @Test
    @Order(6)
    void mistakesAreToldInOneLineAndExitCodesHandedOn() {
        assertEquals("testbed: node: expected=node1..node4 actual=node5\n", bed.on("node5", "true").err());
        assertEquals(1, bed.on("node5", "true").exit());
        assertEquals(7, bed.on("node1", "sh", "-c", "exit 7").exit());
    }
}
