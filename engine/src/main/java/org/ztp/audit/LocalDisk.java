package org.ztp.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;

/**
 * What replicas keep on this node, only for reading: of those whose last life was here. What older lives have left is
 * nobody's, and does not exist.
 */
final class LocalDisk implements Disk {
    private static final String LIFE = "life";

    private final Disk disk;
    private final Set<String> current = new TreeSet<>();

    LocalDisk(final ClusterDirectory shared, final Path local, final Genesis genesis) {
        final ClusterDirectory here = ClusterDirectory.onNode(local, genesis.chain());
        disk = new FileDisk(here.root());
        for (final GenesisReplica one : genesis.replicas()) {
            final String last = life(shared.replica(one.id()));
            if (!last.isEmpty() && life(here.replica(one.id())).split(" ")[0].equals(last)) {
                current.add("replicas/" + one.id() + "/");
            }
        }
    }

    private static String life(final Path replica) {
        try {
            return Files.readString(replica.resolve(LIFE)).strip();
        } catch (final IOException none) {
            return "";
        }
    }

    @Override
    public boolean exists(final String name) {
        return current.stream().anyMatch(replica -> (name + "/").startsWith(replica)) && disk.exists(name);
    }

    @Override
    public DiskFile open(final String name, final Mode mode) {
        if (mode != Mode.READ) {
            throw readOnly();
        }
        return disk.open(name, mode);
    }

    @Override
    public List<Entry> list(final String name) {
        return disk.list(name);
    }

    @Override
    public ByteBuffer newBuffer(final int bytes) {
        return disk.newBuffer(bytes);
    }

    @Override
    public long incarnation() {
        return disk.incarnation();
    }

    @Override
    public void createDirectory(final String name) {
        throw readOnly();
    }

    @Override
    public void rename(final String from, final String to) {
        throw readOnly();
    }

    @Override
    public void delete(final String name) {
        throw readOnly();
    }

    @Override
    public void forceDirectory(final String name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a verification changes nothing");
    }
}
