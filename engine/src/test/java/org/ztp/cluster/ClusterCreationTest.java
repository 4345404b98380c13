package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.config.Configuration;
import org.ztp.config.ConfigurationText;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;

class ClusterCreationTest {
    private final ClusterCreation creation = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L);
    @TempDir
    private Path parent;

    @Test
    void theDirectoryIsWhole() throws Exception {
        final ClusterDirectory directory = new ClusterDirectory(parent.resolve("a/b/cluster"));
        final Genesis genesis = create(directory.root(), 5);
        assertEquals(genesis.chain(), directory.readGenesis().chain());
        assertEquals(Configuration.defaults().viewTimeoutNs(),
            Configuration.read(directory.configurationFile()).viewTimeoutNs());
        assertTrue(Files.isDirectory(directory.blobs()));
        for (int id = 0; id < 5; id++) {
            assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.nodeKey(id))));
            try (NodeKey key = directory.readNodeKey(genesis, id); X25519PrivateKey sealing = key.sealingKey()) {
                assertEquals(genesis.replicas().get(id).signingKey(), key.signingKey().verifyKey());
                assertArrayEquals(genesis.replicas().get(id).sealingKey().bytes(), sealing.publicKey().bytes());
            }
        }
        try (Stream<Path> files = Files.list(directory.root().getParent())) {
            assertEquals(List.of(directory.root()), files.toList());
        }
    }

    @Test
    void anExistingDirectoryIsLeftAlone() throws IOException {
        final Path existing = Files.createDirectory(parent.resolve("cluster"));
        assertThrows(FileAlreadyExistsException.class, () -> create(existing, 4));
        try (Stream<Path> files = Files.list(existing)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void tooFewReplicasAreRefusedBeforeAnythingIsMade() {
        assertThrows(IllegalArgumentException.class, () -> create(parent.resolve("cluster"), 3));
        assertFalse(Files.exists(parent.resolve("cluster")));
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws Exception {
        final ClusterDirectory directory = new ClusterDirectory(parent.resolve("cluster"));
        final Genesis genesis = create(directory.root(), 4);
        Files.setPosixFilePermissions(directory.nodeKey(2), PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(KeyFormatException.class, () -> directory.readNodeKey(genesis, 2));
    }

    @Test
    void theKeyOfAnotherReplicaIsRefused() throws Exception {
        final ClusterDirectory directory = new ClusterDirectory(parent.resolve("cluster"));
        final Genesis genesis = create(directory.root(), 4);
        assertThrows(KeyFormatException.class,
            () -> NodeKey.read(directory.nodeKey(1), genesis.replicas().get(2)));
    }

    private Genesis create(final Path root, final int replicas) throws IOException {
        return creation.create(root, replicas, 4, Genesis.Limits.DEFAULT, ConfigurationText.file(Map.of()));
    }
}
