package org.ztp.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.ztp.consensus.Group;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.ThreadHashing;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Voters;
import org.ztp.storage.StorageException;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.FileDisk;
import org.ztp.wire.Hash;

/**
 * The archives of a service's sub-clusters, {@code <archive.dir>/<chain>/<sub-cluster>}, if there are any: what they
 * have is taken in when a replica starts, and what becomes final is copied there.
 */
final class Archives implements AutoCloseable {
    private final Optional<Path> directory;
    private final List<Voters> voters;
    private final FaultHook faults;
    /** Who ran a replica before, and may only seem to be gone, has another. */
    private final String life = HexFormat.of().formatHex(new SystemRandomness().bytes(Long.BYTES));
    private final List<GroupNode> followed = new ArrayList<>();
    private final List<ArchiveDuty> duties = new ArrayList<>();
    private final List<DutyThread> threads = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();

    Archives(final Optional<Path> directory, final List<Voters> voters, final FaultHook faults) {
        this.directory = directory;
        this.voters = voters;
        this.faults = faults;
    }

    /** The archive of a group; there must be one. */
    Archive open(final Group group, final int replica) {
        return open(directory.orElseThrow(), group, replica);
    }

    private Archive open(final Path directory, final Group group, final int replica) {
        final byte[] chain = group.chain().toBytes();
        return new Archive(new FileDisk(directory.resolve(group.chain().toString())
            .resolve(Integer.toString(group.subCluster()))), chain, new Link(chain), "replica-" + replica, life);
    }

    /** Brings a replica's store up to the archive; what fails there is reported, and left for the peers to give. */
    void restore(final ReplicaStore store, final Group group, final int replica, final SignatureCheck signatures) {
        directory.ifPresent(path -> {
            try {
                final Restoration.Outcome outcome = store.restore(new Restoration(open(path, group, replica), group,
                    signatures, new ThreadHashing(group.chain()), voters));
                if (!outcome.fault().isEmpty()) {
                    faults.report(replica, -1, "ARCHIVE_DAMAGED", "restored to height " + outcome.height() + ": "
                        + outcome.fault());
                }
            } catch (final StorageException failure) {
                faults.report(replica, -1, "ARCHIVE_FAILED", failure.toString());
            }
        });
    }

    /**
     * Up to which height the archive of a group has all of a replica's chain; what was known last if it cannot be read,
     * 0 if there is none.
     *
     * @param chain gives the hashes of final blocks, as far as the replica knows them
     */
    long height(final Group group, final int replica, final LongFunction<Optional<Hash>> chain) {
        try {
            return directory.map(path -> open(path, group, replica)
                .forcedHead(chunk -> ArchiveDuty.endsIn(chunk, chain)).own()).orElse(0L);
        } catch (final StorageException failure) {
            faults.report(replica, -1, "ARCHIVE_FAILED", failure.toString());
            return followed.stream().filter(node -> node.group().subCluster() == group.subCluster())
                .mapToLong(GroupNode::archivedHeight).max().orElse(0);
        }
    }

    /** Copies from now on what becomes final in a group. */
    void follow(final GroupNode group) {
        directory.ifPresent(path -> {
            followed.add(group);
            final ArchiveDuty duty = new ArchiveDuty(open(path, group.group(), group.roster().replicas().get(0).id()),
                new ArchiveSource(group), faults, System::nanoTime);
            duties.add(duty);
            threads.add(new DutyThread("ztp-archive-" + group.group().subCluster(), duty, 0,
                cause -> faults.report(-1, -1, "ARCHIVE_STOPPED", cause.toString())).start());
        });
    }

    /** Copies what is left, while the replicas still run. */
    @Override
    public void close() {
        threads.forEach(DutyThread::stop);
        followed.forEach(node -> faults.planned().reach(node.roster().replicas().get(0).id(),
            PlannedFaults.Point.ARCHIVE));
        duties.stream().map(ArchiveDuty::finish).filter(reason -> !reason.isEmpty())
            .forEach(reason -> unfinished.add("the archive could not be brought up to date: " + reason));
    }

    /** What could not be copied at the end, one line for each sub-cluster; by the thread that closed it. */
    List<String> unfinished() {
        return List.copyOf(unfinished);
    }
}
