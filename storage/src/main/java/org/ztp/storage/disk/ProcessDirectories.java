package org.ztp.storage.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ztp.storage.StorageException;

/**
 * Directories of processes for as long as they run, below one where everybody may make files, such as {@code /dev/shm}:
 * {@code <prefix><pid>-<random>}, for nobody but its owner.
 *
 * @param parent the directory that they are in
 * @param prefix what their names begin with, which means nothing in a regular expression
 * @param uid the user that this process runs as
 */
public record ProcessDirectories(Path parent, String prefix, int uid) {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /**
     * Those of this user.
     *
     * @throws IOException if the system does not tell who that is
     */
    public static ProcessDirectories in(final Path parent, final String prefix) throws IOException {
        return new ProcessDirectories(parent, prefix, (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** Makes one for this process, which deletes it. */
    public Path make() throws IOException {
        return Files.createTempDirectory(parent, prefix + ProcessHandle.current().pid() + "-",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    /**
     * Deletes those of processes that were killed and could not. What is not this user's own, and safe from others' hands, is
     * left alone: it may be made to lead elsewhere.
     *
     * @param say told what cannot be deleted
     */
    public void deleteLeftOver(final Consumer<String> say) throws IOException {
        final List<Path> named;
        try (Stream<Path> files = Files.list(parent)) {
            named = files.filter(this::isOfNobody).toList();
        }
        for (final Path left : named) {
            try {
                if (isOwn(left)) {
                    DirectoryTree.delete(left);
                }
            } catch (final IOException | StorageException kept) {
                say.accept("what a process that was killed left cannot be removed: " + kept.getMessage());
            }
        }
    }

    private boolean isOfNobody(final Path file) {
        final Matcher named = Pattern.compile(prefix + "([0-9]{1,18})-.*").matcher(file.getFileName().toString());
        return named.matches() && ProcessHandle.of(Long.parseLong(named.group(1))).isEmpty();
    }

    private boolean isOwn(final Path file) throws IOException {
        return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
            && (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) == uid
            && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY);
    }
}
