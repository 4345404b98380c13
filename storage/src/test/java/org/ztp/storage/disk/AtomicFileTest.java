package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.storage.StorageException;

final class AtomicFileTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsReplacedWholeWithItsPermissions() throws Exception {
        final Path file = directory.resolve("node.key");
        AtomicFile.write(file, new byte[] {1, 2, 3}, AtomicFile.WORLD_READABLE);
        assertEquals(AtomicFile.WORLD_READABLE, Files.getPosixFilePermissions(file));
        AtomicFile.write(file, new byte[] {4}, AtomicFile.OWNER_ONLY);
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
        assertEquals(AtomicFile.OWNER_ONLY, Files.getPosixFilePermissions(file));
        assertOnlyOneFile();
    }

    @Test
    void aFailureLeavesNothingBehind() throws Exception {
        final Path inTheWay = directory.resolve("directory");
        Files.createDirectories(inTheWay.resolve("full"));
        assertThrows(StorageException.class,
            () -> AtomicFile.write(inTheWay, new byte[1], AtomicFile.OWNER_ONLY));
        assertOnlyOneFile();
        assertThrows(StorageException.class,
            () -> AtomicFile.write(directory.resolve("absent/x"), new byte[1], AtomicFile.OWNER_ONLY));
    }

    private void assertOnlyOneFile() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }
}
