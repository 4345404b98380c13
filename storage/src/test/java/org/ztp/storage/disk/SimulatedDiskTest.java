package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.storage.StorageException;

final class SimulatedDiskTest {
    private static byte[] filled(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static SimulatedDisk tornAt(final long seed) {
        final SimulatedDisk disk = new SimulatedDisk(seed);
        try (DiskFile file = disk.open("f", Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(filled(2048, 1)), 0);
            file.force();
            disk.forceDirectory("");
            file.write(ByteBuffer.wrap(filled(2048, 2)), 0);
        }
        disk.losePower();
        return disk;
    }

    @Test
    void powerTearsUnforcedWritesAtSectorsAndTheSameSeedTearsThemTheSame() {
        final Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            final byte[] bytes = tornAt(seed).bytes("f");
            assertArrayEquals(bytes, tornAt(seed).bytes("f"));
            for (int sector = 0; sector < 2048; sector += 512) {
                assertArrayEquals(filled(512, bytes[sector]), Arrays.copyOfRange(bytes, sector, sector + 512));
            }
            seen.add(bytes[0] + "," + bytes[512] + "," + bytes[1024] + "," + bytes[1536]);
        }
        assertEquals(16, seen.size(), "every subset happens");
    }

    @Test
    void namesSurvivePowerOnlyWhenTheirDirectoryWasForced() {
        boolean lost = false;
        boolean kept = false;
        for (int seed = 0; seed < 50; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            disk.open("forced", Disk.Mode.CREATE).close();
            disk.forceDirectory("");
            disk.open("unforced", Disk.Mode.CREATE).close();
            disk.losePower();
            assertTrue(disk.exists("forced"));
            lost |= !disk.exists("unforced");
            kept |= disk.exists("unforced");
        }
        assertTrue(lost && kept);
    }

    @Test
    void aKilledProcessLosesItsOpenFilesAndNothingElse() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final long incarnation = disk.incarnation();
        final DiskFile file = disk.open("f", Disk.Mode.CREATE);
        file.write(ByteBuffer.wrap(filled(700, 3)), 0);
        disk.killProcess();
        assertThrows(StorageException.class, file::size);
        assertArrayEquals(filled(700, 3), disk.bytes("f"));
        assertEquals(incarnation, disk.incarnation());
        disk.losePower();
        assertNotEquals(incarnation, disk.incarnation());
    }

    @Test
    void aCrashFailsEveryCallUntilTheRestart() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        disk.open("f", Disk.Mode.CREATE).close();
        disk.failCall(2, SimulatedDisk.Fault.CRASH);
        assertTrue(disk.exists("f"));
        assertThrows(StorageException.class, () -> disk.exists("f"));
        assertThrows(StorageException.class, () -> disk.exists("f"));
        disk.killProcess();
        assertTrue(disk.exists("f"));
    }

    @Test
    void aMisdirectedWriteLandsInAnotherSectorAndTheNextOneWhereItShould() {
        boolean elsewhere = false;
        for (int seed = 0; seed < 20; seed++) {
            final SimulatedDisk disk = new SimulatedDisk(seed);
            try (DiskFile file = disk.open("f", Disk.Mode.CREATE)) {
                file.write(ByteBuffer.wrap(filled(2048, 1)), 0);
                disk.misdirect(2);
                file.size();
                file.write(ByteBuffer.wrap(filled(512, 2)), 0);
                final byte[] bytes = disk.bytes("f");
                elsewhere |= bytes[0] == 1;
                int sectors = 0;
                for (int at = 0; at < bytes.length; at += 512) {
                    sectors += bytes[at] == 2 ? 1 : 0;
                }
                assertEquals(1, sectors, "seed " + seed);
                file.write(ByteBuffer.wrap(filled(512, 3)), 0);
                assertEquals(3, disk.bytes("f")[0]);
            }
        }
        assertTrue(elsewhere);
    }

    @Test
    void theCapacityHoldsAndForcesAreTold() {
        final SimulatedDisk disk = new SimulatedDisk(1);
        final List<String> forces = new ArrayList<>();
        disk.onForce(forces::add);
        disk.capacityBytes(1000);
        try (DiskFile file = disk.open("f", Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(new byte[1000]), 0);
            file.write(ByteBuffer.wrap(new byte[1000]), 0);
            assertEquals(StorageException.Kind.NO_SPACE, assertThrows(StorageException.class,
                () -> file.write(ByteBuffer.wrap(new byte[1]), 1000)).kind());
            file.force();
        }
        disk.forceDirectory("");
        assertEquals(List.of("f", ""), forces);
    }
}
