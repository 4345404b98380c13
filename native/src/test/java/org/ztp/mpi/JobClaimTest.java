package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cluster.ClusterDirectory;

@Timeout(60)
final class JobClaimTest {
    @TempDir
    private Path root;
    private ClusterDirectory directory;

    @BeforeEach
    void open() {
        directory = new ClusterDirectory(root);
    }

    private void take(final String id, final JobClaim.Jobs jobs) throws InterruptedException {
        take(id, "", jobs);
    }

    private void take(final String id, final String cluster, final JobClaim.Jobs jobs) throws InterruptedException {
        new JobClaim(directory).take(new JobName(id, cluster), jobs);
    }

    private String claimed() throws Exception {
        return Files.readString(directory.jobFile()).strip();
    }

    @Test
    void aJobThatHasEndedGivesTheDirectoryToTheNext() throws Exception {
        take("7", other -> true);
        take("7", other -> true);
        take("8", other -> false);
        assertEquals("8", claimed());
    }

    @Test
    void aJobThatRunsKeepsIt() throws Exception {
        take("7", other -> true);
        final CommandException refused = assertThrows(CommandException.class, () -> take("8", other -> true));
        assertEquals(Exit.UNAVAILABLE, refused.exit());
        assertTrue(refused.getMessage().contains("is used by job 7"), refused.getMessage());
        assertEquals("7", claimed());
    }

    @Test
    void whoeverClaimedItWhileSlurmWasAskedIsAskedFor() throws Exception {
        Files.writeString(directory.jobFile(), "6\n");
        final CommandException refused = assertThrows(CommandException.class, () -> take("8", other -> {
            write("7");
            return other.equals("7");
        }));
        assertTrue(refused.getMessage().contains("is used by job 7"), refused.getMessage());
        assertEquals("7", claimed());
    }

    @Test
    void ofTwoThatClaimItAtTheSameTimeTheFirstGivesWay() throws Exception {
        final CompletableFuture<Void> first = CompletableFuture.runAsync(() -> assertThrows(CommandException.class,
            () -> take("7", other -> false)));
        Awaitility.await().until(() -> Files.exists(directory.jobFile()));
        write("8");
        first.get();
        assertEquals("8", claimed());
    }

    @Test
    void equalNumbersOfTwoClustersOfMachinesAreTwoJobs() throws Exception {
        take("7", "east", other -> true);
        assertEquals("7@east", claimed());
        final CommandException refused = assertThrows(CommandException.class, () -> take("7", "west", other -> false));
        assertTrue(refused.getMessage().contains("job 7 of the cluster of machines east"), refused.getMessage());
        final CommandException inUse = assertThrows(CommandException.class, () -> take("8", "east", other -> true));
        assertTrue(inUse.getMessage().contains("is used by job 7, which has not ended"), inUse.getMessage());
        assertTrue(inUse.hint().endsWith("--signal=TERM 7"), inUse.hint());
        take("8", "east", other -> false);
        take("9", "", other -> other.equals("7"));
        assertEquals("9", claimed());
        take("9", "east", other -> true);
        assertEquals("9@east", claimed());
    }

    @Test
    void whoseDirectoryWasClaimedSinceIsRefused() throws Exception {
        final JobName own = new JobName("7", "");
        new JobClaim(directory).take(own, other -> false);
        new JobClaim(directory).requireOwn(own);
        write("8");
        assertThrows(CommandException.class, () -> new JobClaim(directory).requireOwn(own));
    }

    @Test
    void aNameIsWhatTheEnvironmentTells() {
        assertEquals(Optional.of(new JobName("7_3", "east")), JobName.parse("7_3@east"));
        assertEquals(Optional.empty(), JobName.parse(""));
        assertEquals(Optional.empty(), JobName.parse("7@a@b"));
        assertEquals("7@east", JobName.of("7", Map.of("SLURM_CLUSTER_NAME", "east")).toString());
        assertEquals("7", JobName.of("7", Map.of("SLURM_CLUSTER_NAME", "no name")).toString());
        assertEquals("7", JobName.of("7", Map.of()).toString());
    }

    private void write(final String id) {
        try {
            final Path draft = Files.writeString(root.resolve("draft"), id + "\n");
            Files.move(draft, directory.jobFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
