package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.tuning.Load;
import org.ztp.tuning.LoadGenerator;
import org.ztp.tuning.sweep.Outcome;
import org.ztp.tuning.sweep.Point;

/** A service in a process of its own is measured through its clients' rings; without MPI that is {@code ztp start}. */
final class LaunchedClusterTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int LIMIT = 2 * Configuration.defaults().count(Setting.CLIENT_REQUESTS);

    @TempDir
    private Path directory;

    private List<Path> left() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void itIsMeasuredAndNothingIsLeftBehind() throws IOException {
        final Map<Setting, String> point = new EnumMap<>(Setting.class);
        point.put(Setting.SCHEDULE, "dynamic,8");
        point.put(Setting.THREADS, "1");
        try (ClusterTrials trials = new ClusterTrials(directory, Map.of(Setting.DURABILITY, "memory"),
                (place, settings) -> LaunchedCluster.start(place, 4, 4, settings, List.of("start")),
                SECOND_NS / 2)) {
            final Outcome outcome = trials.measure(new Point(point), new Load(2, 8, 10, 64, 0), 0, SECOND_NS);
            assertEquals(Optional.empty(), outcome.failure());
            assertTrue(outcome.perSecond() > 100, outcome.toString());
            assertTrue(outcome.p99Micros() >= outcome.p50Micros() && outcome.p50Micros() > 0, outcome.toString());
        }
        assertEquals(List.of(), left());
        assertTrue(ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    /** Batches wait for a second, so that most can be seen to have been taken in: of two other clients 512 at most. */
    @Test
    void itsClientsMayHaveMoreInFlightThanOthers() throws IOException {
        final Map<Setting, String> settings = new EnumMap<>(Map.of(Setting.DURABILITY, "memory",
            Setting.BATCH_LINGER, "1s", Setting.VIEW_TIMEOUT, "10s"));
        try (LaunchedCluster cluster = LaunchedCluster.start(directory, 4, 4, settings, List.of("start"));
             LoadGenerator generator = new LoadGenerator(new Load(4, 300, 1, 64, 0), cluster.chain(), cluster.handler())) {
            final ServiceView service = new ServiceView(cluster.handler());
            generator.start();
            final long beganNs = System.nanoTime();
            int most = 0;
            while (most <= LIMIT && System.nanoTime() - beganNs < 20 * SECOND_NS) {
                most = Math.max(most, service.subClusters().get(0).getInt("pendingBundles"));
            }
            assertTrue(most > LIMIT, most + " " + generator.tally().brokenBy());
        }
    }

    /** A text with what would end it, if it were written as it is. */
    @Test
    void settingsArriveAsTheyAre() throws IOException {
        final Path archive = Files.createDirectory(directory.resolve("a\"b\\c"));
        LaunchedCluster.start(directory, 4, 4, Map.of(Setting.ARCHIVE_DIR, archive.toString()), List.of("start")).close();
        try (var files = Files.list(archive)) {
            assertTrue(files.findAny().isPresent());
        }
    }

    @Test
    void whatTheCommandSaidInsteadIsTold() throws IOException {
        final CommandException failed = assertThrows(CommandException.class,
            () -> LaunchedCluster.start(directory, 4, 4, Map.of(), List.of("launched")));
        assertEquals(Exit.UNAVAILABLE, failed.exit());
        assertTrue(failed.getMessage().startsWith("the service did not start: ztp: "), failed.getMessage());
        assertTrue(failed.getMessage().contains("Unmatched argument"), failed.getMessage());
        assertEquals(1, failed.getMessage().lines().count());
        assertEquals(List.of(), left());
    }
}
