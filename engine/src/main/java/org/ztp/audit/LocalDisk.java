package org.ztp.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.ReadOnlyDisk;

/**
 * What replicas keep on this node, only for reading: of those whose last life was here. What older lives have left is
 * nobody's, and does not exist.
 */
final class LocalDisk extends ReadOnlyDisk {
    private static final String LIFE = "life";

    private final Set<String> current = new TreeSet<>();

    LocalDisk(final ClusterDirectory shared, final Path local, final Genesis genesis) {
        this(shared, ClusterDirectory.onNode(local, genesis.chain()), genesis);
    }

    private LocalDisk(final ClusterDirectory shared, final ClusterDirectory here, final Genesis genesis) {
        super(FileDisk.existing(here.root()));
        for (final GenesisReplica one : genesis.replicas()) {
            final String last = life(shared.replica(one.id()));
            if (!last.isEmpty() && life(here.replica(one.id())).split(" ")[0].equals(last)) {
                current.add("replicas/" + one.id() + "/");
            }
        }
    }

    /** The life that a directory is of, in words; empty if it does not say. */
    static String life(final Path replica) {
        try {
            return Files.readString(replica.resolve(LIFE)).strip();
        } catch (final IOException none) {
            return "";
        }
    }

    @Override
    public boolean exists(final String name) {
        return current.stream().anyMatch(replica -> (name + "/").startsWith(replica)) && super.exists(name);
    }
}
