package org.ztp.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.ledger.ClientSignatures;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.Disk;
import org.ztp.team.Team;

/**
 * What all checks of one verification share.
 *
 * @param disk the cluster's directory
 * @param cluster its paths
 * @param local what the last lives of replicas keep on this node, under the same names
 * @param archive the directory of all archives, if it is to be verified
 * @param running whether a service may be writing to it
 * @param team checks signatures
 * @param clients checks clients' signatures
 * @param known what was found good: roots of batches, names of certificates
 * @param findings takes what is found
 * @param tally counts
 */
record AuditContext(Disk disk, ClusterDirectory cluster, Optional<Disk> local, Optional<Path> archive, boolean running,
                    Team team, ClientSignatures clients, HashIndex known, Findings findings, Tally tally) {
    /** A directory of the cluster's, only for reading. */
    AuditDisk directory(final String name) {
        return AuditDisk.of(local.filter(own -> own.exists(name)).orElse(disk), name, tally);
    }

    /** Where the data of a replica is: of its last incarnation, and what its last life on a node has handed over. */
    List<ReplicaData> dataOf(final int replica) {
        final ReplicaData own = new ReplicaData(replica, ownData(replica), false);
        final ReplicaData left = new ReplicaData(replica, "replicas/" + replica + "/handover", true);
        final String life = LocalDisk.life(cluster.replica(replica));
        if (life.isEmpty() || !life.equals(LocalDisk.life(cluster.root().resolve(left.directory())))) {
            return List.of(own);
        }
        return exists(own.journal()) || exists(own.safetyFile()) ? List.of(own, left) : List.of(left);
    }

    private String ownData(final int replica) {
        final String here = "replicas/" + replica;
        if (local.filter(own -> own.exists(here)).isPresent()) {
            return here;
        }
        return cluster.root().relativize(cluster.incarnations(replica).data()).toString();
    }

    /** Whether a replica has kept its things on a node, by what is in the cluster's directory. */
    boolean hadLifeOnNode(final int replica) {
        return disk.exists("replicas/" + replica + "/life");
    }

    boolean exists(final String name) {
        return disk.exists(name) || local.filter(own -> own.exists(name)).isPresent();
    }

    /**
     * Runs a check; if that cannot go on, this is a fault like any other: what was not read is not verified. That memory
     * runs out says nothing of the ledger, and is not a fault but the end of the verification.
     *
     * @param file what is checked
     * @param check the check
     */
    void guard(final String file, final Runnable check) {
        try {
            check.run();
        } catch (final StorageException unreadable) {
            findings.fault(file, "cannot be read, so it is not verified to its end: " + unreadable.getMessage());
        } catch (final RuntimeException | StackOverflowError unexpected) {
            findings.fault(file, "the check broke off, so it is not verified to its end: " + unexpected);
        }
    }
}
