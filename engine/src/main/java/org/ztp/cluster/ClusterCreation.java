package org.ztp.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.wire.Hash;

/**
 * Makes a cluster's directory whole or not at all: in a sibling directory that is renamed when everything is on disk.
 */
public final class ClusterCreation {
    private final Randomness randomness;
    private final long nowMillis;
    private final Preparation preparation;

    /** Puts more into the directory before it appears under its name. */
    @FunctionalInterface
    public interface Preparation {
        /** Adds what belongs to a new cluster; what it writes must be on disk when it returns. */
        void prepare(ClusterDirectory draft, Genesis genesis) throws IOException;
    }

    /** With where keys come from, and the time that the genesis will say; nothing more is prepared. */
    public ClusterCreation(final Randomness randomness, final long nowMillis) {
        this(randomness, nowMillis, (draft, genesis) -> { });
    }

    /** With where keys come from, the time that the genesis will say, and what else belongs into the directory. */
    public ClusterCreation(final Randomness randomness, final long nowMillis, final Preparation preparation) {
        this.randomness = randomness;
        this.nowMillis = nowMillis;
        this.preparation = preparation;
    }

    /**
     * Makes the directory. A crash leaves at most a sibling named {@code .NAME.<random>}, which nothing reads.
     *
     * @param root where; must not exist
     * @param replicas how many, 4 .. 4096
     * @param subClusterSize replicas of a sub-cluster, 4 .. replicas
     * @param limits what all replicas must agree on
     * @param configuration the text of ztp.conf
     * @throws FileAlreadyExistsException if it exists
     * @throws IllegalArgumentException if the numbers are out of their ranges
     */
    public Genesis create(final Path root, final int replicas, final int subClusterSize, final Genesis.Limits limits,
                          final String configuration) throws IOException {
        final int[] subClusters = Genesis.layOut(replicas, subClusterSize);
        final Path target = root.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(root.toString());
        }
        Files.createDirectories(target.getParent());
        final String name = "." + target.getFileName() + "." + HexFormat.of().formatHex(randomness.bytes(8));
        final Path draft = Files.createDirectory(target.resolveSibling(name));
        try {
            final Genesis genesis = fill(new ClusterDirectory(draft), subClusters, limits, configuration);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            sync(target.getParent());
            return genesis;
        } finally {
            deleteAll(draft);
        }
    }

    private Genesis fill(final ClusterDirectory draft, final int[] subClusters, final Genesis.Limits limits,
                         final String configuration) throws IOException {
        final List<GenesisReplica> replicas = new ArrayList<>();
        for (int id = 0; id < subClusters.length; id++) {
            Files.createDirectories(draft.replica(id));
            replicas.add(writeKey(draft, id, subClusters[id]));
            sync(draft.replica(id));
        }
        Files.createDirectory(draft.blobs());
        final Genesis genesis = new Genesis(nowMillis, Hash.of(randomness.bytes(Hash.BYTES)), limits, replicas);
        write(draft.genesisFile(), genesis.format());
        write(draft.configurationFile(), configuration);
        preparation.prepare(draft, genesis);
        sync(draft.root().resolve("replicas"));
        sync(draft.root());
        return genesis;
    }

    private GenesisReplica writeKey(final ClusterDirectory draft, final int id, final int subCluster)
            throws IOException {
        try (SshPrivateKey key = new SshPrivateKey(SigningKey.generate(randomness), "replica-" + id);
             X25519PrivateKey sealing = key.key().toX25519()) {
            SshKeyFiles.write(draft.nodeKey(id), key, new byte[0], randomness);
            return new GenesisReplica(id, subCluster, key.publicKey().key(), sealing.publicKey());
        }
    }

    private static void write(final Path file, final String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        sync(file);
    }

    static void sync(final Path fileOrDirectory) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteAll(final Path draft) throws IOException {
        if (!Files.exists(draft)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(draft)) {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
