package org.ztp.storage.safety;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.storage.Durability;
import org.ztp.storage.Finding;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.SimulatedDisk;
import org.ztp.storage.safety.SafetyLoad.Status;

final class SafetyStoreTest {
    private static final String NAME = "safety";

    @TempDir
    Path directory;

    /** The n-th record: its number, and bytes that follow from it. */
    private static UnsafeBuffer record(final int number, final int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(number).nextBytes(bytes);
        final UnsafeBuffer record = new UnsafeBuffer(bytes);
        record.putInt(0, number);
        return record;
    }

    private static void store(final SafetyStore store, final int number, final int length,
                              final Durability durability) {
        store.store(record(number, length), 0, length, durability);
    }

    @Test
    void aRecordThatTheFileSystemDoesNotTellOfIsNotAbsent() throws IOException {
        final Path file = directory.resolve(NAME);
        Files.createSymbolicLink(file, file); // there is no way through: ELOOP, for which Files.exists says no

        assertThrows(StorageException.class, () -> load(new FileDisk(directory)));
        assertTrue(Files.isSymbolicLink(file));
    }

    private static SafetyLoad load(final Disk disk) {
        final SafetyStore store = SafetyStore.open(disk, NAME);
        store.abandon();
        return store.loaded();
    }

    private static int number(final SafetyLoad load) {
        return load.record().getInt(0);
    }

    private static SimulatedDisk written(final int records, final int length) {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SafetyStore store = SafetyStore.open(disk, NAME);
        for (int i = 1; i <= records; i++) {
            store(store, i, length, Durability.DISK);
        }
        store.abandon();
        return disk;
    }

    private static SimulatedDisk copy(final SimulatedDisk disk) {
        final SimulatedDisk copy = new SimulatedDisk(2);
        disk.fileNames().forEach(name -> copy.put(name, disk.bytes(name)));
        return copy;
    }

    @Test
    void theLastRecordIsLoadedFromRealFiles() {
        assertLastIsLoaded(new FileDisk(directory));
    }

    @Test
    void theLastRecordIsLoadedFromASimulatedDisk() {
        assertLastIsLoaded(new SimulatedDisk(1));
    }

    private static void assertLastIsLoaded(final Disk disk) {
        assertEquals(Status.ABSENT, load(disk).status());
        final SplittableRandom random = new SplittableRandom(4);
        for (int i = 1; i < 40; i++) {
            final int length = i % 10 == 0 ? SafetyStore.RECORD_BYTES_MAX : 4 + random.nextInt(2000);
            final Durability durability = Durability.values()[random.nextInt(3)];
            try (SafetyStore store = SafetyStore.open(disk, NAME)) {
                store(store, -i, 4, durability);
                store(store, i, length, durability);
            }
            assertEquals(Status.OK, load(disk).status());
            assertEquals(record(i, length), load(disk).record());
            assertEquals(List.of(), SafetyAudit.run(disk, NAME));
        }
    }

    @Test
    void limitsOfTheLengthHold() {
        final SafetyStore store = SafetyStore.open(new SimulatedDisk(1), NAME);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[SafetyStore.RECORD_BYTES_MAX + 1]);
        assertThrows(IllegalArgumentException.class, () -> store.store(bytes, 0, bytes.capacity(), Durability.DISK));
        assertThrows(IndexOutOfBoundsException.class, () -> store.store(bytes, 2, bytes.capacity(), Durability.DISK));
        store.store(bytes, 0, 0, Durability.DISK);
        store.store(bytes, 1, SafetyStore.RECORD_BYTES_MAX, Durability.DISK);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1500, SafetyStore.RECORD_BYTES_MAX})
    void aFlippedByteIsFoundAndMended(final int length) {
        final SimulatedDisk good = written(5, length);
        final int used = length == 1500 ? 4 * SafetyFormat.SECTOR_BYTES : 0;
        for (int offset = 0; offset < SafetyFormat.FILE_BYTES;
             offset += offset % SafetyFormat.SLOT_BYTES < used ? 3 : 1021) {
            good.flip(NAME, offset, 1 + offset % 255);
            final List<Finding> findings = SafetyAudit.run(good, NAME);
            assertEquals(1, findings.size());
            assertEquals(offset / 512 * 512, findings.get(0).offset());
            if (offset % 13 == 0) {
                final SimulatedDisk disk = copy(good);
                final SafetyLoad load = load(disk);
                assertEquals(Status.REPAIRED, load.status());
                assertEquals(record(5, length), load.record());
                assertEquals(List.of(), SafetyAudit.run(disk, NAME));
                assertEquals(Status.OK, load(disk).status());
            }
            good.flip(NAME, offset, 1 + offset % 255);
        }
    }

    @Test
    void anAuditReadsTheLastTwoRecordsAndMendsNothing() {
        final SimulatedDisk disk = written(5, 700);
        assertEquals(List.of(record(4, 700), record(5, 700)), SafetyAudit.records(disk, NAME));
        final byte[] bytes = disk.bytes(NAME);
        bytes[SafetyFormat.sectorOffset(SafetyFormat.firstSlot(5), 0) + 100] ^= 1;
        disk.put(NAME, bytes);
        assertEquals(List.of(record(4, 700), record(5, 700)), SafetyAudit.records(disk, NAME), "from the other copy");
        assertArrayEquals(bytes, disk.bytes(NAME));
        assertEquals(List.of(), SafetyAudit.records(disk, "absent"));
    }

    @Test
    void aFileThatIsCutShortIsLost() {
        final byte[] whole = written(5, 1500).bytes(NAME);
        for (int size = 0; size < whole.length; size += 1021) {
            final SimulatedDisk disk = new SimulatedDisk(2);
            disk.put(NAME, Arrays.copyOf(whole, size));
            assertEquals(Status.LOST, load(disk).status());
            assertFalse(SafetyAudit.run(disk, NAME).isEmpty());
        }
    }

    @Test
    void bothCopiesRottenIsLostAndNotTheRecordBefore() {
        final SimulatedDisk disk = written(5, 1500);
        disk.corruptSector(NAME, SafetyFormat.sectorOffset(2, 0));
        disk.corruptSector(NAME, SafetyFormat.sectorOffset(3, 2));
        final SafetyLoad load = load(disk);
        assertEquals(Status.LOST, load.status());
        assertEquals(4, number(load), "the best that is known");
        assertFalse(SafetyAudit.run(disk, NAME).isEmpty());
        assertEquals(Status.LOST, load(disk).status(), "looking does not change it");

        try (SafetyStore store = SafetyStore.open(disk, NAME)) {
            store(store, 9, 100, Durability.DISK);
        }
        assertEquals(Status.OK, load(disk).status());
        assertEquals(9, number(load(disk)));
        assertTrue(disk.fileNames().contains(NAME + ".lost-1"));
    }

    @Test
    void rotInTheOlderPairIsLostTooForItMayHaveBeenTheNewer() {
        final SimulatedDisk disk = written(5, 100);
        disk.corruptSector(NAME, SafetyFormat.sectorOffset(0, 0));
        assertEquals(Status.REPAIRED, load(disk).status());
        disk.corruptSector(NAME, SafetyFormat.sectorOffset(0, 0));
        disk.corruptSector(NAME, SafetyFormat.sectorOffset(1, 0));
        assertEquals(Status.LOST, load(disk).status());
        assertEquals(5, number(load(disk)));
    }

    @Test
    void anEmptyFileIsLostAndNotAbsent() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        disk.put(NAME, new byte[0]);
        assertEquals(Status.LOST, load(disk).status());
        disk.put(NAME, new byte[SafetyFormat.FILE_BYTES]);
        assertEquals(Status.LOST, load(disk).status());
    }

    @ParameterizedTest
    @EnumSource(SimulatedDisk.Fault.class)
    void anyCallMayFailAndPowerMayBeLostButTheRecordNeverGoesBack(final SimulatedDisk.Fault fault) {
        for (int seed = 0; seed < 500; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final SimulatedDisk disk = new SimulatedDisk(seed);
            int acknowledged = 0;
            for (int run = 0; run < 4; run++) {
                disk.failCall(1 + random.nextInt(20), fault);
                int attempted = acknowledged;
                try {
                    final SafetyStore store = SafetyStore.open(disk, NAME);
                    while (true) {
                        attempted++;
                        store(store, attempted, random.nextBoolean() ? 60 : 3000, Durability.DISK);
                        acknowledged = attempted;
                    }
                } catch (final StorageException e) {
                    assertTrue(e.getMessage().contains("simulated fault"), e.getMessage());
                }
                if (random.nextBoolean()) {
                    disk.losePower();
                } else {
                    disk.killProcess();
                }
                final SafetyLoad load = load(disk);
                if (acknowledged > 0 || load.status() != Status.ABSENT) {
                    final String what = "seed " + seed + " run " + run + " " + load.reason();
                    assertEquals(Status.OK, load.status(), what);
                    assertTrue(number(load) >= acknowledged && number(load) <= attempted, what);
                    acknowledged = number(load);
                    if (random.nextInt(4) == 0) {
                        disk.corruptSector(NAME, random.nextInt(SafetyFormat.FILE_BYTES));
                        assertEquals(acknowledged, number(load(disk)), what);
                    }
                }
            }
        }
    }

    @Test
    void aRecordThatWasNotForcedIsLostWithTheMachineAndNeverReplacedByAnOlder() {
        for (int seed = 0; seed < 500; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final SimulatedDisk disk = new SimulatedDisk(seed);
            final SafetyStore store = SafetyStore.open(disk, NAME);
            int last = 0;
            for (int i = random.nextInt(4); i >= 0; i--) {
                store(store, ++last, 60, Durability.DISK);
            }
            for (int i = random.nextInt(6); i >= 0; i--) {
                store(store, ++last, 1000, Durability.OS);
            }
            disk.killProcess();
            assertEquals(last, number(load(disk)));
            disk.losePower();
            assertEquals(Status.LOST, load(disk).status(), "seed " + seed);
        }
    }

    @Test
    void aCleanCloseForcesTheLastRecord() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        try (SafetyStore store = SafetyStore.open(disk, NAME)) {
            store(store, 1, 100, Durability.MEMORY);
            store(store, 2, 100, Durability.OS);
        }
        disk.losePower();
        assertEquals(Status.OK, load(disk).status());
        assertEquals(2, number(load(disk)));
    }

    @Test
    void aFailedStoreKillsTheStore() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final SafetyStore store = SafetyStore.open(disk, NAME);
        store(store, 1, 100, Durability.DISK);
        disk.failCall(3, SimulatedDisk.Fault.NO_SPACE);
        assertEquals(StorageException.Kind.NO_SPACE,
            assertThrows(StorageException.class, () -> store(store, 2, 100, Durability.DISK)).kind());
        assertThrows(StorageException.class, () -> store(store, 3, 100, Durability.DISK));
        store.close();
        assertThrows(StorageException.class, () -> store(store, 4, 100, Durability.DISK));
    }

    @Test
    void storingAllocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final UnsafeBuffer record = record(1, 700);
        try (SafetyStore store = SafetyStore.open(new FileDisk(directory), NAME)) {
            long allocated = 0;
            for (int round = 0; round < 3; round++) {
                final long before = threads.getThreadAllocatedBytes(self);
                for (int i = 0; i < 2000; i++) {
                    store.store(record, 0, 700, Durability.OS);
                }
                allocated = threads.getThreadAllocatedBytes(self) - before;
            }
            assertEquals(0, allocated, 1000, "bytes in 2,000 stores");
        }
    }
}
