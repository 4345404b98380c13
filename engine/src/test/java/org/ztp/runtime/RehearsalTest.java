package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.config.Configuration;

/** What a spare does while it waits. */
@Timeout(120)
class RehearsalTest {
    private final List<String> said = new CopyOnWriteArrayList<>();

    @TempDir
    Path place;

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.toList();
        }
    }

    @Test
    void itServesAndLeavesNothingBehind() throws Exception {
        final Rehearsal rehearsal = Rehearsal.start(place, Configuration.defaults(), said::add);
        rehearsal.await();
        assertEquals(List.of(), left());
        assertEquals(List.of(), said);
    }

    @Test
    void oneThatIsEndedLeavesNothingBehindEitherNorWhatAKilledOneLeft() throws Exception {
        Files.createDirectory(place.resolve("ztp-rehearsal-999999999-1"), // no process has such a pid
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final Rehearsal rehearsal = Rehearsal.start(place, Configuration.defaults(), said::add);
        rehearsal.close();
        rehearsal.await();
        assertEquals(List.of(), left());
        assertEquals(List.of(), said);
    }

    @Test
    void afterHalfAMinuteItTakesNoFurtherStep() throws Exception {
        final AtomicLong asked = new AtomicLong();
        final long endsAt = 6; // when it began, before its first act, and before its first four bundles
        final Rehearsal rehearsal = Rehearsal.start(place, Configuration.defaults(), said::add,
            () -> asked.incrementAndGet() <= endsAt ? Rehearsal.MOST_NS - 1 : 2 * Rehearsal.MOST_NS - 1);
        rehearsal.await();
        assertEquals(endsAt + 2, asked.get(), "no bundle and no act after the limit");
        assertEquals(30_000_000_000L, Rehearsal.MOST_NS);
        assertEquals(List.of(), left());
        assertEquals(List.of(), said);
    }

    @Test
    void oneThatCannotBeDoneIsTold() throws Exception {
        final Rehearsal rehearsal = Rehearsal.start(place.resolve("none"), Configuration.defaults(), said::add);
        rehearsal.await();
        assertEquals(1, said.size());
        assertTrue(said.get(0).contains("could not rehearse"), said::toString);
    }
}
