package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Root;
import org.ztp.runtime.ReplicaLife.Origin;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.safety.SafetyStore;
import org.ztp.wire.Hash;

/** Which record a replica's life goes on from, when jobs move from nodes to nodes and end as they like. */
final class ReplicaLifeTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    @TempDir
    private Path temporary;
    private Path shared;
    private Path node;
    private Path other;

    @BeforeEach
    void aNewReplica() throws Exception {
        shared = Files.createDirectories(temporary.resolve("shared"));
        node = Files.createDirectories(temporary.resolve("node"));
        other = Files.createDirectories(temporary.resolve("other"));
        Files.createDirectories(shared.resolve("safety"));
        ReplicaStore.create(shared.resolve("safety"), Root.genesis(CHAIN));
    }

    private ReplicaLife next(final Path local) {
        return ReplicaLife.next(shared, local, 0, new SystemRandomness());
    }

    /** A life that begins, does something, and is killed. */
    private ReplicaLife live(final Path local, final Origin expected) {
        final ReplicaLife life = next(local);
        assertEquals(expected, life.origin());
        life.prepare();
        if (expected != Origin.LOST) {
            assertTrue(Files.exists(local.resolve("safety").resolve("record")));
        } else {
            assertTrue(Files.notExists(local.resolve("safety")));
            assertTrue(Files.notExists(local.resolve("journal")));
            ReplicaStore.create(create(local.resolve("safety")), Root.genesis(CHAIN));
        }
        create(local.resolve("journal"));
        life.begin();
        return life;
    }

    private static Path create(final Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void end(final ReplicaLife life) {
        life.handOver();
        life.end();
    }

    @Test
    void theFirstLifeIsNewAndTheNextOnTheSameNodeGoesOnThere() {
        live(node, Origin.NEW);
        assertTrue(Files.notExists(shared.resolve("safety")), "nobody can begin with it again");
        live(node, Origin.HERE);
        end(live(node, Origin.HERE));
        live(node, Origin.HERE);
    }

    @Test
    void aLifeThatEndedInOrderIsGoneOnFromAnywhereOnce() {
        end(live(node, Origin.NEW));
        live(other, Origin.HANDED_OVER);
        live(node, Origin.LOST);
    }

    @Test
    void whetherAnotherHasBegunIsNotKnownWhereTheSharedDirectoryIsGone() throws Exception {
        final ReplicaLife first = live(node, Origin.NEW);
        assertTrue(first.isLast());
        final ReplicaLife second = live(other, Origin.LOST);
        assertFalse(first.isLast());
        Files.move(shared, temporary.resolve("elsewhere"));
        assertThrows(StorageException.class, second::isLast);
    }

    @Test
    void aLifeThatWasKilledElsewhereIsLostAndSoIsWhatAnOlderOneLeftHere() {
        live(node, Origin.NEW);
        live(other, Origin.LOST);
        live(node, Origin.LOST);
        end(live(node, Origin.HERE));
        live(other, Origin.HANDED_OVER);
    }

    @Test
    void aLifeThatWasKilledAsItBeganHadNotVoted() throws Exception {
        end(live(node, Origin.NEW));
        final byte[] last = Files.readAllBytes(shared.resolve("life"));
        final Path handover = temporary.resolve("kept");
        copy(shared.resolve("handover"), handover);
        live(other, Origin.HANDED_OVER);
        Files.write(shared.resolve("life"), last); // as if killed before this was written
        copy(handover, shared.resolve("handover"));
        assertEquals(Origin.HERE, next(other).origin());
        assertEquals(Origin.HERE, next(node).origin());
        final Path third = create(temporary.resolve("third"));
        assertEquals(Origin.HANDED_OVER, next(third).origin());
        live(third, Origin.HANDED_OVER);
        assertEquals(Origin.LOST, next(other).origin());
        assertEquals(Origin.LOST, next(node).origin());
    }

    private static void copy(final Path from, final Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void livesBeforeARestartAreVoid() {
        end(live(node, Origin.NEW));
        assertEquals(Origin.LOST, ReplicaLife.next(shared, node, 1, new SystemRandomness()).origin());
        final Root root = Root.anew(7, CHAIN, 1);
        ReplicaLife.anew(shared, root, new SystemRandomness());
        final ReplicaLife first = ReplicaLife.next(shared, node, 1, new SystemRandomness());
        assertEquals(Origin.HANDED_OVER, first.origin());
        first.prepare();
        assertEquals(Optional.of(SafetyState.initial(root)), record(node));
    }

    private static Optional<SafetyState> record(final Path local) {
        try (SafetyStore store = SafetyStore.open(new FileDisk(local.resolve("safety")), "record")) {
            final byte[] bytes = new byte[store.loaded().record().capacity()];
            store.loaded().record().getBytes(0, bytes);
            return SafetyState.decode(bytes);
        }
    }

    @Test
    void nothingOnTheNodeIsTouchedWhileTheSharedDirectoryDoesNotTell() throws Exception {
        live(node, Origin.NEW);
        final Path life = shared.resolve("life");
        final byte[] last = Files.readAllBytes(life);
        Files.delete(life);
        Files.createSymbolicLink(life, life); // there is no way through: ELOOP, for which Files.exists says no
        assertThrows(StorageException.class, () -> next(node).prepare());
        Files.delete(life);
        Files.move(shared, temporary.resolve("elsewhere")); // as if it were not mounted
        assertThrows(StorageException.class, () -> next(node).prepare());
        Files.move(temporary.resolve("elsewhere"), shared);
        assertTrue(Files.exists(node.resolve("journal")));
        Files.write(life, last);
        live(node, Origin.HERE);
    }

    @Test
    void aReplicaThatKeptItsJournalInTheClustersDirectoryIsNotSplitInTwo() {
        create(shared.resolve("journal"));
        assertThrows(StorageException.class, () -> next(node));
    }
}
