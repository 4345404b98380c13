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
import org.ztp.config.Setting;
import org.ztp.tuning.Load;
import org.ztp.tuning.sweep.Outcome;
import org.ztp.tuning.sweep.Point;

/** A service in a process of its own is measured through its clients' rings; without MPI that is {@code ztp start}. */
final class LaunchedClusterTest {
    private static final long SECOND_NS = 1_000_000_000L;

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
                (place, settings) -> LaunchedCluster.start(place, 4, 4, LaunchedCluster.lines(settings),
                    List.of("start")), SECOND_NS / 2)) {
            final Outcome outcome = trials.measure(new Point(point), new Load(2, 8, 10, 64, 0), 0, SECOND_NS);
            assertEquals(Optional.empty(), outcome.failure());
            assertTrue(outcome.perSecond() > 100, outcome.toString());
            assertTrue(outcome.p99Micros() >= outcome.p50Micros() && outcome.p50Micros() > 0, outcome.toString());
        }
        assertEquals(List.of(), left());
        assertTrue(ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void whatTheCommandSaidInsteadIsTold() throws IOException {
        final CommandException failed = assertThrows(CommandException.class,
            () -> LaunchedCluster.start(directory, 4, 4, List.of(), List.of("launched")));
        assertEquals(Exit.UNAVAILABLE, failed.exit());
        assertTrue(failed.getMessage().startsWith("the service did not start: ztp: "), failed.getMessage());
        assertTrue(failed.getMessage().contains("Unmatched argument"), failed.getMessage());
        assertEquals(1, failed.getMessage().lines().count());
        assertEquals(List.of(), left());
    }
}
