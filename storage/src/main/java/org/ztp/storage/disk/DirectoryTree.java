package org.ztp.storage.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory with all that is in it. */
public final class DirectoryTree {
    private DirectoryTree() {
    }

    /**
     * Deletes a directory and all that is in it, or a file; nothing is done where there is nothing. Links are
     * deleted, not followed.
     *
     * @throws org.ztp.storage.StorageException if something cannot be deleted, or somebody writes there meanwhile
     */
    public static void delete(final Path root) {
        if (!FileDisk.isThere(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException failure) {
            throw FileDisk.failed("delete", root, failure);
        } catch (final UncheckedIOException failure) {
            throw FileDisk.failed("delete", root, failure.getCause());
        }
    }
}
