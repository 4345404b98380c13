package org.ztp.cluster;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of which one process alone can be the maker, on whatever nodes those who try are: by link(2), which a shared
 * file system does once, as creating a file exclusively or locking it need not be.
 */
final class OnceFile {
    private OnceFile() {
    }

    /**
     * Makes a file with all that is to be in it, and forces it to disk, but for its name.
     *
     * @param file in a directory that is there
     * @return false if another process has made it
     */
    static boolean make(final Path file, final String text) throws IOException {
        final Path draft = Files.createTempFile(file.getParent(), "draft", "");
        try {
            Files.writeString(draft, text);
            ClusterCreation.sync(draft);
            Files.createLink(file, draft);
            return true;
        } catch (final FileAlreadyExistsException made) {
            return Files.isSameFile(draft, file); // a server asked twice, since its first answer was lost, says so to the maker
        } finally {
            Files.delete(draft);
        }
    }
}
