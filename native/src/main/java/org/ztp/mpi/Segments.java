package org.ztp.mpi;

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
import org.ztp.storage.disk.DirectoryTree;

/**
 * Where the ranks of one host share memory, and Open MPI keeps its own files: {@code ztp-mpi-<pid>-<random>}, by the pid of
 * who launched them, for nobody but its owner.
 *
 * @param memory the directory in memory, where everybody may make files
 * @param uid the user that this process runs as
 */
record Segments(Path memory, int uid) {
    private static final String PREFIX = "ztp-mpi-";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** Those of this host. */
    static Segments ofHost() throws IOException {
        return new Segments(Path.of("/dev/shm"), (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** Makes the directory for ranks that this process launches. */
    Path make() throws IOException {
        return Files.createTempDirectory(memory, PREFIX + ProcessHandle.current().pid() + "-",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    /**
     * Deletes those whose launcher was killed and could not. What is not this user's own, and safe from others' hands, is
     * left alone: it may be made to lead elsewhere.
     *
     * @param say told what cannot be deleted
     */
    void deleteLeftOver(final Consumer<String> say) throws IOException {
        final List<Path> named;
        try (Stream<Path> files = Files.list(memory)) {
            named = files.filter(Segments::isOfNobody).toList();
        }
        for (final Path left : named) {
            try {
                if (isOwn(left)) {
                    DirectoryTree.delete(left);
                }
            } catch (final IOException | StorageException kept) {
                say.accept("what an earlier launch left in memory cannot be removed: " + kept.getMessage());
            }
        }
    }

    private static boolean isOfNobody(final Path file) {
        final Matcher named = Pattern.compile(PREFIX + "([0-9]{1,18})-.*").matcher(file.getFileName().toString());
        return named.matches() && ProcessHandle.of(Long.parseLong(named.group(1))).isEmpty();
    }

    private boolean isOwn(final Path file) throws IOException {
        return Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
            && (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) == uid
            && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY);
    }
}
