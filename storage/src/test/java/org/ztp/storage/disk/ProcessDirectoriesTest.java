package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessDirectoriesTest {
    /** No process has a pid above 4,194,304. */
    private static final String OF_NOBODY = "ztp-mpi-999999999-";

    @TempDir
    private Path parent;
    private ProcessDirectories directories;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void make() throws Exception {
        directories = ProcessDirectories.in(parent, "ztp-mpi-");
    }

    private Path left(final String name, final String permissions) throws Exception {
        final Path made = Files.createDirectory(parent.resolve(OF_NOBODY + name));
        Files.createDirectories(made.resolve("d").resolve("e"));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
        return made;
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAndWhatIsInUseIsNot() throws Exception {
        final Path own = left("a", "rwx------");
        final Path used = directories.make();
        directories.deleteLeftOver(said::add);
        assertTrue(Files.notExists(own));
        assertTrue(Files.exists(used));
        assertEquals(List.of(), said);
    }

    @Test
    void whatIsAnothersOrOpenToOthersOrALinkIsLeftAlone() throws Exception {
        final Path open = left("b", "rwxrwxrwx");
        final Path precious = Files.createDirectories(parent.resolve("precious").resolve("file"));
        final Path link = Files.createSymbolicLink(parent.resolve(OF_NOBODY + "c"), precious.getParent());
        directories.deleteLeftOver(said::add);
        assertTrue(Files.exists(open.resolve("d").resolve("e")));
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.exists(precious));

        final Path anothers = left("d", "rwx------");
        new ProcessDirectories(parent, directories.prefix(), directories.uid() + 1).deleteLeftOver(said::add);
        assertTrue(Files.exists(anothers.resolve("d").resolve("e")));
        assertEquals(List.of(), said);
    }
}
