package org.ztp.storage.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.storage.Durability;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.storage.disk.SimulatedDisk;

final class BlobStoreTest {
    /** SHA-256 of "abc": FIPS 180-4's example. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    static Path directory;
    private static int number;

    static Stream<Disk> disks() {
        return Stream.of(new FileDisk(directory.resolve("blobs-" + number++)), new SimulatedDisk(1),
            new FileDisk(directory.resolve("blobs-" + number++), PastCache.BOTH_WAYS));
    }

    private static byte[] random(final int seed, final int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<Finding> audit(final Disk disk, final List<String> seen) {
        return BlobAudit.run(disk, (id, length) -> seen.add(id + ":" + length));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aBlobIsNamedByItsHash(final Disk disk) {
        final BlobStore store = new BlobStore(disk, "replica-0");
        final BlobId id = store.put(ByteBuffer.wrap("abc".getBytes(StandardCharsets.US_ASCII)), Durability.DISK);
        assertEquals(ABC, id.toString());
        assertTrue(disk.exists("ba/" + ABC.substring(2)));
        assertEquals(List.of(), disk.list("incoming"));
        final ByteBuffer target = ByteBuffer.allocate(10).position(2);
        assertEquals(new BlobRead(BlobRead.Verdict.VALID, 3), store.read(id, target));
        assertEquals(5, target.position());
        assertArrayEquals("abc".getBytes(StandardCharsets.US_ASCII), Arrays.copyOfRange(target.array(), 2, 5));
        final List<String> seen = new ArrayList<>();
        assertEquals(List.of(), audit(disk, seen));
        assertEquals(List.of(ABC + ":3"), seen);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void blobsOfManySizesComeBackFromAnotherStoreOfTheDirectory(final Disk disk) throws IOException {
        final BlobStore writer = new BlobStore(disk, "writer");
        final BlobStore reader = new BlobStore(disk, "reader");
        final ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);
        int seed = 0;
        for (final int length : new int[] {0, 1, 63, 64, 65, 65_535, 65_536, 65_537, 1 << 20}) {
            final byte[] bytes = random(seed++, length);
            final BlobId id = writer.put(new ByteArrayInputStream(bytes), Durability.OS);
            assertEquals(id, writer.put(ByteBuffer.wrap(bytes), Durability.MEMORY));
            assertTrue(reader.read(id, target.clear()).isValid());
            assertEquals(ByteBuffer.wrap(bytes), target.flip());
        }
        assertEquals(List.of(), audit(disk, new ArrayList<>()));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void absentLongAndDeletedBlobsHaveVerdicts(final Disk disk) {
        final BlobStore store = new BlobStore(disk, "w");
        final BlobId id = store.put(ByteBuffer.wrap(random(1, 100)), Durability.OS);
        final BlobId absent = BlobId.parse(ABC).orElseThrow();
        assertEquals(new BlobRead(BlobRead.Verdict.ABSENT, 0), store.read(absent, ByteBuffer.allocate(100)));
        assertEquals(new BlobRead(BlobRead.Verdict.TOO_LONG, 100), store.read(id, ByteBuffer.allocate(99)));
        assertTrue(store.exists(id));
        assertTrue(store.delete(id));
        assertFalse(store.delete(id));
        assertFalse(store.exists(id));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aBlobThatIsDeletedDuringAnAuditIsNoFinding(final Disk disk) {
        final BlobStore store = new BlobStore(disk, "w");
        final Map<String, BlobId> byDirectory = new HashMap<>();
        Optional<BlobId> other = Optional.empty();
        BlobId id = null;
        for (int seed = 0; other.isEmpty(); seed++) {
            id = store.put(ByteBuffer.wrap(random(seed, 100)), Durability.OS);
            other = Optional.ofNullable(byDirectory.put(id.toString().substring(0, 2), id));
        }
        final boolean before = id.toString().compareTo(other.get().toString()) < 0;
        final BlobId first = before ? id : other.get();
        final BlobId second = before ? other.get() : id;
        final List<BlobId> seen = new ArrayList<>();
        assertEquals(List.of(), BlobAudit.run(disk, (found, length) -> {
            seen.add(found);
            if (found.equals(first)) {
                assertTrue(store.delete(second));
            }
        }));
        assertTrue(seen.contains(first));
        assertFalse(seen.contains(second));
    }

    @Test
    void aBlobThatCannotBeReadHidesNoOther() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final BlobStore store = new BlobStore(disk, "w");
        store.put(ByteBuffer.wrap(random(1, 100)), Durability.OS);
        store.put(ByteBuffer.wrap(random(2, 100)), Durability.OS);
        final long before = disk.calls();
        audit(disk, new ArrayList<>());
        final long calls = disk.calls() - before;
        int unreadable = 0;
        for (int call = 1; call <= calls; call++) {
            disk.failCall(call, SimulatedDisk.Fault.IO);
            final List<String> seen = new ArrayList<>();
            try {
                final List<Finding> findings = audit(disk, seen);
                assertEquals(1, findings.size());
                assertTrue(findings.get(0).isError());
                assertEquals(1, seen.size(), findings.toString());
                unreadable++;
            } catch (final StorageException ofADirectory) {
                assertEquals(StorageException.Kind.IO, ofADirectory.kind());
            }
            disk.killProcess();
        }
        assertTrue(unreadable >= 4, "calls: " + unreadable);
    }

    @Test
    void damageIsFoundByReadersAndAuditAndMendedByPuttingTheBlobAgain() {
        final byte[] bytes = random(2, 300);
        final SimulatedDisk disk = new SimulatedDisk(1);
        final BlobStore store = new BlobStore(disk, "w");
        final BlobId id = store.put(ByteBuffer.wrap(bytes), Durability.DISK);
        final String file = id.toString().substring(0, 2) + '/' + id.toString().substring(2);
        for (int offset = 0; offset < bytes.length; offset++) {
            disk.flip(file, offset, 1 + offset % 255);
            final ByteBuffer target = ByteBuffer.allocate(400);
            assertEquals(BlobRead.Verdict.CORRUPT, store.read(id, target).verdict());
            assertEquals(0, target.position());
            final List<Finding> findings = audit(disk, new ArrayList<>());
            assertEquals(1, findings.size());
            assertEquals(Finding.Kind.CORRUPT, findings.get(0).kind());
            assertEquals(file, findings.get(0).file());
            store.put(ByteBuffer.wrap(bytes), Durability.OS);
            assertTrue(store.read(id, target).isValid());
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void foreignFilesAndLeftoversAreTold(final Disk disk) {
        final BlobStore store = new BlobStore(disk, "w");
        store.put(ByteBuffer.wrap(random(3, 10)), Durability.OS);
        disk.createDirectory("ab");
        disk.createDirectory("xy");
        for (final String name : List.of("notes", "ab/" + "0".repeat(61), "ab/" + "A".repeat(62), "incoming/w-9",
            "incoming/w-x-9", "incoming/other-1")) {
            disk.open(name, Disk.Mode.CREATE).close();
        }
        final List<Finding> findings = audit(disk, new ArrayList<>());
        assertEquals(4, findings.stream().filter(f -> f.kind() == Finding.Kind.FOREIGN).count());
        assertEquals(3, findings.stream().filter(f -> f.kind() == Finding.Kind.LEFTOVER).count());
        assertEquals(1, store.deleteLeftovers());
        assertEquals(2, disk.list("incoming").size());
    }

    @ParameterizedTest
    @EnumSource(value = SimulatedDisk.Fault.class, names = {"IO", "NO_SPACE"})
    void aFailedPutLeavesNothing(final SimulatedDisk.Fault fault) {
        for (int call = 1;; call++) {
            final SimulatedDisk disk = new SimulatedDisk(call);
            final BlobStore store = new BlobStore(disk, "w");
            disk.failCall(call, fault);
            boolean failed = false;
            try {
                store.put(ByteBuffer.wrap(random(4, 5000)), Durability.DISK);
            } catch (final StorageException e) {
                failed = true;
            }
            disk.failCall(Integer.MAX_VALUE, fault);
            assertEquals(List.of(), disk.list("incoming"), "call " + call);
            assertEquals(List.of(), audit(disk, new ArrayList<>()));
            if (!failed) {
                return;
            }
        }
    }

    @Test
    void whatWasPutToDiskSurvivesPowerAndNothingIsEverHalfThere() {
        for (int seed = 0; seed < 200; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final BlobStore store = new BlobStore(disk, "w");
            final byte[] bytes = random(seed, 3000);
            disk.failCall(1 + seed % 16, SimulatedDisk.Fault.CRASH);
            Optional<BlobId> acknowledged = Optional.empty();
            try {
                acknowledged = Optional.of(store.put(ByteBuffer.wrap(bytes), Durability.DISK));
            } catch (final StorageException e) {
                assertTrue(e.getMessage().contains("simulated"), e.getMessage());
            }
            disk.losePower();
            acknowledged.ifPresent(id -> assertTrue(store.read(id, ByteBuffer.allocate(3000)).isValid()));
            assertTrue(audit(disk, new ArrayList<>()).stream().noneMatch(Finding::isError));
        }
    }

    @Test
    void blobsWhoseNamesAreForcedTogetherSurvivePower() {
        for (int seed = 0; seed < 50; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final BlobStore store = new BlobStore(disk, "w");
            final ByteBuffer stage = store.newStage(1000);
            final List<BlobId> ids = new ArrayList<>();
            for (int blob = 0; blob < 20; blob++) {
                try (BlobWriter writer = store.newWriter(stage)) {
                    writer.write(ByteBuffer.wrap(random(100 * seed + blob, 100 * blob)));
                    ids.add(writer.end());
                    writer.placeForced();
                }
            }
            store.forceNames(ids);
            disk.losePower();
            for (final BlobId id : ids) {
                assertTrue(store.read(id, ByteBuffer.allocate(2000)).isValid());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void blobsGoThroughAStageOfAnySize(final Disk disk) {
        final BlobStore store = new BlobStore(disk, "w");
        for (final int length : new int[] {0, 1, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (1 << 20) + 16}) {
            final byte[] bytes = random(length, length);
            final BlobId id;
            try (BlobWriter writer = store.newWriter(store.newStage(8192))) {
                for (int at = 0; at < length; at += 3000) {
                    writer.write(ByteBuffer.wrap(bytes, at, Math.min(3000, length - at)));
                }
                id = writer.end();
                assertThrows(IllegalStateException.class, () -> writer.write(ByteBuffer.allocate(1)));
                assertThrows(IllegalStateException.class, writer::end);
                assertFalse(store.exists(id));
                writer.placeForced();
            }
            final ByteBuffer target = ByteBuffer.allocate(length + 3).position(3);
            final ByteBuffer stage = store.newStage(length);
            assertEquals(new BlobRead(BlobRead.Verdict.VALID, length), store.readThrough(id, target, stage));
            assertEquals(ByteBuffer.wrap(bytes), target.flip().position(3));
            if (length > 4096) {
                assertEquals(new BlobRead(BlobRead.Verdict.TOO_LONG, length),
                    store.readThrough(id, target.clear(), store.newStage(4096)));
                assertEquals(new BlobRead(BlobRead.Verdict.TOO_LONG, length),
                    store.readThrough(id, ByteBuffer.allocate(length - 1), stage));
            }
        }
    }

    @Test
    void aFailingStreamLeavesNothing() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };
        assertThrows(IOException.class, () -> new BlobStore(disk, "w").put(failing, Durability.OS));
        assertEquals(List.of(), disk.fileNames());
    }

    @Test
    void limitsOfLengthAndWriterNameHold() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        try (BlobWriter blob = new BlobStore(disk, "w").newWriter()) {
            final ByteBuffer piece = ByteBuffer.allocate(16 << 20);
            for (int i = 0; i < 4; i++) {
                blob.write(piece.clear());
            }
            blob.write(piece.clear().limit(1024));
            assertThrows(IllegalStateException.class, () -> blob.write(ByteBuffer.allocate(1)));
        }
        assertEquals(List.of(), disk.fileNames());
        assertThrows(IllegalArgumentException.class, () -> new BlobStore(disk, "../x"));
        assertThrows(IllegalArgumentException.class, () -> new BlobStore(disk, ""));
    }

    @Test
    void onlyTheOneHexadecimalFormIsAName() {
        assertEquals(ABC, BlobId.parse(ABC).orElseThrow().toString());
        assertEquals(Optional.empty(), BlobId.parse(ABC.substring(1)));
        assertEquals(Optional.empty(), BlobId.parse(ABC.toUpperCase(java.util.Locale.ROOT)));
        assertEquals(Optional.empty(), BlobId.parse('+' + ABC.substring(1)));
        assertThrows(IllegalArgumentException.class, () -> new BlobId(new byte[31]));
    }
}
