package org.ztp.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.stream.Stream;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.storage.blob.BlobStore;

/**
 * What members of {@code clients.group} need of a cluster's directory on the disk, whatever umask it was made with.
 *
 * <pre>
 *   DIR, genesis.conf, ztp.conf    the group may read them, and pass through DIR
 *   blobs/ and its directories     3770: the group makes files, which are of this group (setgid), and removes its own
 *                                  ones alone (sticky)
 * </pre>
 *
 * <p>All directories of the blobs are made at once: one that a member made would be the member's, as its umask wants it.
 * What is as it should be is left alone, so this may be done anew, and on several nodes.
 *
 * @param directory the cluster's
 * @param group name of the group; empty for none, for which nothing is done
 */
record ClientsGroup(ClusterDirectory directory, String group) {
    private static final int PERMISSIONS = 07777;
    private static final int READ = 0040;
    private static final int ENTER = 0050;
    private static final int WRITTEN_BY_ALL = 03770;

    /**
     * Lets the group in.
     *
     * @throws IOException if there is no such group, or what is there is another user's
     */
    void admit() throws IOException {
        if (group.isEmpty()) {
            return;
        }
        final GroupPrincipal members = principal();
        share(directory.root(), members, ENTER);
        for (final Path file : List.of(directory.genesisFile(), directory.configurationFile())) {
            if (Files.exists(file)) {
                share(file, members, READ);
            }
        }
        shareBlobs(directory.blobs(), members);
        for (final String name : BlobStore.directories()) {
            shareBlobs(directory.blobs().resolve(name), members);
        }
    }

    private GroupPrincipal principal() throws IOException {
        try {
            return directory.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        } catch (final UserPrincipalNotFoundException none) {
            throw new IOException("clients.group: this machine knows no group " + group, none);
        }
    }

    /** The directory last: it says of the files that were there before that they are shared. */
    private static void shareBlobs(final Path blobs, final GroupPrincipal members) throws IOException {
        Files.createDirectories(blobs);
        if (!isShared(blobs, members, WRITTEN_BY_ALL)) {
            for (final Path file : files(blobs)) {
                share(file, members, READ);
            }
            share(blobs, members, WRITTEN_BY_ALL);
        }
    }

    private static void share(final Path path, final GroupPrincipal members, final int permissions) throws IOException {
        if (!isShared(path, members, permissions)) {
            try {
                Files.setAttribute(path, "posix:group", members);
                Files.setAttribute(path, "unix:mode", mode(path) | permissions);
            } catch (final FileSystemException notAllowed) {
                throw new IOException("clients.group: " + path + " cannot be given to the group " + members + ": "
                    + notAllowed.getReason(), notAllowed);
            }
        }
    }

    private static boolean isShared(final Path path, final GroupPrincipal members, final int permissions)
            throws IOException {
        return Files.getAttribute(path, "posix:group").equals(members) && (mode(path) & permissions) == permissions;
    }

    private static int mode(final Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
    }

    private static List<Path> files(final Path parent) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
