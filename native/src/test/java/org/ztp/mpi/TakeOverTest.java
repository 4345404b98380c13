package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.SubClusters;
import org.ztp.crypto.SshPublicKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.mpi.LaunchedService.Said;
import org.ztp.wire.Hash;

/** Spare ranks take the roles of ranks that die or sleep; everything is in real processes. */
@Timeout(300)
class TakeOverTest {
    /** More with -Dztp.ranks.lines. */
    private static final int LINES = Integer.getInteger("ztp.ranks.lines", 20_000);
    /** Three with -Dztp.ranks.sub-clusters=3: each is four ranks more on this machine. */
    private static final int SUB_CLUSTERS = Integer.getInteger("ztp.ranks.sub-clusters", 2);

    @TempDir
    Path directory;

    private Path lines(final int count) throws IOException {
        return Files.write(directory.resolve("lines"), IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    private static CompletableFuture<Said> recording(final LaunchedService service, final Path lines) {
        return CompletableFuture.supplyAsync(() -> service.run("record", lines, "--key", service.key, "--timeout", "120"));
    }

    /** Kills the rank of a replica; then a spare has to run it within some seconds, and to vote. */
    private static void kill(final LaunchedService service, final int replica, final int incarnation) throws Exception {
        final long killedNs = System.nanoTime();
        service.process(service.rankOf(replica)).destroyForcibly();
        service.awaitIncarnation(replica, incarnation);
        System.out.printf("replica %d runs again after %d ms, last gap between blocks %d ms%n", replica,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs), service.lastGapMillis());
    }

    private static void assertWhole(final LaunchedService service, final int lines) throws IOException {
        final Said verified = service.run("verify");
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        final Set<UUID> seen = new HashSet<>(); // of the transactions' names, as small as may be
        final Path log = service.cluster.resolveSibling("log");
        service.writeLog(log);
        try (Stream<String> told = Files.lines(log)) {
            told.filter(line -> line.contains("\"RECORD\"") && line.contains("ACCEPTED")).forEach(line ->
                assertTrue(seen.add(UUID.nameUUIDFromBytes(line.replaceAll(".*\"transaction\": ?\"([^\"]*)\".*", "$1")
                    .getBytes(StandardCharsets.UTF_8))), line));
        }
        assertEquals(lines, seen.size());
    }

    @Test
    void aSpareRunsEachReplicaWhoseRankDies() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(3)) {
            final CompletableFuture<Said> recording = recording(service, lines(LINES));
            final int leader = service.leader();
            final int follower = leader == 3 ? 2 : 3;
            kill(service, follower, 1);
            kill(service, leader, 1);
            kill(service, follower, 2); // the votes of both spares were needed since
            // it may add how many bundles it had to drive again
            assertTrue(recording.get().out().startsWith(LINES + " records are final"), () -> recording.join().err());
            final Config status = service.status().orElseThrow();
            Awaitility.await("all heads are equal").atMost(LaunchedService.PATIENCE).until(() -> heads(service).size() == 1);
            assertEquals(0, status.getInt("spareRanks"));
            assertEquals(0, service.stop());
            assertFalse(service.said().contains("unexpected"), service::said);
            assertWhole(service, LINES);
        }
    }

    private static Set<Long> heads(final LaunchedService service) {
        final Set<Long> heads = new HashSet<>();
        service.status().orElseThrow().getConfigList("subClusters").get(0).getConfigList("replicas")
            .forEach(one -> heads.add(one.getLong("height")));
        return heads;
    }

    @Test
    void withoutAQuorumSparesTakeOverFromRanksThatTheLauncherSawEnd() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(2)) {
            assertEquals(0, service.run("record", lines(500), "--key", service.key).exit());
            final List<ProcessHandle> victims = Stream.of(0, 1).map(service::process).toList();
            victims.forEach(ProcessHandle::destroyForcibly);
            final Said meanwhile = service.run("record", lines(10), "--key", service.key, "--timeout", "1");
            assertEquals(4, meanwhile.exit(), meanwhile.out() + meanwhile.err());
            service.awaitIncarnation(0, 1);
            service.awaitIncarnation(1, 1);
            assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
            Awaitility.await("the ledger names them").atMost(LaunchedService.PATIENCE).until(() ->
                service.run("log", "--json").out().lines().filter(line -> line.contains("by its own word")).count() >= 2);
            assertEquals(0, service.stop());
            assertEquals(0, service.run("verify").exit());
            service.launch(0);
            service.awaitIncarnation(0, 1);
            assertEquals(0, service.rankOf(0), "a job that starts anew has each role at its own rank");
            assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
            assertEquals(0, service.stop());
            assertEquals(0, service.run("verify").exit());
        }
    }

    @Test
    void aSleeperWhoseRoleWasGivenAwayHaltsAndAShortSleeperGoesOn() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(1)) {
            assertEquals(0, service.run("record", lines(500), "--key", service.key).exit());
            final int serving = service.status().orElseThrow().getInt("servedByReplica");
            final int leader = service.leader();
            final int napper = leader == serving ? (serving + 1) % 4 : leader;
            service.signal("STOP", napper);
            service.awaitReplica(napper, "is silent", one -> one.getString("state").equals("silent"));
            assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
            service.signal("CONT", napper);
            service.awaitReplica(napper, "is back", one -> one.getString("state").equals("running")
                && one.getInt("incarnation") == 0);
            final int sleeper = IntStream.range(0, 4).filter(one -> one != serving && one != napper).findFirst()
                .orElseThrow();
            final ProcessHandle asleep = service.process(sleeper);
            service.signal("STOP", sleeper);
            service.awaitIncarnation(sleeper, 1);
            assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
            assertTrue(asleep.isAlive());
            service.signal("CONT", sleeper);
            asleep.onExit().get(60, TimeUnit.SECONDS);
            assertTrue(service.said().contains("replica " + sleeper + " has a later incarnation than this process"),
                service::said);
            assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
            assertEquals(0, service.stop());
            assertEquals(0, service.run("verify").exit());
        }
    }

    @Test
    void subClustersOfRanksGoOnWhenOneIsKilled() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4 * SUB_CLUSTERS, 4).launch(1)) {
            recordInEach(service);
            final int victim = (service.awaitStatus().getInt("servedByReplica") + 5) % (4 * SUB_CLUSTERS);
            kill(service, victim, 1);
            recordInEach(service);
            shareAFile(service);
            final List<String> states = service.awaitStatus().getConfigList("subClusters").stream()
                .flatMap(group -> group.getConfigList("replicas").stream()).map(one -> one.getString("state")).toList();
            assertEquals(4 * SUB_CLUSTERS, states.size());
            assertEquals(Set.of("running"), Set.copyOf(states));
            assertEquals(0, service.stop());
            assertWhole(service, 2 * SUB_CLUSTERS * 250);
        }
    }

    /** Records in each sub-cluster, through the one rank that serves clients, and proofs of what is on each chain. */
    private void recordInEach(final LaunchedService service) throws Exception {
        final SubClusters all = SubClusters.of(new ClusterDirectory(service.cluster).readGenesis());
        final Hash client = Hash.of(SshPublicKey.read(Path.of(service.key + ".pub")).key().bytes());
        for (int home = 0; home < SUB_CLUSTERS; home++) {
            final Said said = service.run("record", lines(250), "--key", service.key, "--timeout", "60", "--submission",
                HexFormat.of().formatHex(all.newSubmission(client, home, new SystemRandomness())));
            assertEquals(0, said.exit(), said.err());
        }
        final Said log = service.run("log", "--json");
        for (int home = 0; home < SUB_CLUSTERS; home++) {
            final Pattern there = Pattern.compile("\"subCluster\": ?" + home + ".*\"transaction\": ?\"([^\"]*)\"");
            final Matcher told = there.matcher(log.out());
            assertTrue(told.find(), () -> log.out() + log.err());
            final Said receipt = service.run("receipt", told.group(1));
            assertEquals(0, receipt.exit(), receipt.err());
            assertEquals(0, LaunchedService.ztp("verify-receipt", Files.writeString(directory.resolve("receipt"),
                receipt.out()), "--genesis", service.cluster.resolve("genesis.conf")).exit());
        }
    }

    /** Whichever sub-cluster the dataset belongs to. */
    private void shareAFile(final LaunchedService service) throws IOException {
        final Path file = lines(1_000);
        final Path policy = Files.writeString(directory.resolve("policy"), "seekers = [\"" + service.key + ".pub\"]");
        final Said published = service.run("publish", file, "--key", service.key, "--policy", policy);
        assertEquals(0, published.exit(), published.err());
        final Said got = service.run("request", published.out().lines().reduce("", (first, last) -> last), "--key",
            service.key, "--out", directory.resolve("got"));
        assertEquals(0, got.exit(), got.err());
        assertEquals(-1, Files.mismatch(file, directory.resolve("got")));
    }

    @Test
    void ranksEndWhenTheLauncherWasKilled() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(1)) {
            final List<ProcessHandle> ranks = IntStream.range(0, 5).mapToObj(service::process).toList();
            final ProcessHandle mpirun = ranks.get(0).parent().orElseThrow();
            final List<Path> shared = service.inSharedMemory();
            assertEquals(2, shared.size(), shared::toString);
            service.launcher().destroyForcibly();
            for (final ProcessHandle rank : ranks) {
                rank.onExit().get(60, TimeUnit.SECONDS);
            }
            mpirun.onExit().get(60, TimeUnit.SECONDS);
            service.launch(0);
            assertEquals(0, service.stop());
            assertTrue(shared.stream().noneMatch(Files::exists));
        }
    }

    @Test
    void nothingIsLeftWhenAllRanksWereKilled() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(0)) {
            final List<Path> shared = service.inSharedMemory();
            assertEquals(2, shared.size(), shared::toString);
            final Path ofMpirun = shared.stream().filter(path -> path.toString().contains("/ztp-mpi-")).findFirst().orElseThrow();
            try (Stream<Path> files = Files.list(ofMpirun)) { // so that it goes with the rest, whatever becomes of mpirun
                assertTrue(files.anyMatch(path -> path.getFileName().toString().startsWith("ompi.")), "its temporary directory");
            }
            IntStream.range(0, 4).mapToObj(service::process).toList().forEach(ProcessHandle::destroyForcibly);
            assertEquals(4, service.awaitEnd());
        }
    }
}
