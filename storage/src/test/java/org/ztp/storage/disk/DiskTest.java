package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ztp.storage.StorageException;

/** What both disks promise. */
final class DiskTest {
    @TempDir
    static Path directory;
    private static int number;

    static Stream<Disk> disks() {
        final String name = "disk-" + number++;
        return Stream.of(new FileDisk(directory.resolve(name)), new SimulatedDisk(1),
            new FileDisk(directory).directory(name + "-view"), new SimulatedDisk(1).directory("a/b"));
    }

    private static byte[] read(final Disk disk, final String name) {
        try (DiskFile file = disk.open(name, Disk.Mode.READ)) {
            final ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            assertEquals(bytes.capacity(), file.read(bytes, 0));
            return bytes.array();
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void filesGrowShrinkAndKeepWhatIsWritten(final Disk disk) {
        try (DiskFile file = disk.open("f", Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 2);
            file.write(ByteBuffer.wrap(new byte[] {4, 5, 6, 7}, 1, 2), 0);
            assertEquals(5, file.size());
            file.truncate(9);
            assertEquals(5, file.size());
            file.force();
            final ByteBuffer part = disk.newBuffer(8);
            assertEquals(2, file.read(part.position(1), 3));
            assertEquals(3, part.position());
            assertEquals(2, part.get(1));
            assertEquals(0, file.read(part, 5));
            assertEquals(0, file.read(part, 1000));
            file.truncate(4);
            file.write(ByteBuffer.wrap(new byte[] {9}), 6);
        }
        assertArrayEquals(new byte[] {5, 6, 1, 2, 0, 0, 9}, read(disk, "f"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void largeBuffersOfEitherKindAreWrittenWhole(final Disk disk) {
        final byte[] bytes = new byte[(3 << 20) + 17];
        new java.util.SplittableRandom(3).nextBytes(bytes);
        try (DiskFile file = disk.open("large", Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), bytes.length);
        }
        assertArrayEquals(bytes, java.util.Arrays.copyOf(read(disk, "large"), bytes.length));
        assertEquals(2 * bytes.length, read(disk, "large").length);
    }

    @ParameterizedTest
    @MethodSource("disks")
    void namesAreCreatedListedRenamedAndDeleted(final Disk disk) {
        assertEquals(List.of(), disk.list(""));
        assertEquals(List.of(), disk.list("absent"));
        disk.createDirectory("d/e");
        disk.createDirectory("d/e");
        disk.open("d/y", Disk.Mode.CREATE).close();
        disk.open("d/x", Disk.Mode.CREATE).close();
        assertEquals(List.of(new Disk.Entry("e", true), new Disk.Entry("x", false), new Disk.Entry("y", false)),
            disk.list("d"));
        try (DiskFile file = disk.open("d/x", Disk.Mode.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[3]), 0);
        }
        disk.rename("d/x", "d/e/y");
        disk.rename("d/e/y", "d/y");
        assertEquals(3, read(disk, "d/y").length);
        assertFalse(disk.exists("d/x"));
        disk.forceDirectory("d");
        disk.forceDirectory("");
        disk.delete("d/y");
        disk.delete("d/e");
        assertEquals(List.of(), disk.list("d"));
        assertTrue(disk.exists("d"));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatCannotBeDoneFails(final Disk disk) {
        disk.createDirectory("d");
        disk.open("d/x", Disk.Mode.CREATE).close();
        assertThrows(StorageException.class, () -> disk.open("absent", Disk.Mode.READ));
        assertThrows(StorageException.class, () -> disk.open("absent", Disk.Mode.WRITE));
        assertThrows(StorageException.class, () -> disk.open("d/x", Disk.Mode.CREATE));
        assertThrows(StorageException.class, () -> disk.open("absent/x", Disk.Mode.CREATE));
        assertThrows(StorageException.class, () -> disk.rename("absent", "d/y"));
        assertThrows(StorageException.class, () -> disk.delete("absent"));
        assertThrows(StorageException.class, () -> disk.delete("d"));
        final DiskFile file = disk.open("d/x", Disk.Mode.READ);
        file.close();
        assertThrows(StorageException.class, () -> file.read(ByteBuffer.allocate(1), 0));
        assertNotEquals(0, disk.incarnation());
    }
}
