package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClaimFiles;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.storage.disk.DirectoryLock;

@Timeout(60)
final class ClaimTest {
    @TempDir
    private Path root;
    private ClusterDirectory directory;
    /** Whose jobs are asked for. */
    private String slurm = "";

    @BeforeEach
    void open() {
        directory = new ClusterDirectory(root);
    }

    /** Each job is on nodes of its own. */
    private static ClaimHolder job(final String id, final String cluster) {
        return new ClaimHolder(true, Optional.of(new JobName(id, cluster)), Optional.of("node" + id), Optional.of("m" + id),
            Optional.of("boot" + id), 9);
    }

    private static ClaimHolder process(final String host, final String kernel) {
        return process(host, "m-" + host, kernel);
    }

    private static ClaimHolder process(final String host, final String machine, final String kernel) {
        return new ClaimHolder(false, Optional.empty(), Optional.of(host), Optional.of(machine), Optional.of(kernel), 9);
    }

    /** What a Slurm says of jobs. */
    private interface Told {
        boolean isActive(String id);
    }

    private Claim take(final ClaimHolder own, final Told told) throws InterruptedException {
        return Claim.take(directory, own, new Claim.Jobs() {
            @Override
            public boolean isActive(final String id) {
                return told.isActive(id);
            }

            @Override
            public String cluster() {
                return slurm;
            }
        });
    }

    /** What is told apart when the lock says nothing, as where it does not reach the other node, or its owner was killed. */
    private void takeAndLetGo(final ClaimHolder own, final Told jobs) throws InterruptedException {
        take(own, jobs).close();
    }

    private CommandException refused(final ClaimHolder own, final Told jobs) throws Exception {
        final Optional<ClaimFiles.Claim> before = directory.claims().last();
        final CommandException refused = assertThrows(CommandException.class, () -> takeAndLetGo(own, jobs));
        assertEquals(Exit.UNAVAILABLE, refused.exit());
        assertEquals(before, directory.claims().last());
        return refused;
    }

    private String claimed() throws Exception {
        return directory.claims().last().orElseThrow().holder();
    }

    @Test
    void aJobThatHasEndedGivesTheDirectoryToTheNext() throws Exception {
        takeAndLetGo(job("7", ""), other -> true);
        takeAndLetGo(job("7", ""), other -> true);
        takeAndLetGo(job("8", ""), other -> false);
        assertEquals(job("8", "").toString(), claimed());
    }

    @Test
    void aJobThatRunsKeepsIt() throws Exception {
        takeAndLetGo(job("7", ""), other -> true);
        final CommandException refused = refused(job("8", ""), other -> true);
        assertTrue(refused.getMessage().endsWith(" is used by job 7, which has not ended"), refused.getMessage());
        assertTrue(refused.hint().endsWith("--signal=TERM 7, or if it waits in the queue: scancel 7"), refused.hint());
        final CommandException here = refused(process("login1", "boot1"), other -> true);
        assertTrue(here.getMessage().endsWith(" is used by job 7, which has not ended"), here.getMessage());
    }

    @Test
    void whoOnlyReadsIsToldWhoUsesItAndClaimsNothing() throws Exception {
        final Claim.Jobs none = new Claim.Jobs() {
            @Override
            public boolean isActive(final String id) {
                throw new CommandException(Exit.UNAVAILABLE, "no squeue", "try again");
            }

            @Override
            public String cluster() {
                return "";
            }
        };
        final ClaimHolder reader = process("login1", "boot1");
        assertEquals(Optional.empty(), Claim.user(directory, reader, none));
        assertFalse(Files.exists(directory.claims().claims()));
        takeAndLetGo(process("login1", "boot1"), other -> true);
        assertEquals(Optional.empty(), Claim.user(directory, reader, none), "it was killed here");
        directory.claims().end(1);
        takeAndLetGo(job("7", ""), other -> true);
        assertTrue(Claim.user(directory, reader, none).orElseThrow().contains("no squeue"), "nobody tells");
        directory.claims().end(2);
        assertEquals(Optional.empty(), Claim.user(directory, reader, none));
        try (Claim running = take(reader, other -> true)) {
            assertTrue(Claim.user(directory, reader, none).isPresent(), running.toString());
        }
    }

    @Test
    void whoHasSaidThatItIsOverIsNotAskedFor() throws Exception {
        take(job("7", ""), other -> true).end(said -> assertEquals("", said));
        takeAndLetGo(job("8", ""), other -> true);
        assertEquals(job("8", "").toString(), claimed());
    }

    @Test
    void whereSlurmDoesNotTellNobodyIsTakenForEnded() throws Exception {
        takeAndLetGo(job("7", ""), other -> true);
        final CommandException refused = refused(process("laptop", "boot1"), other -> {
            throw new CommandException(Exit.UNAVAILABLE, "no squeue", "try again");
        });
        assertTrue(refused.getMessage().endsWith(": no squeue"), refused.getMessage());
        final Path mark = directory.claims().overMark(1);
        assertTrue(refused.hint().endsWith("if it has ended: touch " + mark), refused.hint());
        Files.createFile(mark);
        takeAndLetGo(process("laptop", "boot1"), other -> true);
    }

    @Test
    void whoeverClaimedItWhileSlurmWasAskedHasIt() throws Exception {
        takeAndLetGo(job("6", ""), other -> false);
        final CommandException refused = assertThrows(CommandException.class, () -> take(job("8", ""), other -> {
            assertTrue(claimElsewhere(2, job("7", "")));
            return false;
        }));
        assertTrue(refused.getMessage().contains("is used by job 7"), refused.getMessage());
        assertEquals(job("7", "").toString(), claimed());
    }

    private boolean claimElsewhere(final long number, final ClaimHolder holder) {
        try {
            return directory.claims().make(number, holder.toString());
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void ofManyThatHaveSeenTheSameOneAloneHasTheNext() throws Exception {
        takeAndLetGo(job("6", ""), other -> false);
        final ExecutorService threads = Executors.newFixedThreadPool(8);
        final List<Future<Boolean>> made = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            final ClaimHolder own = job(Integer.toString(10 + i), "");
            made.add(threads.submit((Callable<Boolean>) () -> directory.claims().make(2, own.toString())));
        }
        int winners = 0;
        for (final Future<Boolean> one : made) {
            winners += one.get() ? 1 : 0;
        }
        threads.shutdown();
        assertEquals(1, winners);
        assertTrue(directory.claims().holds(2));
    }

    @Test
    void whoStalledForManyClaimsFindsThatItsIsNotTheLast() throws Exception {
        for (int number = 1; number < 30; number++) {
            take(job("7", ""), other -> false).end(said -> assertEquals("", said));
        }
        assertFalse(directory.claims().make(3, job("8", "").toString()));
        assertEquals(29, directory.claims().last().orElseThrow().number());
        try (var files = Files.list(directory.claims().claims())) {
            assertTrue(files.count() < 25, "old claims go");
        }
    }

    @Test
    void underOneKernelTheLockTellsWhoHasEnded() throws Exception {
        final ClaimHolder own = process("node1", "boot1");
        final Claim held = take(own, other -> true);
        final CommandException refused = assertThrows(CommandException.class, () -> take(own, other -> true));
        assertTrue(refused.getMessage().endsWith(" is used by process 9 on node1, which has not ended"), refused.getMessage());
        held.close();
        takeAndLetGo(own, other -> true);
        takeAndLetGo(process("node1", "started again"), other -> true);
    }

    @Test
    void ofTwoMachinesWithOneNameNeitherIsTheOtherStartedAgain() throws Exception {
        final ClaimHolder unknown = new ClaimHolder(false, Optional.empty(), Optional.of("login1"), Optional.empty(),
            Optional.of("boot1"), 9);
        takeAndLetGo(process("login1", "east", "boot1"), other -> true);
        for (final ClaimHolder other : List.of(process("login1", "west", "boot2"), new ClaimHolder(false, Optional.empty(),
            Optional.of("login1"), Optional.empty(), Optional.of("boot2"), 9))) {
            refused(other, job -> false);
        }
        takeAndLetGo(unknown, other -> true);
        refused(process("login1", "east", "boot2"), other -> false);
    }

    @Test
    void ranksThatStillEndKeepTheDirectoryThoughWhoClaimedForThemIsGone() throws Exception {
        final ClaimHolder own = process("node1", "boot1");
        takeAndLetGo(own, other -> true);
        final Path data = Files.createDirectories(directory.replica(2));
        final DirectoryLock rank = DirectoryLock.acquire(data);
        final CommandException refused = refused(own, other -> true);
        assertTrue(refused.getMessage().endsWith(" is used by another process: " + data + " is locked"), refused.getMessage());
        rank.close();
        assertFalse(directory.claims().last().orElseThrow().over(), "others still see that nobody has said so");
        takeAndLetGo(own, other -> true);
    }

    @Test
    void aProcessOfAnotherMachineHasEndedOnlyWhenItSaysSoOrItsJobHas() throws Exception {
        takeAndLetGo(process("node1", "boot1"), other -> false);
        final CommandException refused = refused(process("node2", "boot2"), other -> false);
        assertTrue(refused.getMessage().endsWith(" is used by process 9 on node1, which has not said that it has ended"),
            refused.getMessage());
        Files.createFile(directory.claims().overMark(1));
        takeAndLetGo(new ClaimHolder(false, Optional.of(new JobName("7", "")), Optional.empty(), Optional.empty(),
            Optional.of("boot3"), 9),
            other -> true);
        refused(job("8", ""), other -> true);
        refused(job("7", ""), other -> true);
        takeAndLetGo(job("8", ""), other -> false);
    }

    @Test
    void equalNumbersOfTwoClustersOfMachinesAreTwoJobs() throws Exception {
        takeAndLetGo(job("7", "east"), other -> true);
        final CommandException refused = refused(job("7", "west"), other -> false);
        assertTrue(refused.getMessage().contains("job 7 of the cluster of machines east"), refused.getMessage());
        takeAndLetGo(job("8", "east"), other -> false);
        slurm = "east";
        takeAndLetGo(job("9", ""), other -> other.equals("7"));
        takeAndLetGo(job("9", ""), other -> true);
        takeAndLetGo(job("9", "east"), other -> false);
        assertEquals(job("9", "east").toString(), claimed());
    }

    @Test
    void whoIsInNoJobAsksNoOtherSlurmThanTheOneThatKnowsTheJob() throws Exception {
        takeAndLetGo(job("7", "east"), other -> true);
        for (final String known : new String[] {"west", ""}) {
            slurm = known;
            final CommandException refused = refused(process("login", "boot9"), other -> false);
            assertTrue(refused.getMessage().contains("job 7 of the cluster of machines east"), refused.getMessage());
            assertTrue(refused.hint().endsWith("if it has ended: touch " + directory.claims().overMark(1)), refused.hint());
            refused(job("7", ""), other -> false);
        }
        slurm = "east";
        refused(process("login", "boot9"), other -> true);
        takeAndLetGo(process("login", "boot9"), other -> false);
    }

    @Test
    void aRankBeginsOnlyWhileItsLaunchersClaimCounts() throws Exception {
        takeAndLetGo(job("7", ""), other -> true);
        System.setProperty(Claim.PROPERTY, "1");
        try {
            Claim.requireForRank(directory);
            takeAndLetGo(job("8", ""), other -> false);
            assertEquals(Exit.UNAVAILABLE, assertThrows(CommandException.class, () -> Claim.requireForRank(directory)).exit());
        } finally {
            System.clearProperty(Claim.PROPERTY);
        }
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        for (final ClaimHolder holder : List.of(job("7_3", "east"), process("a", "b"), ClaimHolder.here(false, Map.of()),
            ClaimHolder.here(true, Map.of("SLURM_JOB_ID", "7", "SLURM_CLUSTER_NAME", "east")))) {
            assertEquals(Optional.of(holder), ClaimHolder.parse(holder.toString()));
        }
        assertEquals(Optional.empty(), ClaimHolder.parse("7"));
        claimElsewhere(1, job("7", ""));
        Files.writeString(directory.claims().claims().resolve("1"), "garbage");
        assertTrue(refused(process("a", "b"), other -> false).getMessage().contains("garbage"));
    }

    @Test
    void aNameIsWhatTheEnvironmentTells() {
        assertEquals(Optional.of(new JobName("7_3", "east")), JobName.parse("7_3@east"));
        assertEquals(Optional.empty(), JobName.parse(""));
        assertEquals(Optional.empty(), JobName.parse("7@a@b"));
        assertEquals("7@east", JobName.of("7", Map.of("SLURM_CLUSTER_NAME", "east")).toString());
        assertEquals("7", JobName.of("7", Map.of("SLURM_CLUSTER_NAME", "no name")).toString());
        assertEquals(Optional.of(new JobName("7", "")), JobName.of(Map.of("SLURM_JOB_ID", "7")));
        assertEquals(Optional.empty(), JobName.of(Map.of()));
    }

    /** As users see it: one line, a hint, and exit code 4, whatever would run replicas. */
    @Test
    void nothingRunsReplicasBesideAnotherNode() throws Exception {
        final ArchivedCluster archived = ArchivedCluster.in(root);
        final Path cluster = archived.cluster();
        final Path key = archived.key();
        final ClaimFiles claims = new ClusterDirectory(cluster).claims();
        assertTrue(claims.make(1, "process job=- host=node1 machine=- kernel=other pid=7"));
        for (final Object[] words : new Object[][] {{"start"}, {"record", key, "--key", key, "--local"}, {"log", "--local"},
            {"recover"}, {"recover", "--yes"}, {"start", "--transport", "mpi"}}) {
            final Object[] all = Arrays.copyOf(words, words.length + 2);
            all[words.length] = "--dir";
            all[words.length + 1] = cluster;
            final Run run = Run.ztp(all);
            assertEquals(4, run.exit(), run.err());
            assertTrue(run.err().contains(cluster + " is used by process 7 on node1, which has not said"), run.err());
            assertTrue(run.err().contains("if it has ended: touch " + claims.overMark(1)), run.err());
        }
        assertEquals(1, claims.last().orElseThrow().number());
        Files.createFile(claims.overMark(1));
        assertEquals(0, Run.ztp("record", key, "--key", key, "--local", "--dir", cluster).exit());
        assertTrue(claims.last().orElseThrow().over());
    }
}
