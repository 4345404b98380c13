package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {
    @TempDir
    Path directory;

    @Test
    void allInItIsDeletedAndNothingThatALinkPointsTo() throws IOException {
        final Path outside = Files.writeString(directory.resolve("outside"), "kept");
        final Path tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "gone");
        Files.createSymbolicLink(tree.resolve("a/link"), outside);

        DirectoryTree.delete(tree);

        assertFalse(Files.exists(tree));
        assertEquals("kept", Files.readString(outside));
    }

    @Test
    void aLinkThatLeadsNowhereIsDeleted() throws IOException {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));

        DirectoryTree.delete(link);

        assertFalse(Files.isSymbolicLink(link));
    }

    @Test
    void whereNothingIsNothingIsDone() {
        final Path none = directory.resolve("none");

        DirectoryTree.delete(none);

        assertFalse(Files.exists(none));
    }
}
