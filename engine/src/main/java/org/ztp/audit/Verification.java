package org.ztp.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ztp.audit.VerificationReport.Counts;
import org.ztp.cluster.ClaimFiles;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.cluster.RestartFiles;
import org.ztp.cluster.SubCluster;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.Executor;
import org.ztp.privacy.SharingRules;
import org.ztp.storage.disk.DirectoryLock;
import org.ztp.storage.disk.FileDisk;
import org.ztp.team.Team;
import org.ztp.wire.Hash;

/**
 * Verifies a cluster's directory offline, with nothing but what is in it. Nothing is written, and nothing that is in it
 * leads to an exception: what cannot be read or checked is a fault in the report.
 */
public final class Verification {
    private static final int CLIENT_KEYS = 1 << 14;

    private final ClusterDirectory directory;
    private final VerificationOptions options;
    private final Findings findings = new Findings();
    private final DirectoryCheck names;
    private final Tally tally;
    private final List<SubClusterCheck> checks = new ArrayList<>();

    private Verification(final ClusterDirectory directory, final VerificationOptions options, final Progress progress) {
        this.directory = directory;
        this.options = options;
        names = new DirectoryCheck(directory, findings);
        tally = new Tally(progress, totalBytes());
    }

    /**
     * Verifies all of a directory.
     *
     * @param directory the cluster's
     * @param options how
     * @param progress is told how far it has come
     * @throws OutOfMemoryError if the ledger is too large for the memory there is: then nothing is known of it
     */
    public static VerificationReport run(final ClusterDirectory directory, final VerificationOptions options,
                                         final Progress progress) {
        return new Verification(directory, options, progress).run();
    }

    private VerificationReport run() {
        final long start = System.nanoTime();
        final Optional<Long> claim = lastClaim();
        final boolean running = isRunning();
        final Optional<Genesis> genesis = readGenesis();
        if (genesis.isPresent()) {
            try (Team team = new Team(options.threads())) {
                final AuditContext context = new AuditContext(FileDisk.existing(directory.root()), directory,
                    options.local().map(local -> new LocalDisk(directory, local, genesis.get())),
                    options.archive(), running, team, GenesisVoters.clients(new VerifyKeys(CLIENT_KEYS)),
                    new HashIndex(), findings, tally);
                context.guard("", () -> checkNames(genesis.get()));
                genesis.get().replicas().forEach(one -> context.guard(names.relative(directory.nodeKey(one.id())),
                    () -> names.nodeKey(genesis.get(), one.id())));
                context.guard("", () -> checkSubClusters(context, genesis.get()));
                checkBlobs(context);
            }
        }
        final boolean overtaken = !running && (!claim.equals(lastClaim()) || isRunning());
        if (overtaken) {
            findings.note("", "a service was started meanwhile");
        }
        return report(genesis, running, overtaken, (System.nanoTime() - start) / 1e9);
    }

    private boolean isRunning() {
        try {
            if (directory.owned().stream().anyMatch(DirectoryLock::isHeld)) {
                return true;
            }
            final Optional<String> user = options.user().get();
            user.ifPresent(name -> findings.note(names.relative(directory.claims().claims()), name));
            return user.isPresent();
        } catch (final RuntimeException unreadable) {
            findings.fault("", "cannot find out whether a service is running: " + unreadable);
            return false;
        }
    }

    /** The number of the last claim on the directory, which rises with each service; empty if there is none. */
    private Optional<Long> lastClaim() {
        try {
            return directory.claims().last().map(ClaimFiles.Claim::number);
        } catch (final IOException unreadable) {
            findings.fault(names.relative(directory.claims().claims()), "cannot be read: " + unreadable);
            return Optional.empty();
        }
    }

    private Optional<Genesis> readGenesis() {
        try {
            return Optional.of(directory.readGenesis());
        } catch (final IOException | GenesisException | RuntimeException | StackOverflowError wrong) {
            findings.fault(names.relative(directory.genesisFile()), "no genesis, so nothing can be verified: " + wrong);
            return Optional.empty();
        }
    }

    private void checkNames(final Genesis genesis) {
        try {
            names.names(genesis);
        } catch (final IOException unreadable) {
            findings.fault("", "cannot be listed: " + unreadable);
        }
    }

    private void checkSubClusters(final AuditContext context, final Genesis genesis) {
        final List<Voters> voters = voters(genesis);
        for (final SubCluster group : genesis.subClusters()) {
            final SubClusterCheck check = new SubClusterCheck(context, group, voters,
                new Executor(SharingRules.of(genesis, group)));
            checks.add(check);
            check.run();
        }
        checks.forEach(check -> check.checkHeads(checks));
        if (genesis.replicas().stream().noneMatch(one -> Files.isDirectory(directory.replica(one.id())))
            && checks.stream().allMatch(check -> check.chain().height() == 0)) {
            findings.fault("replicas", "no replica is here: there is nothing to verify");
        }
        if (context.running()) {
            findings.note("", "the service is running: verified up to height "
                + checks.stream().mapToLong(check -> check.chain().height()).max().orElse(0));
        }
    }

    /** Who votes, and since when; a restart that is not signed by a quorum counts for nothing, and is a fault. */
    private List<Voters> voters(final Genesis genesis) {
        final RestartFiles restarts = new RestartFiles(directory);
        final List<Voters> voters = new ArrayList<>();
        for (final Voters one : GenesisVoters.of(genesis)) {
            try {
                voters.add(restarts.on(one));
            } catch (final IOException | GenesisException wrong) {
                findings.fault(names.relative(directory.restarts()), String.valueOf(wrong.getMessage()));
                voters.add(one);
            }
        }
        return voters;
    }

    private void checkBlobs(final AuditContext context) {
        final String name = names.relative(directory.blobs());
        tally.begin(name);
        final BlobCheck blobs = new BlobCheck(name, findings, tally);
        context.guard(name, () -> {
            blobs.read(context.directory(name));
            checks.forEach(check -> check.chain().datasets().forEach(blobs::require));
            blobs.tellUnnamed();
        });
    }

    private VerificationReport report(final Optional<Genesis> genesis, final boolean running, final boolean overtaken,
                                      final double seconds) {
        final List<VerificationReport.ReplicaResult> replicas = new ArrayList<>();
        genesis.ifPresent(known -> known.replicas().forEach(one ->
            checks.forEach(check -> check.result(one.id()).ifPresent(replicas::add))));
        final Counts counts = new Counts(checks.stream().mapToLong(check -> check.chain().transactions()).sum(),
            tally.signatures, tally.certificates, tally.bytes(),
            checks.stream().mapToLong(check -> check.chain().datasets().size()).sum(), tally.blobs);
        return new VerificationReport(genesis.map(Genesis::chain).orElse(Hash.ZERO), running, overtaken,
            checks.stream().map(SubClusterCheck::result).toList(), replicas, findings.faults(), findings.faultCount(),
            findings.notes(), findings.noteCount(), counts, seconds);
    }

    /** Bytes of all that will be read; what cannot be looked at now will be told when it is read. */
    private long totalBytes() {
        long total = 0;
        final List<Path> parts = new ArrayList<>(List.of(directory.replica(0).getParent(), directory.blobs()));
        options.archive().ifPresent(parts::add);
        for (final Path part : parts) {
            try (Stream<Path> files = Files.exists(part) ? Files.walk(part) : Stream.empty()) {
                total += files.filter(file -> !file.toString().contains("/state/")).mapToLong(Verification::size).sum();
            } catch (final IOException | UncheckedIOException unreadable) {
                return total; // this is for the progress alone; the reading itself will tell
            }
        }
        return total;
    }

    private static long size(final Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (final IOException gone) {
            return 0;
        }
    }
}
