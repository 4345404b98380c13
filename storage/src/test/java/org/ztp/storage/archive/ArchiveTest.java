package org.ztp.storage.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.archive.TestLedger.ORIGIN;
import static org.ztp.storage.archive.TestLedger.TAG;
import static org.ztp.storage.archive.TestLedger.entries;
import static org.ztp.storage.archive.TestLedger.into;
import static org.ztp.storage.archive.TestLedger.link;
import static org.ztp.storage.archive.TestLedger.write;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.SimulatedDisk;

final class ArchiveTest {
    @TempDir
    static Path directory;
    private static int number;

    static Stream<Disk> disks() {
        return Stream.of(new FileDisk(directory.resolve("archive-" + number++)), new SimulatedDisk(1));
    }

    private static Archive archive(final Disk disk, final String writer) {
        return new Archive(disk, TAG, ORIGIN, writer);
    }

    private static void assertReplays(final Disk disk, final long from, final long through) {
        final List<TestLedger.Entry> seen = new ArrayList<>();
        final Archive.Replayed replayed = archive(disk, "reader").replay(from, into(seen));
        assertEquals(through, replayed.height());
        assertEquals(entries(from, through), seen);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatOneNodeAppendsAnotherReplaysFromAnyHeight(final Disk disk) {
        final Archive archive = archive(disk, "replica-0");
        assertEquals(new Archive.Head(0, ORIGIN), archive.head());
        assertReplays(disk, 1, 0);
        write(archive, 1, 10);
        write(archive, 11, 11);
        write(archive, 12, 200);
        assertEquals(new Archive.Head(200, link(200)), archive.head());
        assertEquals(new Archive.Head(200, link(200)), archive(disk, "replica-1").head());
        for (final long from : new long[] {1, 2, 10, 11, 12, 13, 199, 200, 201}) {
            assertReplays(disk, from, 200);
        }
        assertEquals(new ArchiveAudit(List.of(), List.of(), 200), archive.audit());
        assertEquals(0, archive.deleteCovered(TestLedger::ends));
        assertEquals(List.of(), disk.list("incoming"));
    }

    @Test
    void whatIsJoinedDuringAnAuditIsNoFinding() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "replica-0");
        write(archive, 1, 10);
        write(archive, 11, 20);
        write(archive, 21, 30);
        final AtomicBoolean joined = new AtomicBoolean();
        final Disk changing = (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class},
            (proxy, method, arguments) -> {
                final Object answer;
                try {
                    answer = method.invoke(disk, arguments);
                } catch (final InvocationTargetException failed) {
                    throw failed.getCause();
                }
                if (method.getName().equals("open") && !joined.getAndSet(true)) {
                    final Archive other = archive(disk, "replica-1");
                    write(other, 11, 30);
                    assertEquals(2, other.deleteCovered(TestLedger::ends));
                }
                return answer;
            });
        assertEquals(new ArchiveAudit(List.of(), List.of(), 30), ArchiveAudit.run(changing, TAG, ORIGIN));
        assertTrue(joined.get());
    }

    @ParameterizedTest
    @MethodSource("disks")
    void recordsOfManySizesComeBack(final Disk disk) {
        final Archive archive = archive(disk, "w");
        final List<byte[]> payloads = new ArrayList<>();
        final UnsafeBuffer shifted = new UnsafeBuffer(new byte[3_000_000]);
        for (final int length : new int[] {0, 1, 7, 8, 9, 262_144 - 192, 262_143, 262_144, 262_145, 2_000_000, 3}) {
            final byte[] payload = new byte[length];
            new SplittableRandom(length).nextBytes(payload);
            payloads.add(payload);
        }
        try (ChunkWriter chunk = archive.newChunk(1, ORIGIN)) {
            for (int i = 0; i < payloads.size(); i++) {
                shifted.putBytes(i, payloads.get(i));
                chunk.append(1 + i / 2, 255, shifted, i, payloads.get(i).length);
            }
            assertEquals(6, chunk.last());
            chunk.finish(link(6));
        }
        final List<byte[]> seen = new ArrayList<>();
        archive.replay(1, (height, kind, buffer, offset, length) -> {
            final byte[] payload = new byte[length];
            buffer.getBytes(offset, payload);
            assertEquals(1 + seen.size() / 2, height);
            assertEquals(255, kind);
            seen.add(payload);
        });
        assertEquals(payloads.size(), seen.size());
        for (int i = 0; i < seen.size(); i++) {
            assertEquals(new UnsafeBuffer(payloads.get(i)), new UnsafeBuffer(seen.get(i)));
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatTwoWritersWroteAtOnceIsReplayedOnceAndTidied(final Disk disk) {
        final Archive slow = archive(disk, "replica-0");
        final Archive taking = archive(disk, "replica-1");
        write(slow, 1, 10);
        write(slow, 11, 40);
        write(taking, 11, 20);
        write(taking, 21, 45);
        write(slow, 41, 60);
        assertReplays(disk, 1, 60);
        assertReplays(disk, 15, 60);
        assertEquals(60, taking.head().height());
        final ArchiveAudit audit = taking.audit();
        assertEquals(60, audit.height());
        assertEquals(List.of(), audit.damaged());
        assertTrue(audit.findings().stream().noneMatch(Finding::isError), audit.findings().toString());
        assertEquals(1, taking.deleteCovered(TestLedger::ends));
        assertReplays(disk, 1, 60);
    }

    @Test
    void whatALostBranchWroteNeitherCountsNorHasAnythingDeleted() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        write(archive, 1, 5);
        final Chunk small = write(archive, 6, 7);
        try (ChunkWriter lost = archive(disk, "old").newChunk(6, link(5))) {
            TestLedger.append(lost, 6, 10);
            lost.finish(link(99));
        }
        final Archive.Known known = archive.forcedHead(TestLedger::ends);
        assertEquals(new Archive.Known(new Archive.Head(10, link(99)), 5), known);
        assertEquals(0, archive.deleteCovered(TestLedger::ends));
        assertTrue(disk.exists(small.fileName()));
        write(archive, 8, 15);
        assertEquals(5, archive.forcedHead(TestLedger::ends).own(), "readers take 6 and 7 from the lost branch");
        assertEquals(0, archive(disk, "old").deleteCovered(chunk -> chunk.link().equals(link(99))),
            "neither does who follows the lost branch");
        disk.delete(new Chunk(6, 10, link(99)).fileName());
        assertEquals(15, archive.forcedHead(TestLedger::ends).own());
        assertReplays(disk, 1, 15);
    }

    @Test
    void aHeightIsWholeOrNotGivenAndTheRestComesFromOverlappingChunks() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        final Chunk first = write(archive, 1, 20);
        write(archive, 15, 30);
        disk.flip(first.fileName(), disk.bytes(first.fileName()).length / 2, 1);
        final List<TestLedger.Entry> seen = new ArrayList<>();
        final Archive.Replayed replayed = archive.replay(1, into(seen));
        assertEquals(entries(1, replayed.height()), seen);
        assertTrue(replayed.height() >= 5 && replayed.height() < 15, replayed.toString());
        assertEquals(1, replayed.findings().size());
        disk.flip(first.fileName(), disk.bytes(first.fileName()).length / 2, 1);
        disk.flip(first.fileName(), disk.bytes(first.fileName()).length - 1, 1);
        assertReplays(disk, 1, 30);
    }

    @Test
    void everyFlippedBitIsFoundAndTheChunkWrittenAgain() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        write(archive, 1, 3);
        final Chunk damaged = write(archive, 4, 5);
        write(archive, 6, 7);
        final byte[] whole = disk.bytes(damaged.fileName());
        final SplittableRandom random = new SplittableRandom(9);
        for (int offset = 0; offset < whole.length; offset++) {
            disk.flip(damaged.fileName(), offset, 1 << random.nextInt(8));
            final ArchiveAudit audit = archive.audit();
            assertEquals(List.of(damaged), audit.damaged(), "offset " + offset);
            assertEquals(3, audit.height());
            final List<TestLedger.Entry> seen = new ArrayList<>();
            final Archive.Replayed replayed = archive.replay(1, into(seen));
            assertTrue(replayed.height() >= 3 && replayed.height() < 5, "offset " + offset + " " + replayed);
            assertEquals(entries(1, replayed.height()), seen);
            assertEquals(damaged, write(archive, damaged.first(), damaged.last()));
            assertEquals(new ArchiveAudit(List.of(), List.of(), 7), archive.audit());
        }
    }

    @Test
    void cutGrownAndEmptyFilesAreFound() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        final Chunk chunk = write(archive, 1, 5);
        final byte[] whole = disk.bytes(chunk.fileName());
        for (int length = 0; length < whole.length + 9; length += length < whole.length - 9 ? 7 : 1) {
            if (length != whole.length) {
                disk.put(chunk.fileName(), java.util.Arrays.copyOf(whole, length));
                assertEquals(List.of(chunk), archive.audit().damaged(), "length " + length);
                assertEquals(0, archive(disk, "fresh").head().height());
                assertReplays(disk, 1, 0);
            }
        }
    }

    @Test
    void aMissingChunkIsAGap() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        write(archive, 1, 3);
        final Chunk missing = write(archive, 4, 5);
        write(archive, 6, 7);
        disk.delete(missing.fileName());
        assertEquals(new Archive.Head(3, link(3)), archive.head());
        assertReplays(disk, 1, 3);
        final ArchiveAudit audit = archive.audit();
        assertEquals(3, audit.height());
        assertEquals(Finding.Kind.MISSING, audit.findings().get(0).kind());
        write(archive, 4, 5);
        assertReplays(disk, 1, 7);
    }

    @Test
    void aChunkOfAnotherChainOrAnotherForkIsNotTaken() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        write(archive, 1, 3);
        try (ChunkWriter chunk = archive.newChunk(4, link(99))) {
            TestLedger.append(chunk, 4, 9);
            chunk.finish(link(9));
        }
        assertReplays(disk, 1, 3);
        assertEquals(3, archive.audit().height());
        write(archive, 4, 6);
        assertReplays(disk, 1, 6);
        final byte[] other = new byte[32];
        assertEquals(0, new Archive(disk, other, ORIGIN, "w").head().height());
        assertEquals(3, new Archive(disk, other, ORIGIN, "w").audit().damaged().size());
    }

    @Test
    void foreignFilesAndLeftoversAreTold() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive archive = archive(disk, "w");
        write(archive, 1, 3);
        archive.newChunk(4, link(3));
        archive(disk, "w-2").newChunk(4, link(3));
        for (final String name : List.of("notes", "0".repeat(16) + '-' + "0".repeat(16) + '-' + ORIGIN + ".chunk")) {
            disk.open(name, Disk.Mode.CREATE).close();
        }
        final List<Finding> findings = archive.audit().findings();
        assertEquals(2, findings.stream().filter(f -> f.kind() == Finding.Kind.FOREIGN).count());
        assertEquals(2, findings.stream().filter(f -> f.kind() == Finding.Kind.LEFTOVER).count());
        assertEquals(1, archive.deleteLeftovers());
        assertEquals(1, disk.list("incoming").size());
    }

    @Test
    void whoSeemedToBeGoneDoesNotNameWhatItsSuccessorWrites() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final Archive paused = new Archive(disk, TAG, ORIGIN, "w", "0".repeat(16));
        final Archive successor = new Archive(disk, TAG, ORIGIN, "w", "1".repeat(16));
        try (ChunkWriter old = paused.newChunk(1, ORIGIN)) {
            TestLedger.append(old, 1, 9);
            assertEquals(1, successor.deleteLeftovers());
            try (ChunkWriter begun = successor.newChunk(1, ORIGIN)) {
                TestLedger.append(begun, 1, 4);
                assertThrows(StorageException.class, () -> old.finish(link(9)));
                assertEquals(0, successor.head().height());
                begun.finish(link(4));
            }
        }
        assertReplays(disk, 1, 4);
        assertEquals(List.of(), disk.list("incoming"));
    }

    @Test
    void onlyHeightsThatFollowAndKindsThatExistAreAppended() {
        final Archive archive = archive(new SimulatedDisk(1), "w");
        final UnsafeBuffer nothing = new UnsafeBuffer(new byte[1]);
        try (ChunkWriter chunk = archive.newChunk(5, link(4))) {
            assertThrows(IllegalStateException.class, () -> chunk.finish(link(4)));
            for (final long height : new long[] {0, 4, 6}) {
                assertThrows(IllegalArgumentException.class, () -> chunk.append(height, 1, nothing, 0, 1));
            }
            assertThrows(IllegalArgumentException.class, () -> chunk.append(5, 0, nothing, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> chunk.append(5, 256, nothing, 0, 1));
            chunk.append(5, 1, nothing, 0, 1);
            chunk.append(6, 1, nothing, 0, 1);
            assertThrows(IllegalArgumentException.class, () -> chunk.append(5, 1, nothing, 0, 1));
            chunk.finish(link(6));
            assertThrows(IllegalStateException.class, () -> chunk.finish(link(6)));
            assertThrows(IllegalArgumentException.class, () -> chunk.append(7, 1, nothing, 0, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> archive(new SimulatedDisk(1), "../w"));
    }

    @Test
    void onlyTheOneFormIsAName() {
        final Chunk chunk = new Chunk(1, 0x3e8, ORIGIN);
        final String name = chunk.fileName();
        assertEquals("0000000000000001-00000000000003e8-" + ORIGIN + ".chunk", name);
        assertEquals(Optional.of(chunk), Chunk.parse(name));
        for (final String other : List.of(name + "x", name.toUpperCase(java.util.Locale.ROOT), "01" + name.substring(2),
            new Chunk(1, 2, ORIGIN).fileName().replace("0001-", "0003-"), name.replace("0001-", "0000-"))) {
            assertEquals(Optional.empty(), Chunk.parse(other), other);
        }
        assertFalse(Chunk.parse(new Chunk(Chunk.HEIGHT_MAX, Chunk.HEIGHT_MAX, ORIGIN).fileName()).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new Link(new byte[31]));
    }
}
