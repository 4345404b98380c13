package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.storage.StorageException;

/** What a directory of the operating system adds to what both disks promise. */
final class FileDiskTest {
    @TempDir
    private Path directory;

    @Test
    void theNamesOfDirectoriesThatAreMadeAreForced() throws Exception {
        final Path root = directory.resolve("a/b");
        final Path recorded = directory.resolve("recorded.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            new FileDisk(root).createDirectory("c/d");
            recording.stop();
            recording.dump(recorded);
        }
        final Set<Path> forced = RecordingFile.readAllEvents(recorded).stream()
            .map(event -> Path.of(event.getString("path"))).collect(Collectors.toSet());
        assertEquals(Set.of(directory, directory.resolve("a"), root, root.resolve("c")), forced);
    }

    @Test
    void whereAFileStandsNoDirectoryIsMade() throws Exception {
        final Path file = Files.write(directory.resolve("file"), List.of("it"));
        assertThrows(StorageException.class, () -> new FileDisk(file));
        assertThrows(StorageException.class, () -> new FileDisk(file.resolve("below")));
        assertEquals(List.of("it"), Files.readAllLines(file));
    }

    @Test
    void whoOnlyReadsMakesNoDirectory() throws Exception {
        final Path root = directory.resolve("absent/below");
        final FileDisk disk = FileDisk.existing(root);
        assertFalse(disk.exists(""));
        assertEquals(List.of(), disk.list(""));
        assertFalse(Files.exists(root.getParent()));
        new FileDisk(root).createDirectory("c");
        assertEquals(List.of(new Disk.Entry("c", true)), disk.list(""));
    }
}
