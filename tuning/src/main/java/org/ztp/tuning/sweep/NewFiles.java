package org.ztp.tuning.sweep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that appear whole under their names or not at all: each is written and synced under a temporary name in its
 * directory, and when all are, they are renamed in their order. A crash between two renames leaves the first ones, so
 * the file that the others explain comes last.
 */
public final class NewFiles {
    private NewFiles() {
    }

    /**
     * Writes them.
     *
     * @param texts what each file holds (UTF-8), in the order in which they appear
     * @param replace whether existing files are replaced
     * @throws FileAlreadyExistsException if one exists and is not to be replaced; then none is written
     * @throws IOException if one cannot be written; what was renamed before that stays
     */
    public static void write(final Map<Path, String> texts, final boolean replace) throws IOException {
        final Map<Path, Path> drafts = new LinkedHashMap<>();
        try {
            for (final Map.Entry<Path, String> text : texts.entrySet()) {
                final Path target = text.getKey().toAbsolutePath();
                if (!replace && Files.exists(target)) {
                    throw new FileAlreadyExistsException(text.getKey().toString());
                }
                final Path draft = target.resolveSibling("." + target.getFileName() + "."
                    + ProcessHandle.current().pid());
                drafts.put(target, draft);
                Files.writeString(draft, text.getValue());
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
            for (final Map.Entry<Path, Path> draft : drafts.entrySet()) {
                Files.move(draft.getValue(), draft.getKey(), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            for (final Path draft : drafts.values()) {
                Files.deleteIfExists(draft);
            }
        }
    }
}
