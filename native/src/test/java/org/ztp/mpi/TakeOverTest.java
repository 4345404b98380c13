package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
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
@Timeout(900)
class TakeOverTest {
    /** More with -Dztp.ranks.lines. */
    private static final int LINES = Integer.getInteger("ztp.ranks.lines", 20_000);
    private static final int SUB_CLUSTERS = 3;
    private static final long NAP_NS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    Path directory;

    private Path lines(final int count) throws IOException {
        return Files.write(directory.resolve("lines" + count), IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    private void record(final LaunchedService service) throws IOException {
        assertEquals(0, service.run("record", lines(500), "--key", service.key, "--timeout", "60").exit());
    }

    @Test
    void aSpareRunsEachReplicaWhoseRankDies() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(3)) {
            final Kills killer = new Kills(service);
            final Recording recording = Recording.start(service, LINES);
            final int leader = service.leader();
            final List<Integer> followers = new ArrayList<>(List.of(3, 2, 1, 0));
            followers.remove((Integer) leader);
            killer.kill(followers.subList(0, 1));
            killer.kill(List.of(leader)); // from now on the first spare's vote is needed
            killer.kill(leader == 0 ? followers.subList(1, 2) : List.of(0));
            final int lines = recording.end();
            Awaitility.await("all heads are equal").atMost(LaunchedService.PATIENCE).until(() -> heads(service).size() == 1);
            assertEquals(0, service.status().orElseThrow().getInt("spareRanks"));
            assertEquals(0, service.stop());
            assertFalse(service.said().contains("unexpected"), service::said);
            service.assertWhole(lines);
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
            record(service);
            final Object[] first = killTwo(service, "0a");
            service.awaitIncarnation(0, 1);
            service.awaitIncarnation(1, 1);
            assertEquals(0, service.run(first).exit());
            record(service);
            Awaitility.await("the ledger names them").atMost(LaunchedService.PATIENCE).until(() ->
                service.run("log", "--json").out().lines().filter(line -> line.contains("by its own word")).count() >= 2);
            assertEquals(0, service.stop());
            assertEquals(0, service.run("verify").exit());
            service.launch(0);
            service.awaitIncarnation(0, 1);
            assertEquals(0, service.rankOf(0), "a job that starts anew has each role at its own rank");
            record(service);
            final Object[] second = killTwo(service, "0b");
            assertEquals(0, service.stop());
            service.launch(0);
            assertEquals(0, service.run(second).exit());
            assertEquals(0, service.stop());
            service.assertWhole(3 * 500 + 2);
        }
    }

    /**
     * Without a quorum clients are told so within their time-out; the command that can be given again, with no harm.
     */
    private Object[] killTwo(final LaunchedService service, final String submission) throws IOException {
        Stream.of(0, 1).map(service::process).toList().forEach(ProcessHandle::destroyForcibly);
        final String id = submission.repeat(16);
        final Path lines = lines(1);
        final Said meanwhile = service.run("record", lines, "--key", service.key, "--submission", id, "--timeout", "1");
        assertEquals(4, meanwhile.exit(), meanwhile.out() + meanwhile.err());
        assertTrue(meanwhile.err().contains("hint:"), meanwhile.err());
        return new Object[] {"record", lines, "--key", service.key, "--submission", id, "--timeout", "60"};
    }

    @Test
    void aSleeperWhoseRoleWasGivenAwayHaltsAndShortSleepersGoOn() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launch(1)) {
            final Recording recording = Recording.start(service, 500);
            final int leader = service.leader();
            nap(service, leader);
            final int follower = (service.leader() + 1) % 4;
            nap(service, follower);
            final int sleeper = IntStream.range(0, 4).filter(one -> one != leader && one != follower
                && one != service.awaitStatus().getInt("servedByReplica")).findFirst().orElseThrow();
            final ProcessHandle asleep = service.process(sleeper);
            service.signal("STOP", sleeper);
            service.awaitIncarnation(sleeper, 1);
            record(service);
            assertTrue(asleep.isAlive());
            service.signal("CONT", sleeper);
            asleep.onExit().get(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertTrue(Pattern.compile("replica " + sleeper + " .*a later incarnation").matcher(service.said()).find(),
                service::said);
            final int lines = recording.end();
            service.awaitReplica(sleeper, "has caught up", LaunchedService::votes);
            assertEquals(0, service.stop());
            service.assertWhole(lines + 500);
        }
    }

    /** Lets a replica sleep for five seconds; then it catches up. */
    private static void nap(final LaunchedService service, final int replica) throws Exception {
        service.signal("STOP", replica);
        final long beganNs = System.nanoTime();
        Awaitility.await("five seconds").atMost(LaunchedService.PATIENCE).until(() -> System.nanoTime() - beganNs >= NAP_NS);
        service.signal("CONT", replica);
        final long height = service.awaitStatus().getConfigList("subClusters").get(0).getConfigList("replicas").stream()
            .mapToLong(one -> one.getLong("height")).max().orElseThrow();
        service.awaitReplica(replica, "has caught up", one -> one.getInt("incarnation") == 0 && LaunchedService.votes(one)
            && one.getLong("height") > height);
    }

    @Test
    void subClustersOfRanksGoOnWhenOneIsKilled() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4 * SUB_CLUSTERS, 4).launch(1)) {
            recordInEach(service);
            new Kills(service).kill(List.of((service.awaitStatus().getInt("servedByReplica") + 5) % (4 * SUB_CLUSTERS)));
            recordInEach(service);
            shareAFile(service);
            final List<String> states = service.awaitStatus().getConfigList("subClusters").stream()
                .flatMap(group -> group.getConfigList("replicas").stream()).map(one -> one.getString("state")).toList();
            assertEquals(4 * SUB_CLUSTERS, states.size());
            assertEquals(Set.of("running"), Set.copyOf(states));
            assertEquals(0, service.stop());
            service.assertWhole(2 * SUB_CLUSTERS * 250);
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
                rank.onExit().get(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            mpirun.onExit().get(LaunchedService.PATIENCE.toSeconds(), TimeUnit.SECONDS);
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
