package org.ztp.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ztp.cluster.Genesis;
import org.ztp.consensus.Group;
import org.ztp.consensus.ThreadHashing;
import org.ztp.ledger.Block;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Voters;
import org.ztp.storage.Finding;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.ArchiveAudit;
import org.ztp.wire.Hash;

/** Verifies archives: every byte, and that each block follows the one before and a quorum has made it final. */
public final class ArchiveVerification {
    private ArchiveVerification() {
    }

    /**
     * What an archive holds.
     *
     * @param subCluster whose it is
     * @param directory of its files
     * @param height of the last block in a file that is whole, with nothing missing or damaged before it
     * @param block its hash, the chain's name at height 0
     * @param timeMillis its time, 0 at height 0
     * @param fault why the chain does not reach as far as the files that are whole; empty if it does
     * @param findings about its files
     */
    public record Result(int subCluster, Path directory, long height, Hash block, long timeMillis, String fault,
                         List<Finding> findings) { }

    /**
     * Verifies the archives of all sub-clusters; changes nothing.
     *
     * @param voters of each sub-cluster
     * @param archive the directory of all archives
     * @throws org.ztp.storage.StorageException if one cannot be read
     */
    public static List<Result> run(final Genesis genesis, final List<Voters> voters, final Path archive) {
        final Archives archives = new Archives(Optional.of(archive), voters, new FaultHook());
        return voters.stream().map(one -> run(archive.resolve(genesis.chain().toString())
            .resolve(Integer.toString(one.subCluster())), one, archives, voters)).toList();
    }

    private static Result run(final Path directory, final Voters one, final Archives archives, final List<Voters> all) {
        final Group group = new Group(one.chain(), one.subCluster(), one.members()).on(one.root());
        final Archive archive = archives.open(group, one.members().get(0));
        final ArchiveAudit audit = archive.audit();
        final Last last = new Last(one.chain(), audit.height());
        final Restoration.Outcome outcome = new Restoration(archive, group, new ReplicaSignatures(one.signatures()),
            new ThreadHashing(one.chain()), all).run(0, one.chain(), Optional.empty(), last);
        return new Result(one.subCluster(), directory, last.height, last.block, last.timeMillis,
            last.height < audit.height() ? outcome.fault() : "", audit.findings());
    }

    /** The last block of what is restored, up to a height. */
    private static final class Last implements Restoration.Sink {
        private final long limit;
        private Hash block;
        private long height;
        private long timeMillis;

        Last(final Hash chain, final long limit) {
            block = chain;
            this.limit = limit;
        }

        @Override
        public void take(final List<FinalRecords.Raw> records) {
            records.stream().filter(raw -> raw.kind() == LedgerRecord.BLOCK).forEach(raw -> {
                final Block last = raw.block().orElseThrow();
                if (last.height() <= limit) {
                    block = last.hash();
                    height = last.height();
                    timeMillis = last.header().timeMillis();
                }
            });
        }
    }
}
