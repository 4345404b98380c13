package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.NodeKey;
import org.ztp.cluster.Restart;
import org.ztp.cluster.RestartFiles;
import org.ztp.consensus.Group;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.Randomness;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.AtomicFile;
import org.ztp.storage.disk.FileDisk;

/**
 * Lets sub-clusters whose replicas have lost what they had on their nodes go on from their archive: voting begins anew
 * after the last block that the archive has whole, in views above all of before, and every replica begins as one that
 * has done nothing since. To be done only when no process of before can vote any more. What ended in order goes on as it
 * is, beside sub-clusters that begin anew.
 */
public final class Recovery {
    private final ClusterDirectory directory;
    private final Genesis genesis;
    private final Path archive;
    private final Archives archives;
    private final Randomness randomness;
    private final List<Voters> voters = new ArrayList<>();

    /**
     * From where a sub-cluster can go on.
     *
     * @param subCluster which
     * @param root the new root
     * @param timeMillis time of that block, 0 for the genesis
     * @param damaged how many files of the archive are damaged, or lie beyond such a one
     */
    public record Point(int subCluster, Root root, long timeMillis, int damaged) { }

    /**
     * A recovery from an archive.
     *
     * @throws GenesisException if the restarts of before are not what they were
     */
    public Recovery(final ClusterDirectory directory, final Path archive, final Randomness randomness)
            throws IOException, GenesisException {
        this.directory = directory;
        this.archive = archive;
        this.randomness = randomness;
        genesis = directory.readGenesis();
        final RestartFiles restarts = new RestartFiles(directory);
        for (final Voters one : GenesisVoters.of(genesis)) {
            voters.add(restarts.on(one));
        }
        archives = new Archives(Optional.of(archive), voters, new FaultHook());
    }

    /**
     * From where each sub-cluster can go on; changes nothing.
     *
     * @throws StorageException if the archive cannot be read, or holds what replicas have not made final
     */
    public List<Point> points() {
        return ArchiveVerification.run(genesis, voters, archive).stream().map(this::point).toList();
    }

    /** The same of those sub-clusters alone that cannot go on otherwise. */
    public List<Point> lost() {
        return points().stream().filter(point -> isLost(voters.get(point.subCluster()))).toList();
    }

    private Point point(final ArchiveVerification.Result found) {
        final Voters one = voters.get(found.subCluster());
        if (!found.fault().isEmpty()) {
            throw new StorageException(StorageException.Kind.CORRUPT, found.directory() + " holds what the replicas have not"
                + " made final, after height " + found.height() + ": " + found.fault());
        }
        return new Point(found.subCluster(), Root.anew(found.height(), found.block(), one.root().number() + 1),
            found.timeMillis(), archives.open(group(one), one.members().get(0)).above(found.height()).size());
    }

    private static Group group(final Voters one) {
        return new Group(one.chain(), one.subCluster(), one.members()).on(one.root());
    }

    /**
     * Whether a quorum of each sub-cluster ended in order and left what the next service needs: nothing is lost, and to begin
     * anew would void what was handed over.
     *
     * @throws StorageException if that cannot be read
     */
    public boolean isNeedless() {
        return voters.stream().noneMatch(this::isLost);
    }

    private boolean isLost(final Voters one) {
        return one.quorum() > one.members().stream().filter(
            replica -> ReplicaLife.isHandedOver(directory.replica(replica), one.root().number())).count();
    }

    /**
     * Begins anew from there, in the sub-clusters that are given. What the archive has above is set aside. Broken off in between, it is to be done again.
     *
     * @throws KeyFormatException if the keys of the replicas are not here: a quorum of each sub-cluster must sign
     */
    public void begin(final List<Point> points) throws IOException, KeyFormatException {
        for (final Point point : points) {
            final Voters one = voters.get(point.subCluster());
            archives.open(group(one), one.members().get(0)).setAside(point.root().height(), point.root().number());
            FileDisk.createDirectories(directory.restarts());
            AtomicFile.write(new RestartFiles(directory).file(one, point.root().number()), signed(one, point.root()).encode(),
                AtomicFile.WORLD_READABLE);
            for (final int replica : one.members()) {
                ReplicaLife.anew(directory.replica(replica), point.root(), randomness);
            }
        }
    }

    private Restart signed(final Voters one, final Root root) throws IOException, KeyFormatException {
        final byte[] message = Restart.signedBytes(one.chain(), one.subCluster(), root);
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (final int replica : one.members()) {
            try (NodeKey key = directory.readNodeKey(genesis, replica)) {
                votes.add(new Certificate.Signature(replica, key.signingKey().sign(message)));
            }
        }
        return new Restart(one.chain(), one.subCluster(), root, votes);
    }
}
