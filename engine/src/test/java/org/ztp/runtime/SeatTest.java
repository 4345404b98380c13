package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;

/** Replica 2 of four, whose processes are those of ranks 2, 4 and 5 of run 7. */
class SeatTest {
    private static final int ROLE = 2;
    private static final long RUN = 7;
    @TempDir
    private Path root;
    private ClusterDirectory directory;
    private Genesis genesis;

    @BeforeEach
    void create() throws Exception {
        directory = new ClusterDirectory(root.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 0).create(directory.root(), 4, 4, Genesis.Limits.DEFAULT, "");
    }

    private Optional<Seat> take(final int number, final int rank) throws Exception {
        return new Taking(directory, genesis, new Incarnation(ROLE, number, RUN, rank)).seat();
    }

    private static void leave(final Seat seat) {
        seat.key().close();
        seat.lock().close();
    }

    @Test
    void aSupersededProcessKeepsToItsOwnData() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        final Seat next = take(1, 4).orElseThrow();
        assertEquals(directory.replica(ROLE), old.data());
        assertEquals(directory.incarnations(ROLE).freshData(1), next.data(), "the old one lives: its lock is held");
        assertTrue(old.superseded().getAsBoolean());
        assertFalse(next.superseded().getAsBoolean());
        leave(old);
        leave(next);
    }

    @Test
    void whoCannotLookForItsMarkWaitsUntilItCan() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        final Path away = root.resolve("away");
        Files.move(directory.root(), away);
        final CompletableFuture<Boolean> looked = CompletableFuture.supplyAsync(old.superseded()::getAsBoolean);
        assertThrows(TimeoutException.class, () -> looked.get(300, TimeUnit.MILLISECONDS));
        Files.move(away, directory.root());
        assertFalse(looked.get(20, TimeUnit.SECONDS));
        leave(old);
    }

    @Test
    void theDataOfAProcessThatIsGoneGoesWithTheRole() throws Exception {
        leave(Seat.first(directory, genesis, RUN, ROLE));
        final Seat next = take(1, 4).orElseThrow();
        assertEquals(directory.replica(ROLE), next.data());
        leave(next);
    }

    @Test
    void whoHasANumberAndNotYetAllElseGoesOnWithItUntilItIsSuperseded() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        final Path inTheWay = directory.incarnations(ROLE).freshData(1);
        Files.createDirectories(inTheWay.getParent());
        Files.createFile(inTheWay);
        try (Taking begun = new Taking(directory, genesis, new Incarnation(ROLE, 1, RUN, 4))) {
            assertThrows(IOException.class, begun::seat);
            assertTrue(begun.hasNumber());
            assertEquals(Optional.empty(), take(1, 4), "another process of the same rank is not it");
            Files.delete(inTheWay);
            final Seat next = begun.seat().orElseThrow();
            assertEquals(inTheWay, next.data());
            assertTrue(old.superseded().getAsBoolean());
            final Seat later = take(2, 5).orElseThrow();
            assertEquals(Optional.empty(), begun.seat());
            later.key().close();
            later.lock().close();
        }
        leave(old);
    }

    @Test
    void aSpareThatComesAfterItsNumberWasPassedOverGetsNothing() throws Exception {
        leave(Seat.first(directory, genesis, RUN, ROLE));
        final Seat second = take(2, 5).orElseThrow();
        assertEquals(Optional.empty(), take(1, 4));
        assertEquals(directory.replica(ROLE), second.data());
        leave(second);
    }

    /** As if the last process with the role's data had run on another node. */
    private void ranElsewhere(final Seat seat) throws Exception {
        Files.writeString(seat.data().resolve(DirectoryLock.FILE_NAME), "9 another-kernel\n");
    }

    @Test
    void aRankOfALaterRunEndsAProcessOfWhichOnlySlurmSaysThatItIsGone() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        old.lock().close(); // where locks do not reach it is free, though the process lives
        ranElsewhere(old);
        final Seat next = Seat.first(directory, genesis, RUN + 1, ROLE);
        assertEquals(new Incarnation(ROLE, 1, RUN + 1, ROLE), next.incarnation());
        assertEquals(old.data(), next.data());
        assertEquals(next.data(), directory.incarnations(ROLE).data());
        assertTrue(old.superseded().getAsBoolean());
        assertFalse(next.superseded().getAsBoolean());
        leave(next);
        leave(Seat.first(directory, genesis, RUN + 2, ROLE));
        assertFalse(next.superseded().getAsBoolean(), "it ran under this kernel, and its lock is free");
        old.key().close();
    }

    @Test
    void aRankThatDiedBeforeItHadTheDataProvesNothingToTheNext() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        leave(old);
        ranElsewhere(old);
        assertTrue(directory.incarnations(ROLE).take(1, 0, false)); // killed here
        final Seat next = Seat.first(directory, genesis, RUN + 1, ROLE);
        assertEquals(2, next.incarnation().number());
        leave(next);
    }

    @Test
    void whoIsKnownToHaveEndedOrStillHasTheDataUsesNoNumberUp() throws Exception {
        final Seat old = Seat.first(directory, genesis, RUN, ROLE);
        ranElsewhere(old);
        assertThrows(StorageException.class, () -> Seat.first(directory, genesis, RUN + 1, ROLE));
        assertEquals(0, directory.incarnations(ROLE).current());
        leave(old);
        ranElsewhere(old);
        directory.incarnations(ROLE).noteEnded(0);
        final Seat next = Seat.first(directory, genesis, RUN + 1, ROLE);
        assertEquals(0, next.incarnation().number());
        assertFalse(directory.incarnations(ROLE).isEnded(0));
        leave(next);
    }
}
