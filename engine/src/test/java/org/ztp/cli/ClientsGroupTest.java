package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.storage.Durability;
import org.ztp.storage.blob.BlobId;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;

class ClientsGroupTest {
    @TempDir
    private Path root;
    private ClusterDirectory directory;

    @BeforeEach
    void makeOneThatNobodyElseMayUse() throws IOException {
        directory = new ClusterDirectory(root);
        Files.writeString(directory.genesisFile(), "");
        Files.writeString(directory.configurationFile(), "");
        Files.createDirectories(directory.blobs().resolve("ab"));
        Files.createDirectories(directory.replica(0));
        Files.writeString(directory.blobs().resolve("ab/blob"), "of before");
        try (Stream<Path> all = Files.walk(root)) {
            for (final Path path : all.toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(
                    Files.isDirectory(path) ? "rwx------" : "rw-------"));
            }
        }
    }

    /** What is for others is as it was made, and not looked at. */
    private String mode(final Path path) throws IOException {
        return Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 07770);
    }

    private String group() throws IOException {
        return Files.getAttribute(root, "posix:group").toString();
    }

    @Test
    void theGroupGetsWhatItNeedsAndNothingElse() throws IOException {
        new ClientsGroup(directory, group()).admit();
        assertEquals("750", mode(root));
        assertEquals("640", mode(directory.genesisFile()));
        assertEquals("640", mode(directory.configurationFile()));
        assertEquals("3770", mode(directory.blobs()));
        assertEquals("3770", mode(directory.blobs().resolve("ab")));
        assertEquals("3770", mode(directory.blobs().resolve("incoming")));
        assertEquals("3770", mode(directory.blobs().resolve("ff")));
        assertEquals("640", mode(directory.blobs().resolve("ab/blob")), "what was published before is read, too");
        assertEquals("700", mode(directory.replica(0)));
    }

    @Test
    void aBlobOfAnyMemberIsForTheGroupAndItsDirectoriesAreThere() throws IOException {
        new ClientsGroup(directory, group()).admit();
        final BlobStore store = new BlobStore(FileDisk.shared(directory.blobs(), PastCache.NEVER), "member");
        for (int i = 0; i < 20; i++) {
            final BlobId blob = store.put(ByteBuffer.wrap(new byte[] {(byte) i}), Durability.OS);
            final Path file = directory.blobs().resolve(blob.toString().substring(0, 2)).resolve(blob.toString().substring(2));
            assertEquals("640", mode(file));
            assertEquals("3770", mode(file.getParent()));
        }
    }

    /** Reading a directory moves its time of access on (where the file system keeps one), if that was before its change. */
    @Test
    void aDirectoryThatIsSharedIsNotReadAgain() throws IOException {
        final Path shared = directory.blobs().resolve("ab");
        final FileTime longAgo = FileTime.fromMillis(0);
        new ClientsGroup(directory, group()).admit();
        Files.setAttribute(shared, "lastAccessTime", longAgo);
        new ClientsGroup(directory, group()).admit();
        assertEquals(longAgo, Files.getAttribute(shared, "lastAccessTime"));
    }

    @Test
    void withoutAGroupNothingIsChanged() throws IOException {
        new ClientsGroup(directory, "").admit();
        assertEquals("700", mode(root));
        assertEquals("700", mode(directory.blobs()));
        assertFalse(Files.exists(directory.blobs().resolve("incoming")));
    }

    @Test
    void aGroupThatIsNoneIsTold() throws IOException {
        assertEquals("clients.group: this machine knows no group no-such-group", assertThrows(IOException.class,
            () -> new ClientsGroup(directory, "no-such-group").admit()).getMessage());
        assertEquals("700", mode(root));
    }
}
