package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.mpi.LaunchedService.Said;

/**
 * Trouble at the checkpoints of real ranks: each kind ends in a defined state, and the service goes on with a spare.
 */
@Timeout(900)
class FaultedRanksTest {
    private static final int REQUESTS = 20;

    @TempDir
    Path directory;

    private Path lines() throws IOException {
        return Files.write(directory.resolve("lines"), IntStream.range(0, 200).mapToObj(i -> "line " + i).toList());
    }

    private void record(final LaunchedService service) throws IOException {
        final Said said = service.run("record", lines(), "--key", service.key, "--timeout", "60");
        assertEquals("200 records are final\n", said.out(), said.err());
    }

    private String publish(final LaunchedService service, final byte[] plain) throws IOException {
        Files.write(directory.resolve("data"), plain);
        Files.writeString(directory.resolve("policy"), "seekers = [\"key.pub\"]\n");
        final Said said = service.run("publish", directory.resolve("data"), "--key", service.key, "--policy",
            directory.resolve("policy"), "--chunk-size", "64KiB");
        assertEquals(0, said.exit(), said.err());
        return said.out().strip().lines().reduce((first, second) -> second).orElseThrow();
    }

    private Said request(final LaunchedService service, final String dataset) throws IOException {
        Files.deleteIfExists(directory.resolve("out"));
        return service.run("request", dataset, "--key", service.key, "--out", directory.resolve("out"), "--timeout", "60");
    }

    /** Requests until one has met the planned trouble, and what that one came to; the others are served. */
    private Said requestThatMeets(final LaunchedService service, final String dataset, final Path planned)
            throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            final Said said = request(service, dataset);
            if (!Files.exists(planned)) {
                return said;
            }
            assertEquals(0, said.exit(), said.err());
        }
        throw new AssertionError("nobody reached " + planned);
    }

    @Test
    void aKeyRequestSurvivesTheDeathOfARankInTheMiddleOfTheAccumulation() throws Exception {
        final byte[] plain = new byte[1 << 20];
        new Random(1).nextBytes(plain);
        try (LaunchedService service = new LaunchedService(directory, 4).launchWithFaults(2)) {
            final String dataset = publish(service, plain);
            final int gateway = service.status().orElseThrow().getInt("servedByReplica");
            final int other = (gateway + 1) % 4;
            final Said atOther = requestThatMeets(service, dataset, service.plan(other, "contribute.kill"));
            assertEquals(0, atOther.exit(), atOther.err());
            assertArrayEquals(plain, Files.readAllBytes(directory.resolve("out")));
            service.awaitIncarnation(other, 1);
            final Said atGateway = requestThatMeets(service, dataset, service.plan(gateway, "contribute.kill"));
            assertTrue(atGateway.exit() == 0 || atGateway.exit() == 4 && atGateway.err().contains("hint:"),
                atGateway.err());
            service.awaitIncarnation(gateway, 1);
            assertEquals(0, request(service, dataset).exit());
            assertArrayEquals(plain, Files.readAllBytes(directory.resolve("out")));
            assertEquals(0, service.stop());
            assertEquals(0, service.run("verify").exit());
        }
    }

    @Test
    void aSpareRunsTheReplicaOfARankThatDiesWhileItStarts() throws Exception {
        final LaunchedService made = new LaunchedService(directory, 4);
        made.plan(2, "start.kill");
        try (LaunchedService service = made.launchWithFaults(2, 1)) {
            service.awaitLine("ranks that have not come up: [2]; the service has 1 spares");
            final int taker = service.rankOf(2);
            assertTrue(taker >= 4);
            record(service);
            final Path planned = service.plan(1, "start.full");
            service.process(1).destroyForcibly();
            service.awaitIncarnation(1, 1);
            assertFalse(Files.exists(planned), "it tried again");
            assertEquals(9 - taker, service.rankOf(1));
            record(service);
            assertEquals(0, service.stop());
        }
    }

    @Test
    void memoryThatIsOutAFullDiskAndExceptionsEndARankAndASpareTakesOver() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launchWithFaults(4)) {
            record(service);
            final List<String> trouble = List.of("journal.oom", "journal.full", "exchange.exception",
                "ingest.exception");
            for (int replica = 0; replica < trouble.size(); replica++) {
                final ProcessHandle process = service.process(service.rankOf(replica));
                final Path planned = service.plan(replica, trouble.get(replica));
                final Config taken = service.awaitIncarnation(replica, 1);
                assertFalse(Files.exists(planned));
                process.onExit().get(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertTrue(taken.getInt("rank") >= 4);
                service.awaitLine("replica " + replica + " cannot go on: ");
                record(service);
            }
            service.plan(2, "exit.exception");
            assertEquals(4, service.stop());
            assertTrue(service.said().contains("not stopped in order"), service::said);
            assertEquals(0, service.run("verify").exit());
        }
    }
}
