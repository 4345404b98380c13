package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A directory below one where everybody may make files, such as {@code /dev/shm}, that nobody else can have made or change:
 * who may rename what is in it could put an old safety record in the place of the last one, unnoticed.
 */
final class OwnDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnDirectory() {
    }

    /**
     * Makes it, with those above it, or takes the one that is there.
     *
     * @param directory below the other
     * @param above looked at are all between the two
     * @throws IOException if it cannot be made, or one of them is not this user's, or others may write there
     */
    static void make(final Path directory, final Path above) throws IOException {
        Files.createDirectories(directory, OWNER_ONLY);
        final int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        for (Path one = directory; !one.equals(above); one = one.getParent()) {
            final int owner = (Integer) Files.getAttribute(one, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            final Set<PosixFilePermission> mode = Files.getPosixFilePermissions(one, LinkOption.NOFOLLOW_LINKS);
            if (!Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) || owner != self
                || mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException(one + " is not safe from other users: expected=a directory of user " + self
                    + " where nobody else may write actual=user " + owner + " " + PosixFilePermissions.toString(mode)
                    + "; set local.dir to another directory, or see who made this one");
            }
        }
    }
}
