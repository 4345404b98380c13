package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.mpi.LaunchedService.Said;

/** The service with one replica on each rank: {@code ztp launch}, used by its commands. */
@Timeout(600)
class RankServiceTest {
    private static final int RECORDS = 3_000;
    private static final int FILE_MIB = 256;
    private static final int CHUNK = 4 << 20;

    @TempDir
    private Path directory;

    private Path file(final String name) {
        return directory.resolve(name);
    }

    private void makeFile() throws IOException {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file("data"))) {
            for (int i = 0; i < FILE_MIB; i++) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
    }

    private static Said expect(final int exit, final Said said) {
        assertEquals(exit, said.exit(), said.out() + said.err());
        return said;
    }

    private static String lastLine(final Said said) {
        return said.out().strip().lines().reduce((first, second) -> second).orElseThrow();
    }

    private Said request(final LaunchedService service, final String dataset, final String who, final String... chunks)
            throws IOException {
        Files.deleteIfExists(file("out"));
        final Object[] words = {"request", dataset, "--key", file(who), "--out", file("out")};
        final Object[] all = Arrays.copyOf(words, words.length + chunks.length);
        System.arraycopy(chunks, 0, all, words.length, chunks.length);
        return service.run(all);
    }

    /** The JVM of a rank has its share of the host, and after that what the launcher's own JVM was given. */
    private static void assertHasItsShare(final ProcessHandle rank) throws IOException {
        final List<String> words = List.of(Files.readString(Path.of("/proc/" + rank.pid() + "/cmdline")).split("\0"));
        final List<String> share = new HostShare(Runtime.getRuntime().availableProcessors(), 4).options();
        final int at = words.indexOf(share.get(0));
        assertTrue(at > 0, words::toString);
        assertEquals(share, words.subList(at, at + share.size()));
        assertTrue(words.indexOf("-Xmx256m") > at, words::toString);
    }

    @Test
    void everyCommandServesAsItDoesInOneProcess() throws Exception {
        makeFile();
        try (LaunchedService service = new LaunchedService(directory, 4).launch(0)) {
            for (int rank = 0; rank < 4; rank++) {
                assertHasItsShare(service.process(rank));
            }
            for (final String who : new String[] {"bob", "carol", "mallory"}) {
                expect(0, LaunchedService.ztp("keygen", file(who)));
            }
            Files.writeString(file("policy"), "seekers = [\"bob.pub\"]\n");
            final String dataset = lastLine(expect(0, service.run("publish", file("data"), "--key", service.key, "--policy",
                file("policy"))));
            expect(0, request(service, dataset, "bob"));
            assertEquals(-1, Files.mismatch(file("data"), file("out")));
            assertTrue(expect(3, request(service, dataset, "mallory")).err().contains("rule seekers"));
            expect(0, service.run("grant", dataset, "--key", service.key, "--seeker", file("mallory.pub")));
            expect(0, request(service, dataset, "mallory", "--chunks", "2-3"));
            try (var in = Files.newInputStream(file("data"))) {
                in.skipNBytes(2L * CHUNK);
                assertArrayEquals(in.readNBytes(2 * CHUNK), Files.readAllBytes(file("out")));
            }
            expect(0, service.run("revoke", dataset, "--key", service.key, "--seeker", file("bob.pub")));
            expect(3, request(service, dataset, "bob"));
            approve(service);
            Files.writeString(file("lines"), "line\n".repeat(RECORDS));
            assertEquals(RECORDS + " records are final\n", expect(0, service.run("record", file("lines"), "--key",
                service.key)).out());
            receipt(service, dataset);
            assertTrue(expect(0, service.run("status")).out().contains("has its quorum of 3"));
            assertEquals(0, service.stop());
            service.assertWhole(RECORDS);
        }
    }

    private void approve(final LaunchedService service) throws Exception {
        Files.writeString(file("small"), "some bytes");
        Files.writeString(file("approvals"), "seekers = [\"bob.pub\"]\nrules { approvals { count = 1, approvers = "
            + "[\"carol.pub\"] } }\n");
        final String dataset = lastLine(expect(0, service.run("publish", file("small"), "--key", service.key, "--policy",
            file("approvals"))));
        final CompletableFuture<Said> requested = CompletableFuture.supplyAsync(() -> service.run("request", dataset,
            "--key", file("bob"), "--out", file("approved"), "--timeout", "120"));
        final String pending = Awaitility.await("the request waits").atMost(LaunchedService.PATIENCE).until(() ->
            service.run("log", "--dataset", dataset, "--json").out().lines().filter(line -> line.contains("PENDING"))
                .findFirst().orElse(""), line -> !line.isEmpty());
        expect(0, service.run("approve", pending.replaceAll(".*\"transaction\": ?\"([^\"]*)\".*", "$1"), "--key",
            file("carol")));
        expect(0, requested.get(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(-1, Files.mismatch(file("small"), file("approved")));
    }

    private void receipt(final LaunchedService service, final String dataset) throws IOException {
        final Said log = expect(0, service.run("log", "--dataset", dataset, "--json"));
        assertEquals(2, log.out().lines().filter(line -> line.contains("ALLOWED")).count(), log.out());
        assertEquals(2, log.out().lines().filter(line -> line.contains("DENIED")).count(), log.out());
        final String transaction = log.out().lines().findFirst().orElseThrow()
            .replaceAll(".*\"transaction\": ?\"([^\"]*)\".*", "$1");
        Files.writeString(file("receipt"), expect(0, service.run("receipt", transaction)).out());
        expect(0, LaunchedService.ztp("verify-receipt", file("receipt"), "--genesis", service.cluster.resolve(
            "genesis.conf")));
    }

    @Test
    void recordsBecomeFinalWhateverRankDies() throws Exception {
        final LaunchedService made = new LaunchedService(directory, 4);
        final Path inTheWay = Files.createFile(made.meetingPlace()); // ranks serve without clients on their node, too
        try (LaunchedService service = made.apart().launch(1)) {
            assertTrue(service.said().contains("clients on this node cannot be served: "), service::said);
            Files.delete(inTheWay);
            Files.writeString(file("lines"), "line\n".repeat(RECORDS));
            service.awaitStatus();
            record(service);
            final int victim = service.awaitStatus().getInt("servedByRank");
            service.process(victim).destroyForcibly();
            Awaitility.await("another rank serves the clients").atMost(LaunchedService.PATIENCE).until(() ->
                service.status().filter(status -> status.getInt("servedByRank") != victim).isPresent());
            record(service);
            Awaitility.await("the rank is silent").atMost(LaunchedService.PATIENCE).until(
                () -> service.said().contains("rank " + victim + " is silent"));
            record(service);
            assertEquals(0, service.interrupt());
            assertTrue(service.said().contains("stopped ranks=4 of=5"), service::said);
            assertFalse(service.said().contains("unexpected"), service::said);
            service.assertWhole(3 * RECORDS); // what was driven again may be on the ledger twice, and counts once
        }
    }

    private void record(final LaunchedService service) {
        final Said said = service.run("record", file("lines"), "--key", service.key);
        assertTrue(said.out().startsWith(RECORDS + " records are final"), said.err());
    }

    @Test
    void asManyRanksAsReplicas() throws Exception {
        final Path cluster = file("cluster");
        assertEquals(0, LaunchedService.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        final Said said = LaunchedService.ztp("launch", "-n", 3, "--dir", cluster);
        assertEquals(2, said.exit());
        assertTrue(said.err().contains("ranks: expected=4 actual=3"), said.err());
    }

    @Test
    void nothingIsLaunchedBesideAServiceOfAnotherNode() throws Exception {
        final Path cluster = file("cluster");
        assertEquals(0, LaunchedService.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        assertTrue(new ClusterDirectory(cluster).claims().make(1, "process job=- host=node1 machine=- kernel=other pid=7"));
        final Said said = LaunchedService.ztp("launch", "--dir", cluster);
        assertEquals(4, said.exit());
        assertTrue(said.err().contains(cluster + " is used by process 7 on node1, which has not said that it has ended"),
            said.err());
    }

    @Test
    void startOptionsAreReadAsStartReadsThem() throws Exception {
        final Path cluster = file("cluster");
        assertEquals(0, LaunchedService.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        final Said json = LaunchedService.ztp("launch", "--dir", cluster, "--", "--json");
        assertEquals(2, json.exit());
        assertTrue(json.err().contains("--json is not for them"), json.err());
        final Path wrong = Files.writeString(file("wrong.conf"), "thraeds = 2\n");
        for (final String[] words : new String[][] {{"--config", wrong.toString()}, {"--config=" + wrong}}) {
            final List<Object> all = new ArrayList<>(List.of("launch", "--recover", "--dir", cluster, "--"));
            all.addAll(List.of(words));
            final Said told = LaunchedService.ztp(all.toArray());
            assertEquals(2, told.exit());
            assertTrue(told.err().contains("did you mean threads?"), told.err());
        }
    }
}
